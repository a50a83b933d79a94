// SPDX-License-Identifier: BSL-1.0
// RFC 9293, MUST-29: no single probe may decide.
// expect: MUST-29: no specific probe may decide
#include <tenon/policy/keep_alive/rfc9293.hpp>

#ifndef MUST_FAIL
template class tenon::keep_alive::rfc9293<tenon::keep_alive::parameters{.probes = 2}>;
#else
template class tenon::keep_alive::rfc9293<tenon::keep_alive::parameters{.probes = 1}>;
#endif
