// SPDX-License-Identifier: BSL-1.0
// A counter in steps of 2^32 / golden ratio, put through a mixing function of two multiplications: four octets, period 2^32, no
// 64-bit arithmetic. For firmware. The mixing constants are those of Wellons' "lowbias32".
#pragma once
#include <cstdint>

#include <tenon/policy/random/concept.hpp>

namespace tenon::random {

class splitmix32 {
public:
    constexpr void seed(std::uint64_t s) noexcept { state_ = static_cast<std::uint32_t>(s ^ s >> 32); }

    constexpr std::uint32_t next() noexcept {
        std::uint32_t z = state_ += 0x9e37'79b9u;
        z = (z ^ z >> 16) * 0x7feb'352du;
        z = (z ^ z >> 15) * 0x846c'a68bu;
        return z ^ z >> 16;
    }

    friend constexpr bool operator==(splitmix32, splitmix32) noexcept = default;

private:
    std::uint32_t state_{};
};

static_assert(policy<splitmix32>);

}  // namespace tenon::random
