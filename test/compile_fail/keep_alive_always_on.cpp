// SPDX-License-Identifier: BSL-1.0
// RFC 9293, MUST-24: a user can turn keep-alives off.
// expect: has_a_keep_alive_policy.*can_be_turned_off|can_be_turned_off.*has_a_keep_alive_policy
#include <tenon/policies.hpp>

struct chosen : tenon::keep_alive::rfc9293<> {
#ifdef MUST_FAIL
    void enable(bool) noexcept = delete;
#endif
};
struct policies : tenon::default_policies {
    using keep_alive = chosen;
};
static_assert(tenon::complete_policies<policies>);
