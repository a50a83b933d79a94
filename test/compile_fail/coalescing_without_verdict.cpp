// SPDX-License-Identifier: BSL-1.0
// Who coalesces must say what may go.
// expect: has_a_coalescing_policy.*judges_runts|judges_runts.*has_a_coalescing_policy
#include <tenon/policies.hpp>

struct chosen : tenon::coalescing::nagle {
#ifdef MUST_FAIL
    static bool may_send_runt(tenon::coalescing::facts) noexcept = delete;
#endif
};
struct policies : tenon::default_policies {
    using coalescing = chosen;
};
static_assert(tenon::complete_policies<policies>);
