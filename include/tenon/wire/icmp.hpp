// SPDX-License-Identifier: BSL-1.0
// ICMP errors about our own segments (RFC 792, RFC 4443), as far as TCP acts on them (RFC 9293, 3.9.2.2; RFC 5927).
// Anybody can forge them: the reader only says what stands there; the connection checks that `seq` is outstanding.
#pragma once
#include <cstddef>
#include <cstdint>

#include <tenon/core/address.hpp>
#include <tenon/core/sequence.hpp>
#include <tenon/core/units.hpp>
#include <tenon/wire/bytes.hpp>
#include <tenon/wire/checksum.hpp>
#include <tenon/wire/ipv4.hpp>
#include <tenon/wire/ipv6.hpp>
#include <tenon/wire/segment.hpp>

namespace tenon::wire {

inline constexpr std::uint8_t icmpv4_protocol = 1;
inline constexpr std::uint8_t icmpv6_protocol = 58;

enum class icmp_kind : std::uint8_t {
    none,
    unreachable_soft,   // network, host, source route, prohibited, and every code without a verdict of its own
    unreachable_hard,   // protocol or port
    too_big,            // see `mtu`
    time_exceeded,
    parameter_problem,
};

template <class Address>
struct icmp_error {
    icmp_kind     kind{};
    std::uint8_t  type{};
    std::uint8_t  code{};
    // The quoted segment: one that we sent, so `source` is here and `destination` is the peer.
    Address       source{};
    Address       destination{};
    std::uint16_t source_port{};
    std::uint16_t destination_port{};
    sequence      seq{};
    std::uint32_t mtu{};            // too_big: of the next hop; 0 from routers older than RFC 1191
    std::uint32_t quoted_length{};  // of the whole IP packet that was quoted
};

enum class icmp_result : std::uint8_t {
    error,         // `out` holds it
    too_short,
    bad_checksum,
    not_an_error,  // echo, redirect, neighbour discovery, source quench (RFC 6633, 5): nothing for TCP
    not_tcp,       // quotes another protocol, or a fragment without the TCP header
    bad_quote,     // the quoted header is damaged, or fewer than eight octets of TCP follow it
};

// RFC 792 puts the first 64 bits behind the IP header into the quote: both ports and the sequence number.
inline constexpr bytes icmp_header_length = 8;
inline constexpr bytes least_quoted_tcp   = 8;

// What an ICMPv4 message means to TCP; false: nothing.
constexpr bool classify_icmpv4(std::uint8_t type, std::uint8_t code, icmp_kind& kind) noexcept {
    switch (type) {
        case 3:
            // RFC 9293, 3.9.2.2: codes 2 to 4 are hard; 4 asks for smaller packets (RFC 1191, 4).
            kind = code == 4               ? icmp_kind::too_big
                 : code == 2 || code == 3  ? icmp_kind::unreachable_hard
                                           : icmp_kind::unreachable_soft;
            return true;
        case 11: kind = icmp_kind::time_exceeded; return true;
        case 12: kind = icmp_kind::parameter_problem; return true;
        default: return false;
    }
}

constexpr bool classify_icmpv6(std::uint8_t type, std::uint8_t code, icmp_kind& kind) noexcept {
    switch (type) {
        // RFC 4443, 3.1: code 4 is the closed port, and the transport must be told.
        case 1: kind = code == 4 ? icmp_kind::unreachable_hard : icmp_kind::unreachable_soft; return true;
        case 2: kind = icmp_kind::too_big; return true;
        case 3: kind = icmp_kind::time_exceeded; return true;
        case 4: kind = icmp_kind::parameter_problem; return true;
        default: return false;
    }
}

template <class Address>
constexpr icmp_result read_quoted_tcp(std::uint8_t protocol, octets_in tcp, icmp_error<Address>& out) noexcept {
    if (protocol != tcp_protocol) return icmp_result::not_tcp;
    if (tcp.size() < least_quoted_tcp) return icmp_result::bad_quote;
    out.source_port      = get16(tcp.data());
    out.destination_port = get16(tcp.data() + 2);
    out.seq              = {get32(tcp.data() + 4)};
    return icmp_result::error;
}

// `message` is the payload of a datagram of protocol 1. `out` may be half filled if the answer is not error.
inline icmp_result read_icmpv4(octets_in message, icmp_error<ipv4_address>& out) noexcept {
    if (message.size() < icmp_header_length) return icmp_result::too_short;
    auto const* const p = message.data();
    out.type = get8(p);
    out.code = get8(p + 1);
    if (!classify_icmpv4(out.type, out.code, out.kind)) return icmp_result::not_an_error;
    if (!is_intact(sum(message))) return icmp_result::bad_checksum;

    // Of the quoted header neither length nor checksum can be verified: the packet is cut, and was changed on its way.
    octets_in const quote = message.subspan(icmp_header_length);
    if (quote.size() < ipv4_header_length) return icmp_result::bad_quote;
    auto const* const q = quote.data();
    std::size_t const header = (get8(q) & 15u) * std::size_t{4};
    if (get8(q) >> 4 != 4 || header < ipv4_header_length || header > quote.size()) return icmp_result::bad_quote;
    if ((get16(q + 6) & 0x1fff) != 0) return icmp_result::not_tcp;
    out.mtu           = out.kind == icmp_kind::too_big ? get16(p + 6) : 0u;
    out.quoted_length = get16(q + 2);
    out.source        = {get32(q + 12)};
    out.destination   = {get32(q + 16)};
    return read_quoted_tcp(get8(q + 9), quote.subspan(header), out);
}

// `packet` is a datagram of protocol 58: its addresses are part of the checksum (RFC 4443, 2.3).
inline icmp_result read_icmpv6(datagram<ipv6_address> const& packet, icmp_error<ipv6_address>& out) noexcept {
    octets_in const message = packet.payload;
    if (message.size() < icmp_header_length) return icmp_result::too_short;
    auto const* const p = message.data();
    out.type = get8(p);
    out.code = get8(p + 1);
    if (!classify_icmpv6(out.type, out.code, out.kind)) return icmp_result::not_an_error;
    auto const pseudo = pseudo_header(packet.source, packet.destination, static_cast<bytes>(message.size()), icmpv6_protocol);
    if (!is_intact(sum(message, pseudo))) return icmp_result::bad_checksum;

    octets_in rest = message.subspan(icmp_header_length);
    if (rest.size() < ipv6_header_length) return icmp_result::bad_quote;
    auto const* const q = rest.data();
    if (get8(q) >> 4 != 6) return icmp_result::bad_quote;
    out.mtu           = out.kind == icmp_kind::too_big ? get32(p + 4) : 0u;
    out.quoted_length = ipv6_header_length + get16(q + 4);
    out.source        = get_ipv6(q + 8);
    out.destination   = get_ipv6(q + 24);
    std::uint8_t next = get8(q + 6);
    rest = rest.subspan(ipv6_header_length);
    switch (skip_extensions(next, rest)) {
        case ip_error::none: return read_quoted_tcp(next, rest, out);
        case ip_error::fragment: return icmp_result::not_tcp;
        default: return icmp_result::bad_quote;
    }
}

}  // namespace tenon::wire
