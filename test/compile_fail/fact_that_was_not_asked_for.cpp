// SPDX-License-Identifier: BSL-1.0
// What `needs` does not name is not there to be read.
// expect: smoothed_rtt
#include <tenon/policy/congestion/concept.hpp>

using namespace tenon::congestion;
#ifndef MUST_FAIL
constexpr auto needs = need::slow_start | need::rtt;
#else
constexpr auto needs = need::slow_start;
#endif
constexpr tenon::duration seen(ack_event<needs> const& e) { return e.smoothed_rtt; }
