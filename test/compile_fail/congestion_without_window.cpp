// SPDX-License-Identifier: BSL-1.0
// A congestion policy that names no window controls nothing.
// expect: has_a_congestion_policy.*reports_window|reports_window.*has_a_congestion_policy
#include <tenon/policies.hpp>
#include <tenon/policy/congestion/fixed_window.hpp>

struct chosen : tenon::congestion::fixed_window<> {
#ifdef MUST_FAIL
    tenon::bytes window() const noexcept = delete;
#endif
};
struct policies : tenon::default_policies {
    using congestion = chosen;
};
static_assert(tenon::complete_policies<policies>);
