// SPDX-License-Identifier: BSL-1.0
// References are walked one by one, at most 64.
// expect: references are walked one by one
#include <tenon/policy/buffer/by_reference.hpp>

#ifndef MUST_FAIL
template class tenon::buffer::by_reference<64>;
#else
template class tenon::buffer::by_reference<65>;
#endif
