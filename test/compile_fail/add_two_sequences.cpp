// SPDX-License-Identifier: BSL-1.0
// Two points on the circle of sequence numbers have a distance, and no sum.
// expect: tenon::sequence.*tenon::sequence
#include <tenon/core/sequence.hpp>

constexpr tenon::sequence a{1}, b{2};
#ifndef MUST_FAIL
constexpr auto distance = b - a;
#else
constexpr auto sum = b + a;
#endif
