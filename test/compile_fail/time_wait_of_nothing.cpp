// SPDX-License-Identifier: BSL-1.0
// No TIME-WAIT is a policy of its own, and breaks MUST-13.
// expect: none is the policy without TIME-WAIT
#include <tenon/policy/time_wait/rfc9293.hpp>

#ifndef MUST_FAIL
template class tenon::time_wait::rfc9293<tenon::time_wait::parameters{.msl = tenon::from_s(1)}>;
#else
template class tenon::time_wait::rfc9293<tenon::time_wait::parameters{.msl = {}}>;
#endif
