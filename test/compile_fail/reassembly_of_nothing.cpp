// SPDX-License-Identifier: BSL-1.0
// Keeping nothing is a policy of its own.
// expect: a list of nothing is in_order_only
#include <tenon/policy/reassembly/interval_list.hpp>

#ifndef MUST_FAIL
template class tenon::reassembly::interval_list<1>;
#else
template class tenon::reassembly::interval_list<0>;
#endif
