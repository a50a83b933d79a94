// SPDX-License-Identifier: BSL-1.0
// RFC 5961, 7: challenge ACKs are limited.
// expect: has_blind_attack_checks.*limits_challenges|limits_challenges.*has_blind_attack_checks
#include <tenon/policies.hpp>

struct chosen : tenon::blind_attack_checks::rfc5961<> {
#ifdef MUST_FAIL
    bool may_challenge(tenon::instant) noexcept = delete;
#endif
};
struct policies : tenon::default_policies {
    using blind_attack_checks = chosen;
};
static_assert(tenon::complete_policies<policies>);
