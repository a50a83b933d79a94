// SPDX-License-Identifier: BSL-1.0
// No segment per ACK is no growth.
// expect: slow start that never grows
#include <tenon/policy/slow_start/standard.hpp>

#ifndef MUST_FAIL
template class tenon::slow_start::standard<1>;
#else
template class tenon::slow_start::standard<0>;
#endif
