// SPDX-License-Identifier: BSL-1.0
// When the timer fires, something must be lost.
// expect: has_a_recovery_policy.*judges_timeouts|judges_timeouts.*has_a_recovery_policy
#include <tenon/policies.hpp>
#include <tenon/policy/recovery/timeout_only.hpp>

struct chosen : tenon::recovery::timeout_only {
#ifdef MUST_FAIL
    template <class Board>
    static void on_timeout(Board&) noexcept = delete;
#endif
};
struct policies : tenon::default_policies {
    using recovery = chosen;
};
static_assert(tenon::complete_policies<policies>);
