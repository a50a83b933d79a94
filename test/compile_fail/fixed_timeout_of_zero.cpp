// SPDX-License-Identifier: BSL-1.0
// A timer that never waits never stops.
// expect: a timeout of zero retransmits for ever
#include <tenon/policy/retransmit_timer/fixed.hpp>

#ifndef MUST_FAIL
template class tenon::retransmit_timer::fixed<tenon::retransmit_timer::fixed_parameters{.timeout = tenon::from_ms(1)}>;
#else
template class tenon::retransmit_timer::fixed<tenon::retransmit_timer::fixed_parameters{.timeout = {}}>;
#endif
