// SPDX-License-Identifier: BSL-1.0
// Whatever has been written is sent at once, however small.
#pragma once
#include <tenon/policy/coalescing/concept.hpp>

namespace tenon::coalescing {

struct none {
    static constexpr bool coalesces = false;
    static constexpr bool may_send_runt(facts) noexcept { return true; }
    friend constexpr bool operator==(none, none) noexcept = default;
};

static_assert(policy<none>);

}  // namespace tenon::coalescing
