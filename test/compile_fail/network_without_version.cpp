// SPDX-License-Identifier: BSL-1.0
// A network is IPv4, IPv6 or both.
// expect: has_a_network.*names_its_versions|names_its_versions.*has_a_network
#include <tenon/policies.hpp>
#include <tenon/policy/network/ipv4.hpp>

struct chosen : tenon::network::ipv4 {
#ifdef MUST_FAIL
    static constexpr bool v4 = false;
#endif
};
struct policies : tenon::default_policies {
    using network = chosen;
};
static_assert(tenon::complete_policies<policies>);
