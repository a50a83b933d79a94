// SPDX-License-Identifier: BSL-1.0
// Options are what a composition offers.
// expect: has_an_options_policy.*says_what_it_offers|says_what_it_offers.*has_an_options_policy
#include <tenon/policies.hpp>

struct chosen : tenon::options::standard {
#ifdef MUST_FAIL
    static void offered() noexcept = delete;
#endif
};
struct policies : tenon::default_policies {
    using options = chosen;
};
static_assert(tenon::complete_policies<policies>);
