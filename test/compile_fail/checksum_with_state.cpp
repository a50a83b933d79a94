// SPDX-License-Identifier: BSL-1.0
// A checksum policy is a tag: it has no state.
// expect: has_a_checksum_policy.*is_a_tag|is_a_tag.*has_a_checksum_policy
#include <tenon/policies.hpp>

struct chosen : tenon::checksum::internet {
#ifdef MUST_FAIL
    int state{};
#endif
};
struct policies : tenon::default_policies {
    using checksum = chosen;
};
static_assert(tenon::complete_policies<policies>);
