// SPDX-License-Identifier: BSL-1.0
// ICMP errors are heard with the checks of RFC 5927: only about data in flight (4.1), hard errors abort nothing that is
// synchronized (5.2), and "packet too big" cannot push the MSS below what every path carries (7.2).
#pragma once
#include <tenon/policy/icmp/concept.hpp>

namespace tenon::icmp {

struct rfc5927 { static constexpr bool hears = true; };

static_assert(policy<rfc5927>);

}  // namespace tenon::icmp
