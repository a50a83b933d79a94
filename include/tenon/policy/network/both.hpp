// SPDX-License-Identifier: BSL-1.0
// IPv4 and IPv6 side by side. An address of IPv4 is held as ::ffff:a.b.c.d, and such an address always means IPv4.
#pragma once
#include <tenon/policy/network/concept.hpp>

namespace tenon::network {

struct both {
    using address = ipv6_address;
    static constexpr bool v4 = true;
    static constexpr bool v6 = true;

    static constexpr bool is_v4(address const& a) noexcept { return is_mapped(a); }
    static constexpr bytes header(address const& a) noexcept { return is_v4(a) ? ipv4_header : ipv6_header; }
    static constexpr bytes default_mss(address const& a) noexcept { return is_v4(a) ? ipv4_default_mss : ipv6_default_mss; }

    friend constexpr bool operator==(both, both) noexcept = default;
};

static_assert(policy<both>);

}  // namespace tenon::network
