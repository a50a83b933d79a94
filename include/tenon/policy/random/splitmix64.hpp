// SPDX-License-Identifier: BSL-1.0
// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014): eight octets, period 2^64.
// Gives the upper half of each number.
#pragma once
#include <cstdint>

#include <tenon/policy/random/concept.hpp>

namespace tenon::random {

class splitmix64 {
public:
    constexpr void seed(std::uint64_t s) noexcept { state_ = s; }

    constexpr std::uint64_t next_64() noexcept {
        std::uint64_t z = state_ += 0x9e37'79b9'7f4a'7c15u;
        z = (z ^ z >> 30) * 0xbf58'476d'1ce4'e5b9u;
        z = (z ^ z >> 27) * 0x94d0'49bb'1331'11ebu;
        return z ^ z >> 31;
    }
    constexpr std::uint32_t next() noexcept { return static_cast<std::uint32_t>(next_64() >> 32); }

    friend constexpr bool operator==(splitmix64, splitmix64) noexcept = default;

private:
    std::uint64_t state_{};
};

static_assert(policy<splitmix64>);

}  // namespace tenon::random
