// SPDX-License-Identifier: BSL-1.0
// The smallest ECN policy that marks.
#pragma once
#include <tenon/policy/ecn/concept.hpp>

namespace tenon::archetype {

struct ecn {
    static constexpr bool marks = true;
};
static_assert(tenon::ecn::policy<ecn>);

}  // namespace tenon::archetype
