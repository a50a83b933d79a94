// SPDX-License-Identifier: BSL-1.0
// The IPv4 header (RFC 791, 3.1): read, write, pseudo-header. Reading is O(header), options are stepped over.
#pragma once
#include <cstddef>
#include <cstdint>

#include <tenon/core/contract.hpp>
#include <tenon/core/address.hpp>
#include <tenon/core/units.hpp>
#include <tenon/wire/bytes.hpp>
#include <tenon/wire/checksum.hpp>
#include <tenon/wire/datagram.hpp>

namespace tenon::wire {

inline constexpr bytes ipv4_header_length = 20;  // as written here, without options

// `out` may be half filled if the answer is not none.
[[gnu::always_inline]] inline ip_error read_ipv4(octets_in packet, datagram<ipv4_address>& out) noexcept {
    if (packet.size() < ipv4_header_length) return ip_error::too_short;
    auto const* const p = packet.data();
    unsigned const first = get8(p);
    if (first >> 4 != 4) return ip_error::bad_version;
    std::size_t const header = (first & 15u) * 4;
    std::size_t const total  = get16(p + 2);
    if (header < ipv4_header_length) return ip_error::bad_header_length;
    if (header > total || total > packet.size()) return ip_error::bad_total_length;
    if (!is_intact(sum({p, header}))) return ip_error::bad_checksum;
    // More Fragments, or an offset; Don't Fragment and the reserved bit say nothing here.
    if ((get16(p + 6) & 0x3fff) != 0) return ip_error::fragment;

    out.traffic_class = get8(p + 1);
    out.ttl           = get8(p + 8);
    out.protocol      = get8(p + 9);
    out.source        = {get32(p + 12)};
    out.destination   = {get32(p + 16)};
    out.payload       = {p + header, total - header};
    return ip_error::none;
}

struct ipv4_header {
    ipv4_address  source{};
    ipv4_address  destination{};
    std::uint16_t payload{};         // octets that follow, at most 65515
    std::uint16_t identification{};  // RFC 6864, 4.1: may be anything where DF is set
    std::uint8_t  protocol{6};
    std::uint8_t  ttl{64};
    std::uint8_t  traffic_class{};
};

// Writes twenty octets, Don't Fragment set (RFC 1191, 3), checksum included.
TENON_PER_SEGMENT inline void write_ipv4(std::byte* out, ipv4_header const& h) noexcept {
    std::uint32_t const first  = 0x4500'0000u | std::uint32_t{h.traffic_class} << 16 | ((ipv4_header_length + h.payload) & 0xffff);
    std::uint32_t const second = std::uint32_t{h.identification} << 16 | 0x4000u;
    std::uint32_t const third  = std::uint32_t{h.ttl} << 24 | std::uint32_t{h.protocol} << 16;
    // Known fields need not be read back (RFC 1071, 2).
    auto const sum = sum_of(first) + sum_of(second) + sum_of(third) + sum_of(h.source.value) + sum_of(h.destination.value);
    out = put32(out, first);
    out = put32(out, second);
    out = put32(out, third | finish(sum));
    out = put32(out, h.source.value);
    put32(out, h.destination.value);
}

// RFC 9293, 3.1: the pseudo-header of a segment of `length` octets.
constexpr partial_sum pseudo_header(ipv4_address source, ipv4_address destination, bytes length,
                                    std::uint8_t protocol = 6) noexcept {
    return sum_of(source.value) + sum_of(destination.value) + sum_of(length + protocol);
}

}  // namespace tenon::wire
