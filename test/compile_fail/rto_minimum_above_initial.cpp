// SPDX-License-Identifier: BSL-1.0
// The limits of an RTO must be in order.
// expect: minimum <= initial <= maximum
#include <tenon/policy/retransmit_timer/rfc6298.hpp>

#ifndef MUST_FAIL
template class tenon::retransmit_timer::rfc6298<tenon::retransmit_timer::rto_limits{.minimum = tenon::from_ms(200)}>;
#else
template class tenon::retransmit_timer::rfc6298<tenon::retransmit_timer::rto_limits{.minimum = tenon::from_s(2)}>;
#endif
