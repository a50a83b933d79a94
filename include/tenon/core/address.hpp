// SPDX-License-Identifier: BSL-1.0
// Addresses of IPv4 (a number in host order) and IPv6 (sixteen octets in network order), as plain values.
#pragma once
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>

namespace tenon {

struct ipv4_address {
    std::uint32_t value{};  // host order: 192.0.2.1 is 0xc0000201

    friend constexpr auto operator<=>(ipv4_address, ipv4_address) noexcept = default;
};

struct ipv6_address {
    std::array<std::uint8_t, 16> octets{};

    // By a loop: the standard's comparison of arrays is larger on small processors and not constexpr everywhere.
    friend constexpr bool operator==(ipv6_address const& a, ipv6_address const& b) noexcept {
        std::uint8_t different = 0;
        for (std::size_t i = 0; i < 16; ++i) different = static_cast<std::uint8_t>(different | (a.octets[i] ^ b.octets[i]));
        return different == 0;
    }
    friend constexpr std::strong_ordering operator<=>(ipv6_address const& a, ipv6_address const& b) noexcept {
        for (std::size_t i = 0; i < 16; ++i)
            if (a.octets[i] != b.octets[i]) return a.octets[i] <=> b.octets[i];
        return std::strong_ordering::equal;
    }
};

// a.b.c.d
constexpr ipv4_address ipv4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) noexcept {
    return {std::uint32_t{a} << 24 | std::uint32_t{b} << 16 | std::uint32_t{c} << 8 | d};
}

// a:b:c:d:e:f:g:h, each sixteen bits.
constexpr ipv6_address ipv6(std::array<std::uint16_t, 8> const& groups) noexcept {
    ipv6_address result;
    for (std::size_t i = 0; i < 8; ++i) {
        result.octets[2 * i]     = static_cast<std::uint8_t>(groups[i] >> 8);
        result.octets[2 * i + 1] = static_cast<std::uint8_t>(groups[i] & 0xff);
    }
    return result;
}
constexpr ipv6_address ipv6(std::uint16_t a, std::uint16_t b, std::uint16_t c, std::uint16_t d,
                            std::uint16_t e, std::uint16_t f, std::uint16_t g, std::uint16_t h) noexcept {
    return ipv6(std::array<std::uint16_t, 8>{a, b, c, d, e, f, g, h});
}

constexpr bool is_unspecified(ipv4_address a) noexcept { return a.value == 0; }
// RFC 1122, 3.2.1.3 (g): 127/8 never appears outside a host.
constexpr bool is_loopback(ipv4_address a) noexcept { return a.value >> 24 == 127; }
// RFC 1122, 3.2.1.3: class D, 224/4.
constexpr bool is_multicast(ipv4_address a) noexcept { return a.value >> 28 == 14; }
// 255.255.255.255. Directed broadcasts cannot be told without the netmask of the link.
constexpr bool is_limited_broadcast(ipv4_address a) noexcept { return a.value == 0xffff'ffff; }

constexpr bool is_unspecified(ipv6_address const& a) noexcept { return a == ipv6_address{}; }
constexpr bool is_loopback(ipv6_address const& a) noexcept { return a == ipv6(0, 0, 0, 0, 0, 0, 0, 1); }
constexpr bool is_multicast(ipv6_address const& a) noexcept { return a.octets[0] == 0xff; }
constexpr bool is_limited_broadcast(ipv6_address const&) noexcept { return false; }  // IPv6 has none

// RFC 9293, 3.9.2.3: neither end of a connection may be any of these.
constexpr bool can_be_an_end(ipv4_address a) noexcept {
    return a.value - 1 < 0xffff'fffe && !is_multicast(a);  // neither 0.0.0.0 nor 255.255.255.255
}

// ::ffff:a.b.c.d, an IPv4 address within the IPv6 space.
constexpr ipv6_address to_mapped(ipv4_address a) noexcept {
    return ipv6(0, 0, 0, 0, 0, 0xffff, static_cast<std::uint16_t>(a.value >> 16), static_cast<std::uint16_t>(a.value & 0xffff));
}
// The IPv4 address in the last four octets; what it means for an address that is not mapped is the caller's business.
constexpr ipv4_address from_mapped(ipv6_address const& a) noexcept {
    return ipv4(a.octets[12], a.octets[13], a.octets[14], a.octets[15]);
}
constexpr bool is_mapped(ipv6_address const& a) noexcept { return a == to_mapped(from_mapped(a)); }

// A mapped address is judged as what it stands for: ::ffff:224.0.0.1 is multicast.
constexpr bool can_be_an_end(ipv6_address const& a) noexcept {
    if (is_mapped(a)) return can_be_an_end(from_mapped(a));
    return !is_unspecified(a) && !is_multicast(a);
}

}  // namespace tenon
