// SPDX-License-Identifier: BSL-1.0
// RFC 9293, MUST-23: at least three minutes.
// expect: MUST-23: a SYN is retransmitted for at least three minutes
#include <tenon/policy/give_up/limits.hpp>

#ifndef MUST_FAIL
template class tenon::give_up::limits<tenon::give_up::thresholds{.syn = tenon::from_s(180)}>;
#else
template class tenon::give_up::limits<tenon::give_up::thresholds{.syn = tenon::from_s(179)}>;
#endif
