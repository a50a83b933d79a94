// SPDX-License-Identifier: BSL-1.0
// No TIME-WAIT. It breaks RFC 9293, MUST-13: for models, tests, and links on which no segment can arrive late.
#pragma once
#include <tenon/policy/time_wait/concept.hpp>

namespace tenon::time_wait {

struct none {
    static constexpr bool waits             = false;
    static constexpr bool limits_fin_wait_2 = false;
    friend constexpr bool operator==(none, none) noexcept = default;
};

static_assert(policy<none>);

}  // namespace tenon::time_wait
