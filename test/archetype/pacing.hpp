// SPDX-License-Identifier: BSL-1.0
// The smallest pacing: none.
#pragma once
#include <tenon/policy/pacing/concept.hpp>

namespace tenon::archetype {

struct pacing {
    static constexpr bool paces = false;
    friend bool operator==(pacing const&, pacing const&) = default;
};
static_assert(tenon::pacing::policy<pacing>);

}  // namespace tenon::archetype
