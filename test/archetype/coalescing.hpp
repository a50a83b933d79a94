// SPDX-License-Identifier: BSL-1.0
// The smallest coalescing that coalesces: runts wait for an empty network.
#pragma once
#include <tenon/policy/coalescing/concept.hpp>

namespace tenon::archetype {

struct coalescing {
    static constexpr bool coalesces = true;
    static bool may_send_runt(tenon::coalescing::facts f) noexcept { return f.outstanding == 0; }
    friend bool operator==(coalescing const&, coalescing const&) = default;
};
static_assert(tenon::coalescing::policy<coalescing>);

}  // namespace tenon::archetype
