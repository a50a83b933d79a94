// SPDX-License-Identifier: BSL-1.0
// A connection begins somewhere.
// expect: has_an_initial_sequence_policy.*chooses_a_start|chooses_a_start.*has_an_initial_sequence_policy
#include <tenon/policies.hpp>

struct chosen : tenon::initial_sequence::rfc6528 {
#ifdef MUST_FAIL
    static tenon::initial_sequence::start initial(tenon::initial_sequence::facts const&) noexcept = delete;
#endif
};
struct policies : tenon::default_policies {
    using initial_sequence = chosen;
};
static_assert(tenon::complete_policies<policies>);
