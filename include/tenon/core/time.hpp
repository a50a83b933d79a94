// SPDX-License-Identifier: BSL-1.0
// Time: instants and durations of 64 bits in nanoseconds, and the 32-bit ticks in which they are stored.
// The library reads no clock; every call that needs the time takes an instant (docs/decisions/0001).
#pragma once
#include <compare>
#include <cstdint>

namespace tenon {

struct duration {
    std::int64_t nanoseconds{};

    constexpr duration& operator+=(duration d) noexcept { nanoseconds += d.nanoseconds; return *this; }
    constexpr duration& operator-=(duration d) noexcept { nanoseconds -= d.nanoseconds; return *this; }

    friend constexpr duration operator+(duration a, duration b) noexcept { return {a.nanoseconds + b.nanoseconds}; }
    friend constexpr duration operator-(duration a, duration b) noexcept { return {a.nanoseconds - b.nanoseconds}; }
    friend constexpr duration operator-(duration a) noexcept { return {-a.nanoseconds}; }
    friend constexpr duration operator*(duration a, std::int64_t n) noexcept { return {a.nanoseconds * n}; }
    friend constexpr duration operator*(std::int64_t n, duration a) noexcept { return {a.nanoseconds * n}; }
    friend constexpr duration operator>>(duration a, unsigned n) noexcept { return {a.nanoseconds >> n}; }
    friend constexpr duration operator<<(duration a, unsigned n) noexcept { return {a.nanoseconds << n}; }

    friend constexpr auto operator<=>(duration, duration) noexcept = default;
};

struct instant {
    std::int64_t nanoseconds{};  // since an epoch of the caller's choice

    constexpr instant& operator+=(duration d) noexcept { nanoseconds += d.nanoseconds; return *this; }
    constexpr instant& operator-=(duration d) noexcept { nanoseconds -= d.nanoseconds; return *this; }

    friend constexpr instant operator+(instant a, duration d) noexcept { return {a.nanoseconds + d.nanoseconds}; }
    friend constexpr instant operator-(instant a, duration d) noexcept { return {a.nanoseconds - d.nanoseconds}; }
    friend constexpr duration operator-(instant a, instant b) noexcept { return {a.nanoseconds - b.nanoseconds}; }

    friend constexpr auto operator<=>(instant, instant) noexcept = default;
};

constexpr duration from_us(std::int64_t n) noexcept { return {n * 1'000}; }
constexpr duration from_ms(std::int64_t n) noexcept { return {n * 1'000'000}; }
constexpr duration from_s(std::int64_t n) noexcept { return {n * 1'000'000'000}; }

inline namespace literals {
constexpr duration operator""_ns(unsigned long long n) { return {static_cast<std::int64_t>(n)}; }
constexpr duration operator""_us(unsigned long long n) { return from_us(static_cast<std::int64_t>(n)); }
constexpr duration operator""_ms(unsigned long long n) { return from_ms(static_cast<std::int64_t>(n)); }
constexpr duration operator""_s(unsigned long long n) { return from_s(static_cast<std::int64_t>(n)); }
constexpr duration operator""_min(unsigned long long n) { return from_s(static_cast<std::int64_t>(n) * 60); }
constexpr duration operator""_h(unsigned long long n) { return from_s(static_cast<std::int64_t>(n) * 3600); }
}  // namespace literals

// An instant stored in 32 bits, in units of 2^Shift ns, modulo 2^32. Ages and waits below half the wrap are exact to
// one unit: Shift 10 is 1.024 us and reaches 36 minutes, 16 is 65.5 us and reaches 39 hours, 20 is 1.05 ms and 26 days.
template <unsigned Shift>
struct tick {
    static_assert(Shift < 32, "a tick of more than four seconds measures nothing a TCP needs");
    std::uint32_t count{};

    static constexpr tick floor(instant t) noexcept { return {static_cast<std::uint32_t>(t.nanoseconds >> Shift)}; }
    // Rounded up: a timer never fires early.
    static constexpr tick ceil(instant t) noexcept {
        return {static_cast<std::uint32_t>((t.nanoseconds + ((std::int64_t{1} << Shift) - 1)) >> Shift)};
    }
    static constexpr duration span(std::uint32_t ticks) noexcept { return {static_cast<std::int64_t>(ticks) << Shift}; }
    // How many whole units cover d; for constants.
    static constexpr std::uint32_t covering(duration d) noexcept {
        return static_cast<std::uint32_t>((d.nanoseconds + ((std::int64_t{1} << Shift) - 1)) >> Shift);
    }

    // The instant this tick stands for, the one nearest to `near`.
    constexpr instant at(instant near) const noexcept {
        auto const here = near.nanoseconds >> Shift;
        auto const away = static_cast<std::int32_t>(count - static_cast<std::uint32_t>(here));
        return {(here + away) << Shift};
    }

    friend constexpr tick operator+(tick a, std::uint32_t n) noexcept { return {a.count + n}; }
    friend constexpr std::uint32_t operator-(tick a, tick b) noexcept { return a.count - b.count; }
    friend constexpr bool operator==(tick, tick) noexcept = default;
    friend constexpr bool operator<(tick a, tick b) noexcept { return static_cast<std::int32_t>(a.count - b.count) < 0; }
    friend constexpr bool operator>(tick a, tick b) noexcept { return b < a; }
    friend constexpr bool operator<=(tick a, tick b) noexcept { return !(b < a); }
    friend constexpr bool operator>=(tick a, tick b) noexcept { return !(a < b); }
};

}  // namespace tenon
