// SPDX-License-Identifier: BSL-1.0
// The IPv6 header (RFC 8200, 3) and its extension headers: read, write, pseudo-header. At most eight extension headers
// are walked, each octet of their options looked at no more than once.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <tenon/core/address.hpp>
#include <tenon/core/units.hpp>
#include <tenon/wire/bytes.hpp>
#include <tenon/wire/checksum.hpp>
#include <tenon/wire/datagram.hpp>

namespace tenon::wire {

inline constexpr bytes ipv6_header_length = 40;
inline constexpr unsigned most_extensions = 8;

// Next-header values (RFC 8200, 4).
inline constexpr std::uint8_t hop_by_hop_options  = 0;
inline constexpr std::uint8_t routing_header      = 43;
inline constexpr std::uint8_t fragment_header     = 44;
inline constexpr std::uint8_t destination_options = 60;

// Whether all options of an extension header may be stepped over. RFC 8200, 4.2: the two highest bits of an unknown type
// say what to do with it, 00 being: go on. Pad1 is the only one without a length.
inline bool may_skip_options(octets_in options) noexcept {
    while (!options.empty()) {
        unsigned const type = get8(options.data());
        std::size_t length = 1;
        if (type != 0) {
            if (type >= 0x40 || options.size() < 2) return false;
            length = std::size_t{2} + get8(options.data() + 1);
            if (length > options.size()) return false;
        }
        options = options.subspan(length);
    }
    return true;
}

// Walks extension headers from the front of `rest` until `next` is none of them; `rest` then begins with the upper layer.
inline ip_error skip_extensions(std::uint8_t& next, octets_in& rest) noexcept {
    for (unsigned seen = 0;; ++seen) {
        bool const options = next == hop_by_hop_options || next == destination_options;
        if (!options && next != routing_header && next != fragment_header) return ip_error::none;
        if (next == hop_by_hop_options && seen != 0) return ip_error::misplaced_extension;
        if (seen == most_extensions) return ip_error::too_many_extensions;
        if (rest.size() < 8) return ip_error::bad_header_length;
        auto const* const p = rest.data();
        // A fragment header has no length field; that octet is reserved.
        std::size_t const length = next == fragment_header ? 8 : (std::size_t{get8(p + 1)} + 1) * 8;
        if (length > rest.size()) return ip_error::bad_header_length;
        if (options && !may_skip_options({p + 2, length - 2})) return ip_error::unknown_option;
        // RFC 8200, 4.4: a routing header of any type is ignored once no segments are left.
        if (next == routing_header && get8(p + 3) != 0) return ip_error::route_not_finished;
        // RFC 8200, 4.5: neither offset nor M flag means a whole packet.
        if (next == fragment_header && (get16(p + 2) & 0xfff9) != 0) return ip_error::fragment;
        next = get8(p);
        rest = rest.subspan(length);
    }
}

inline ipv6_address get_ipv6(std::byte const* p) noexcept {
    ipv6_address a;
    std::memcpy(a.octets.data(), p, 16);
    return a;
}

// `out` may be half filled if the answer is not none.
inline ip_error read_ipv6(octets_in packet, datagram<ipv6_address>& out) noexcept {
    if (packet.size() < ipv6_header_length) return ip_error::too_short;
    auto const* const p = packet.data();
    unsigned const first = get16(p);
    if (first >> 12 != 6) return ip_error::bad_version;
    std::size_t const length = get16(p + 4);
    if (length > packet.size() - ipv6_header_length) return ip_error::bad_total_length;

    out.traffic_class = static_cast<std::uint8_t>(first >> 4 & 0xff);
    out.protocol      = get8(p + 6);
    out.ttl           = get8(p + 7);
    out.source        = get_ipv6(p + 8);
    out.destination   = get_ipv6(p + 24);
    out.payload       = {p + ipv6_header_length, length};
    return skip_extensions(out.protocol, out.payload);
}

struct ipv6_header {
    ipv6_address  source{};
    ipv6_address  destination{};
    std::uint16_t payload{};     // octets that follow
    std::uint32_t flow_label{};  // twenty bits
    std::uint8_t  protocol{6};
    std::uint8_t  ttl{64};       // hop limit
    std::uint8_t  traffic_class{};
};

// Writes forty octets.
inline void write_ipv6(std::byte* out, ipv6_header const& h) noexcept {
    put32(out, 6u << 28 | std::uint32_t{h.traffic_class} << 20 | (h.flow_label & 0xf'ffff));
    put16(out + 4, h.payload);
    put8(out + 6, h.protocol);
    put8(out + 7, h.ttl);
    std::memcpy(out + 8, h.source.octets.data(), 16);
    std::memcpy(out + 24, h.destination.octets.data(), 16);
}

// RFC 8200, 8.1: the length of the upper layer is 32 bits wide here.
inline partial_sum pseudo_header(ipv6_address const& source, ipv6_address const& destination, bytes length,
                                 std::uint8_t protocol = 6) noexcept {
    auto const s = sum(std::as_bytes(std::span{source.octets}), sum_of(length) + sum_of(protocol));
    return sum(std::as_bytes(std::span{destination.octets}), s);
}

}  // namespace tenon::wire
