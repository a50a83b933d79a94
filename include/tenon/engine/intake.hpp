// SPDX-License-Identifier: BSL-1.0
// Intake: from what a transport delivers to a verified segment, or the reason why there is none. O(packet) for the
// checksum, O(1) without. What is refused here was not addressed to any connection in particular and is answered by nobody.
#pragma once
#include <tenon/core/contract.hpp>
#include <tenon/engine/datagram.hpp>
#include <tenon/policy/checksum/concept.hpp>
#include <tenon/policy/observer/concept.hpp>
#include <tenon/transport/concept.hpp>
#include <tenon/wire/parse.hpp>

namespace tenon::engine {

template <class Network>
struct received {
    wire::datagram<typename Network::address> ip{};
    wire::segment tcp{};
    std::uint16_t segments{1};  // how many a transport has merged into this one
};

enum class taken : std::uint8_t { segment, icmp, ip_header, checksum, tcp_header, address, other };

constexpr observer::what as_count(taken t) noexcept {
    switch (t) {
        case taken::ip_header: return observer::what::dropped_ip_header;
        case taken::checksum: return observer::what::dropped_checksum;
        case taken::tcp_header: return observer::what::dropped_tcp_header;
        case taken::address: return observer::what::dropped_address;
        default: return observer::what::dropped_other;
    }
}

template <class Network, class Checksum, transport::capabilities Most>
TENON_PER_SEGMENT inline taken take_in(transport::arrival const& a, received<Network>& out) noexcept {
    using datagrams = datagram_of<Network>;
    if (datagrams::read(a.octets, out.ip) != wire::ip_error::none) return taken::ip_header;
    if (out.ip.protocol != wire::tcp_protocol) {
        bool const icmp = out.ip.protocol == (Network::is_v4(out.ip.source) ? std::uint8_t{1} : std::uint8_t{58});
        return icmp ? taken::icmp : taken::other;
    }
    // RFC 9293, 3.9.2.3, MUST-57 and MUST-63: nothing that is not unicast can be an end of a connection.
    if (!can_be_an_end(out.ip.source) || !can_be_an_end(out.ip.destination)) return taken::address;
    constexpr bool may_be_checked = Checksum::asks_transport && Most.check == transport::checksums::transport;
    if (!(may_be_checked && a.verified)) {
        auto const length = static_cast<bytes>(out.ip.payload.size());
        // RFC 9293, MUST-3.
        if (!wire::is_intact(wire::sum(out.ip.payload, datagrams::pseudo_header(out.ip.source, out.ip.destination, length)))) return taken::checksum;
    }
    if (wire::parse(out.ip.payload, out.tcp) != wire::parse_error::none) return taken::tcp_header;
    if constexpr (Most.segments > 1)
        out.segments = a.cut != 0 ? static_cast<std::uint16_t>((out.tcp.payload.size() + a.cut - 1) / a.cut) : std::uint16_t{1};
    return taken::segment;
}

}  // namespace tenon::engine
