// SPDX-License-Identifier: BSL-1.0
// The smallest ICMP policy that hears.
#pragma once
#include <tenon/policy/icmp/concept.hpp>

namespace tenon::archetype {

struct icmp {
    static constexpr bool hears = true;
};
static_assert(tenon::icmp::policy<icmp>);

}  // namespace tenon::archetype
