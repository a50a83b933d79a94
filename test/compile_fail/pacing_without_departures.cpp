// SPDX-License-Identifier: BSL-1.0
// Who paces must say when a segment leaves.
// expect: has_a_pacing_policy.*schedules_departures|schedules_departures.*has_a_pacing_policy
#include <tenon/policies.hpp>

struct chosen : tenon::pacing::none {
#ifdef MUST_FAIL
    static constexpr bool paces = true;
#endif
};
struct policies : tenon::default_policies {
    using pacing = chosen;
};
static_assert(tenon::complete_policies<policies>);
