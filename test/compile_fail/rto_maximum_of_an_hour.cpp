// SPDX-License-Identifier: BSL-1.0
// An RTO is kept in 32 bits of 1.024 us.
// expect: a longer RTO does not fit 32 bits
#include <tenon/policy/retransmit_timer/rfc6298.hpp>

#ifndef MUST_FAIL
template class tenon::retransmit_timer::rfc6298<tenon::retransmit_timer::rto_limits{.maximum = tenon::from_s(120)}>;
#else
template class tenon::retransmit_timer::rfc6298<tenon::retransmit_timer::rto_limits{.maximum = tenon::from_s(3600)}>;
#endif
