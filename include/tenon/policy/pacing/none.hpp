// SPDX-License-Identifier: BSL-1.0
// Segments leave as soon as the windows allow.
#pragma once
#include <tenon/policy/pacing/concept.hpp>

namespace tenon::pacing {

struct none {
    static constexpr bool paces = false;
    friend constexpr bool operator==(none, none) noexcept = default;
};

static_assert(policy<none>);

}  // namespace tenon::pacing
