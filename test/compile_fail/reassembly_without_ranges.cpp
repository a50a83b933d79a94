// SPDX-License-Identifier: BSL-1.0
// Reassembly that cannot keep a range is none.
// expect: has_a_reassembly_policy.*keeps_ranges|keeps_ranges.*has_a_reassembly_policy
#include <tenon/policies.hpp>
#include <tenon/policy/reassembly/in_order_only.hpp>

struct chosen : tenon::reassembly::in_order_only {
#ifdef MUST_FAIL
    bool accept(tenon::sequence, tenon::sequence, tenon::sequence) noexcept = delete;
#endif
};
struct policies : tenon::default_policies {
    using reassembly = chosen;
};
static_assert(tenon::complete_policies<policies>);
