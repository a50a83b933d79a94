// SPDX-License-Identifier: BSL-1.0
// ICMP errors are ignored. An unreachable peer is found by timeouts; segments must be small enough for every path
// (RFC 9293, 3.7.2), which 536 octets over IPv4 and 1220 over IPv6 are.
#pragma once
#include <tenon/policy/icmp/concept.hpp>

namespace tenon::icmp {

struct none { static constexpr bool hears = false; };

static_assert(policy<none>);

}  // namespace tenon::icmp
