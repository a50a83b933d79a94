// SPDX-License-Identifier: BSL-1.0
// The smallest slow start: an octet for each ACK.
#pragma once
#include <tenon/policy/slow_start/concept.hpp>

namespace tenon::archetype {

struct slow_start {
    bytes growth(tenon::slow_start::facts const&) noexcept { return 1; }
    friend bool operator==(slow_start const&, slow_start const&) = default;
};
static_assert(tenon::slow_start::policy<slow_start>);

}  // namespace tenon::archetype
