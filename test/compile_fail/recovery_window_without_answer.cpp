// SPDX-License-Identifier: BSL-1.0
// A recovery window must answer how much may be in the network.
// expect: has_a_recovery_window_policy.*answers_window|answers_window.*has_a_recovery_window_policy
#include <tenon/policies.hpp>

struct chosen : tenon::recovery_window::newreno {
#ifdef MUST_FAIL
    static tenon::bytes window(tenon::bytes) noexcept = delete;
#endif
};
struct policies : tenon::default_policies {
    using recovery_window = chosen;
};
static_assert(tenon::complete_policies<policies>);
