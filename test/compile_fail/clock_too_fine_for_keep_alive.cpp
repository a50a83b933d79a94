// SPDX-License-Identifier: BSL-1.0
// Ticks of 2.05 us reach 73 minutes, keep-alives wait two hours.
// expect: too short for the longest timer
#include <tenon/policies.hpp>

struct policies : tenon::default_policies {
#ifndef MUST_FAIL
    using clock = tenon::clock::manual<12>;
#else
    using clock = tenon::clock::manual<11>;
#endif
};
static_assert(tenon::complete_policies<policies>);
