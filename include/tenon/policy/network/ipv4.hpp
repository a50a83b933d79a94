// SPDX-License-Identifier: BSL-1.0
// IPv4 only.
#pragma once
#include <tenon/policy/network/concept.hpp>

namespace tenon::network {

struct ipv4 {
    using address = ipv4_address;
    static constexpr bool v4 = true;
    static constexpr bool v6 = false;

    static constexpr bool is_v4(address) noexcept { return true; }
    static constexpr bytes header(address) noexcept { return ipv4_header; }
    static constexpr bytes default_mss(address) noexcept { return ipv4_default_mss; }

    friend constexpr bool operator==(ipv4, ipv4) noexcept = default;
};

static_assert(policy<ipv4>);

}  // namespace tenon::network
