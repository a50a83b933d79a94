// SPDX-License-Identifier: BSL-1.0
// The smallest network: one version of IP.
#pragma once
#include <tenon/policy/network/concept.hpp>

namespace tenon::archetype {

struct network {
    using address = ipv4_address;
    static constexpr bool v4 = true;
    static constexpr bool v6 = false;
    static bool is_v4(address) noexcept { return true; }
    static bytes header(address) noexcept { return 20; }
    static bytes default_mss(address) noexcept { return 536; }
    friend bool operator==(network const&, network const&) = default;
};
static_assert(tenon::network::policy<network>);

}  // namespace tenon::archetype
