// SPDX-License-Identifier: BSL-1.0
// A window of zero segments sends nothing, ever.
// expect: a window of no segment never sends
#include <tenon/policy/congestion/fixed_window.hpp>

#ifndef MUST_FAIL
template class tenon::congestion::fixed_window<1>;
#else
template class tenon::congestion::fixed_window<0>;
#endif
