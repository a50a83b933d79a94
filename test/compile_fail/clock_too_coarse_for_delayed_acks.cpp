// SPDX-License-Identifier: BSL-1.0
// A delay of 200 ms rounded up to ticks of 0.54 seconds is more than the half second of MUST-40.
// expect: the tick of the clock included
#include <tenon/policies.hpp>

struct policies : tenon::default_policies {
#ifndef MUST_FAIL
    using clock = tenon::clock::manual<28>;
#else
    using clock = tenon::clock::manual<29>;
#endif
};
static_assert(tenon::complete_policies<policies>);
