// SPDX-License-Identifier: BSL-1.0
// Counts nothing.
#pragma once
#include <tenon/policy/observer/concept.hpp>

namespace tenon::observer {

struct none {
    static constexpr bool observes = false;
    friend constexpr bool operator==(none, none) noexcept = default;
};

static_assert(policy<none>);

}  // namespace tenon::observer
