// SPDX-License-Identifier: BSL-1.0
// Who delays must say for how long.
// expect: has_an_acknowledgement_policy.*bounds_its_delay|bounds_its_delay.*has_an_acknowledgement_policy
#include <tenon/policies.hpp>
#include <tenon/policy/acknowledgement/immediate.hpp>

struct chosen : tenon::acknowledgement::immediate {
#ifdef MUST_FAIL
    static constexpr bool delays = true;
#endif
};
struct policies : tenon::default_policies {
    using acknowledgement = chosen;
};
static_assert(tenon::complete_policies<policies>);
