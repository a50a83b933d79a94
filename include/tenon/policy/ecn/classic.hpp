// SPDX-License-Identifier: BSL-1.0
// RFC 3168, 6.1, with its errata: offered in SYNs, accepted from peers; new data goes out as ECT(0); a mark counts as one lost
// segment for each window of data. Four octets of state.
#pragma once
#include <tenon/policy/ecn/concept.hpp>

namespace tenon::ecn {

struct classic { static constexpr bool marks = true; };

static_assert(policy<classic>);

}  // namespace tenon::ecn
