// SPDX-License-Identifier: BSL-1.0
// What IP carries, whichever version: the facts TCP needs of an IP header, and why a packet was refused.
#pragma once
#include <cstdint>

#include <tenon/core/units.hpp>

namespace tenon::wire {

template <class Address>
struct datagram {
    Address      source{};
    Address      destination{};
    octets_in    payload{};        // of the upper layer; trailing octets of the link are cut off
    std::uint8_t protocol{};       // 6 is TCP, 1 ICMP, 58 ICMPv6; any other is not ours
    std::uint8_t ttl{};            // or hop limit
    std::uint8_t traffic_class{};  // DSCP in the upper six bits, ECN in the lower two (RFC 3168, 5)
};

// RFC 3168, 5: the ECN field of a traffic class.
constexpr std::uint8_t ecn_mask = 3;

enum class ip_error : std::uint8_t {
    none,
    too_short,            // no room for the fixed header
    bad_version,
    bad_header_length,    // IPv4: less than five words; IPv6: an extension header beyond the end
    bad_total_length,     // more than arrived, or less than the header; also jumbograms
    bad_checksum,         // IPv4
    fragment,             // reassembly of IP packets is not done here
    unknown_option,       // IPv6: an option that says: discard if unknown (RFC 8200, 4.2)
    route_not_finished,   // IPv6: a routing header with segments left
    misplaced_extension,  // IPv6: hop-by-hop options elsewhere than first (RFC 8200, 4.1)
    too_many_extensions,  // IPv6: more than eight extension headers
};

}  // namespace tenon::wire
