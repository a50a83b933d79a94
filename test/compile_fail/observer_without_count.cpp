// SPDX-License-Identifier: BSL-1.0
// Who observes must count.
// expect: has_an_observer.*counts|counts.*has_an_observer
#include <tenon/policies.hpp>

struct chosen : tenon::observer::none {
#ifdef MUST_FAIL
    static constexpr bool observes = true;
#endif
};
struct policies : tenon::default_policies {
    using observer = chosen;
};
static_assert(tenon::complete_policies<policies>);
