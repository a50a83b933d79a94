// SPDX-License-Identifier: BSL-1.0
// Who waits must say how long.
// expect: has_a_time_wait_policy.*says_how_long_to_linger|says_how_long_to_linger.*has_a_time_wait_policy
#include <tenon/policies.hpp>

struct chosen : tenon::time_wait::rfc9293<> {
#ifdef MUST_FAIL
    static tenon::duration linger() noexcept = delete;
#endif
};
struct policies : tenon::default_policies {
    using time_wait = chosen;
};
static_assert(tenon::complete_policies<policies>);
