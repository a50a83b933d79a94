// SPDX-License-Identifier: BSL-1.0
// Two instants have a duration between them, and no sum.
// expect: tenon::instant.*tenon::instant
#include <tenon/core/time.hpp>

constexpr tenon::instant a{1}, b{2};
#ifndef MUST_FAIL
constexpr auto wait = b - a;
#else
constexpr auto sum = b + a;
#endif
