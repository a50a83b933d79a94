// SPDX-License-Identifier: BSL-1.0
// The smallest source of numbers.
#pragma once
#include <tenon/policy/random/concept.hpp>

namespace tenon::archetype {

struct random {
    void seed(std::uint64_t) noexcept {}
    std::uint32_t next() noexcept { return 4; }
    friend bool operator==(random const&, random const&) = default;
};
static_assert(tenon::random::policy<random>);

}  // namespace tenon::archetype
