// SPDX-License-Identifier: BSL-1.0
// Never: R2 is "infinity" (RFC 9293, 3.8.3 (d)), and only the user ends a connection that gets no answer.
#pragma once
#include <tenon/policy/give_up/concept.hpp>

namespace tenon::give_up {

struct none {
    static constexpr bool gives_up = false;
    static constexpr verdict after_timeout(facts const&) noexcept { return verdict::carry_on; }
    friend constexpr bool operator==(none, none) noexcept = default;
};

static_assert(policy<none>);

}  // namespace tenon::give_up
