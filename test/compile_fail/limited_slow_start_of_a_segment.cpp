// SPDX-License-Identifier: BSL-1.0
// RFC 3742: half of max_ssthresh is what a round trip may add.
// expect: half of max_ssthresh must be a segment
#include <tenon/policy/slow_start/limited.hpp>

#ifndef MUST_FAIL
template class tenon::slow_start::limited<2>;
#else
template class tenon::slow_start::limited<1>;
#endif
