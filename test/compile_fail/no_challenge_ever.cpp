// SPDX-License-Identifier: BSL-1.0
// A peer that lost its state is found by a challenge ACK.
// expect: a peer that lost its state
#include <tenon/policy/blind_attack_checks/rfc5961.hpp>

#ifndef MUST_FAIL
template class tenon::blind_attack_checks::rfc5961<tenon::blind_attack_checks::challenge_limit{.count = 1}>;
#else
template class tenon::blind_attack_checks::rfc5961<tenon::blind_attack_checks::challenge_limit{.count = 0}>;
#endif
