// SPDX-License-Identifier: BSL-1.0
// Always the same: for tests and models, which put it next to the wrap of 2^32. An attacker guesses it at once.
#pragma once
#include <cstdint>

#include <tenon/policy/initial_sequence/concept.hpp>

namespace tenon::initial_sequence {

template <std::uint32_t Number, std::uint32_t TimestampOffset = 0>
struct fixed {
    static constexpr bool needs_secret = false;

    static constexpr start initial(facts const& f) noexcept {
        sequence const number{Number};
        return {f.floor && number <= *f.floor ? *f.floor + 1 : number, TimestampOffset};
    }
    friend constexpr bool operator==(fixed, fixed) noexcept = default;
};

static_assert(policy<fixed<0>>);

}  // namespace tenon::initial_sequence
