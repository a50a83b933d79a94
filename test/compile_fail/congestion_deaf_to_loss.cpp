// SPDX-License-Identifier: BSL-1.0
// A congestion policy must react to congestion.
// expect: has_a_congestion_policy.*reacts_to_congestion|reacts_to_congestion.*has_a_congestion_policy
#include <tenon/policies.hpp>
#include <tenon/policy/congestion/fixed_window.hpp>

struct chosen : tenon::congestion::fixed_window<> {
#ifdef MUST_FAIL
    void on_congestion(tenon::congestion::context const&, tenon::congestion::cause) noexcept = delete;
#endif
};
struct policies : tenon::default_policies {
    using congestion = chosen;
};
static_assert(tenon::complete_policies<policies>);
