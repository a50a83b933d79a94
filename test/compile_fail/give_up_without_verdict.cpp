// SPDX-License-Identifier: BSL-1.0
// Who gives up must say when.
// expect: has_a_give_up_policy.*judges_timeouts|judges_timeouts.*has_a_give_up_policy
#include <tenon/policies.hpp>

struct chosen : tenon::give_up::limits<> {
#ifdef MUST_FAIL
    static tenon::give_up::verdict after_timeout(tenon::give_up::facts const&) noexcept = delete;
#endif
};
struct policies : tenon::default_policies {
    using give_up = chosen;
};
static_assert(tenon::complete_policies<policies>);
