// SPDX-License-Identifier: BSL-1.0
// No ECN: neither offered nor accepted (RFC 3168, 6.1.1), nothing sent as ECT; no code.
#pragma once
#include <tenon/policy/ecn/concept.hpp>

namespace tenon::ecn {

struct off { static constexpr bool marks = false; };

static_assert(policy<off>);

}  // namespace tenon::ecn
