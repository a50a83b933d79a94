// SPDX-License-Identifier: BSL-1.0
// A slow start that does not say by how much it grows is none.
// expect: has_a_slow_start_policy.*answers_growth|answers_growth.*has_a_slow_start_policy
#include <tenon/policies.hpp>

struct chosen : tenon::slow_start::standard<> {
#ifdef MUST_FAIL
    static tenon::bytes growth(tenon::slow_start::facts const&) noexcept = delete;
#endif
};
struct policies : tenon::default_policies {
    using slow_start = chosen;
};
static_assert(tenon::complete_policies<policies>);
