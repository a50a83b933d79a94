// SPDX-License-Identifier: BSL-1.0
// The engine relies on noexcept, so the requirement says so.
// expect: has_an_acknowledgement_policy.*decides|decides.*has_an_acknowledgement_policy
#include <tenon/policies.hpp>
#include <tenon/policy/acknowledgement/immediate.hpp>

struct chosen : tenon::acknowledgement::immediate {
#ifdef MUST_FAIL
    static tenon::acknowledgement::when on_segment(tenon::acknowledgement::facts const&);
#endif
};
struct policies : tenon::default_policies {
    using acknowledgement = chosen;
};
static_assert(tenon::complete_policies<policies>);
