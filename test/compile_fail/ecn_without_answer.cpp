// SPDX-License-Identifier: BSL-1.0
// An ECN policy says whether it marks.
// expect: has_an_ecn_policy.*says_whether_it_marks|says_whether_it_marks.*has_an_ecn_policy
#include <tenon/policies.hpp>

struct chosen : tenon::ecn::off {
#ifdef MUST_FAIL
    static constexpr struct shrug {} marks{};
#endif
};
struct policies : tenon::default_policies {
    using ecn = chosen;
};
static_assert(tenon::complete_policies<policies>);
