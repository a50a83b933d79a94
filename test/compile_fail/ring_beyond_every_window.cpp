// SPDX-License-Identifier: BSL-1.0
// RFC 7323, 2.3: no window is larger than 2^30.
// expect: no TCP window exceeds 2.30 octets
#include <tenon/policy/buffer/ring.hpp>

#ifndef MUST_FAIL
template class tenon::buffer::ring<(1u << 30)>;
#else
template class tenon::buffer::ring<(1u << 30) + 1>;
#endif
