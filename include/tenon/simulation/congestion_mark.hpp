// SPDX-License-Identifier: BSL-1.0
// What a marking queue does to a packet (RFC 3168, 5): ECT becomes CE, in an IPv4 header together with its checksum
// (RFC 1624, equation 3). O(1).
#pragma once
#include <cstdint>

#include <tenon/core/units.hpp>
#include <tenon/wire/bytes.hpp>

namespace tenon::simulation {

// False: the packet is not ECN-capable, or no IP packet, and stays as it was.
constexpr bool mark_congestion_experienced(octets_out packet) noexcept {
    if (packet.size() < 20) return false;
    auto* const p       = packet.data();
    auto const  version = wire::get8(p) >> 4;
    // IPv4: the low bits of the second octet; IPv6: of the traffic class, which lies across octets 0 and 1.
    auto const shift = version == 6 ? 4 : 0;
    auto const ecn   = wire::get8(p + 1) >> shift & 3;
    if ((version != 4 && version != 6) || ecn == 0) return false;
    auto const before = wire::get16(p);
    p[1] |= static_cast<std::byte>(3 << shift);
    if (version == 4) {
        std::uint32_t sum = (~wire::get16(p + 10) & 0xffffu) + (~before & 0xffffu) + wire::get16(p);
        sum = (sum & 0xffff) + (sum >> 16);
        sum = (sum & 0xffff) + (sum >> 16);
        wire::put16(p + 10, static_cast<std::uint16_t>(~sum));
    }
    return true;
}

}  // namespace tenon::simulation
