// SPDX-License-Identifier: BSL-1.0
// A burst of none would neither take nor send.
// expect: gets nowhere
#include <tenon/policies.hpp>

struct policies : tenon::default_policies {
#ifndef MUST_FAIL
    static constexpr unsigned burst = 1;
#else
    static constexpr unsigned burst = 0;
#endif
};
static_assert(tenon::complete_policies<policies>);
