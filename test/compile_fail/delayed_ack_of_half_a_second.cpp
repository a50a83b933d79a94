// SPDX-License-Identifier: BSL-1.0
// RFC 9293, MUST-40: "the delay MUST be less than 0.5 seconds".
// expect: MUST-40: the delay is below 0.5 seconds
#include <tenon/policy/acknowledgement/delayed.hpp>

#ifndef MUST_FAIL
template class tenon::acknowledgement::delayed<tenon::acknowledgement::delayed_parameters{.delay = tenon::from_ms(499)}>;
#else
template class tenon::acknowledgement::delayed<tenon::acknowledgement::delayed_parameters{.delay = tenon::from_ms(500)}>;
#endif
