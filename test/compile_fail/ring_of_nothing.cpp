// SPDX-License-Identifier: BSL-1.0
// A ring without octets holds none.
// expect: a ring holds at least one octet
#include <tenon/policy/buffer/ring.hpp>

#ifndef MUST_FAIL
template class tenon::buffer::ring<1>;
#else
template class tenon::buffer::ring<0>;
#endif
