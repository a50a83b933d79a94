// SPDX-License-Identifier: BSL-1.0
// A clock must say at which reading to wake up.
// expect: has_a_clock.*narrows_deadlines|narrows_deadlines.*has_a_clock
#include <tenon/policies.hpp>

struct chosen : tenon::clock::manual<> {
#ifdef MUST_FAIL
    static reading narrow(tenon::instant, tenon::instant, reading) noexcept = delete;
#endif
};
struct policies : tenon::default_policies {
    using clock = chosen;
};
static_assert(tenon::complete_policies<policies>);
