// SPDX-License-Identifier: BSL-1.0
// An ICMP policy says whether it hears.
// expect: has_an_icmp_policy.*says_whether_it_hears|says_whether_it_hears.*has_an_icmp_policy
#include <tenon/policies.hpp>

struct chosen : tenon::icmp::rfc5927 {
#ifdef MUST_FAIL
    static constexpr struct shrug {} hears{};
#endif
};
struct policies : tenon::default_policies {
    using icmp = chosen;
};
static_assert(tenon::complete_policies<policies>);
