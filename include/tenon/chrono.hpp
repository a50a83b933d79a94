// SPDX-License-Identifier: BSL-1.0
// std::chrono's face of time: conversions both ways, and std::chrono::steady_clock as a clock policy. Opt-in; nothing includes it.
#pragma once
#include <chrono>

#include <tenon/core/time.hpp>
#include <tenon/policy/clock/concept.hpp>

namespace tenon {

// Rounded towards zero, as std::chrono::duration_cast does.
template <class Rep, class Period>
constexpr duration from_chrono(std::chrono::duration<Rep, Period> d) noexcept {
    return {std::chrono::duration_cast<std::chrono::duration<std::int64_t, std::nano>>(d).count()};
}
constexpr std::chrono::nanoseconds to_chrono(duration d) noexcept { return std::chrono::nanoseconds{d.nanoseconds}; }

constexpr instant from_chrono(std::chrono::steady_clock::time_point t) noexcept {
    return {from_chrono(t.time_since_epoch()).nanoseconds};
}

// Rounded up to what the clock can show: sleeping until it is never too short.
constexpr std::chrono::steady_clock::time_point to_chrono(instant t) noexcept {
    return std::chrono::steady_clock::time_point{
        std::chrono::ceil<std::chrono::steady_clock::duration>(std::chrono::nanoseconds{t.nanoseconds})};
}

namespace clock {

struct steady {
    using reading = std::chrono::steady_clock::time_point;
    static constexpr unsigned deadline_shift = 16;
    static constexpr unsigned stamp_shift    = 10;

    static reading read() noexcept { return std::chrono::steady_clock::now(); }
    static instant now() noexcept { return widen(read()); }
    static constexpr instant widen(reading r) noexcept { return from_chrono(r); }
    static constexpr reading narrow(instant deadline, instant, reading) noexcept { return to_chrono(deadline); }

    friend constexpr bool operator==(steady, steady) noexcept = default;
};

static_assert(policy<steady>);

}  // namespace clock

}  // namespace tenon
