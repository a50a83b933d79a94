// SPDX-License-Identifier: BSL-1.0
// IPv6 only.
#pragma once
#include <tenon/policy/network/concept.hpp>

namespace tenon::network {

struct ipv6 {
    using address = ipv6_address;
    static constexpr bool v4 = false;
    static constexpr bool v6 = true;

    static constexpr bool is_v4(address const&) noexcept { return false; }
    static constexpr bytes header(address const&) noexcept { return ipv6_header; }
    static constexpr bytes default_mss(address const&) noexcept { return ipv6_default_mss; }

    friend constexpr bool operator==(ipv6, ipv6) noexcept = default;
};

static_assert(policy<ipv6>);

}  // namespace tenon::network
