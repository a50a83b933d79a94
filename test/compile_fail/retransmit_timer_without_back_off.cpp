// SPDX-License-Identifier: BSL-1.0
// RFC 6298, 5.5: a retransmit timer backs off.
// expect: has_a_retransmit_timer_policy.*backs_off|backs_off.*has_a_retransmit_timer_policy
#include <tenon/policies.hpp>

struct chosen : tenon::retransmit_timer::rfc6298<> {
#ifdef MUST_FAIL
    void on_timeout() noexcept = delete;
#endif
};
struct policies : tenon::default_policies {
    using retransmit_timer = chosen;
};
static_assert(tenon::complete_policies<policies>);
