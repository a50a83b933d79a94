// SPDX-License-Identifier: BSL-1.0
// Random numbers that are the same with every compiler: xoshiro256** (Blackman, Vigna 2018), started by splitmix64.
// Integers only. Every purpose takes its own named stream of one seed, so that a decision added to one purpose leaves
// the others as they were. Not for secrets.
#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

#include <tenon/core/time.hpp>

namespace tenon::simulation {

// A probability in parts per billion; more than one is one.
struct ratio {
    std::uint32_t billionths{};
    friend constexpr auto operator<=>(ratio, ratio) noexcept = default;
};
constexpr ratio per_billion(std::uint32_t n) noexcept { return {n}; }
constexpr ratio per_million(std::uint32_t n) noexcept { return {n * 1'000}; }
constexpr ratio per_mille(std::uint32_t n) noexcept { return {n * 1'000'000}; }
constexpr ratio percent(std::uint32_t n) noexcept { return {n * 10'000'000}; }

constexpr std::uint64_t splitmix64(std::uint64_t& state) noexcept {
    auto z = state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

class random {
public:
    explicit constexpr random(std::uint64_t seed, std::string_view stream = {}) noexcept {
        for (char c : stream) seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001b3;
        for (auto& word : state_) word = splitmix64(seed);
    }

    constexpr std::uint64_t next() noexcept {
        auto const result  = std::rotl(state_[1] * 5, 7) * 9;
        auto const shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }

    // Evenly one of [0, n); n > 0. The first 2^64 modulo n numbers are drawn again, so that the rest divide evenly.
    constexpr std::uint64_t below(std::uint64_t n) noexcept {
        auto const first_kept = (0 - n) % n;  // 2^64 modulo n
        auto       drawn      = next();
        while (drawn < first_kept) drawn = next();
        return drawn % n;
    }

    constexpr duration between(duration least, duration most) noexcept {
        return {least.nanoseconds + static_cast<std::int64_t>(below(static_cast<std::uint64_t>((most - least).nanoseconds) + 1))};
    }

    // True with probability p, compared as a fraction of 2^64; certain outcomes draw nothing.
    constexpr bool chance(ratio p) noexcept {
        if (p.billionths == 0) return false;
        if (p.billionths >= 1'000'000'000) return true;
        // 2^64 = 18,446,744,073 x 10^9 + 709,551,616
        std::uint64_t const n = p.billionths;
        return next() < n * 18'446'744'073 + n * 709'551'616 / 1'000'000'000;
    }

    friend constexpr bool operator==(random const&, random const&) noexcept = default;

private:
    std::array<std::uint64_t, 4> state_{};
};

}  // namespace tenon::simulation
