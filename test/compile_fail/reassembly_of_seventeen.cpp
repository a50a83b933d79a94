// SPDX-License-Identifier: BSL-1.0
// What a peer can lengthen is searched linearly only up to sixteen.
// expect: the list is searched linearly
#include <tenon/policy/reassembly/interval_list.hpp>

#ifndef MUST_FAIL
template class tenon::reassembly::interval_list<16>;
#else
template class tenon::reassembly::interval_list<17>;
#endif
