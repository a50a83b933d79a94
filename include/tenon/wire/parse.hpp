// SPDX-License-Identifier: BSL-1.0
// From octets to a segment: O(1), reads nothing beyond `tcp`. Options are found here and read by wire/option.hpp;
// the checksum is wire/checksum.hpp's.
#pragma once
#include <cstdint>

#include <tenon/core/contract.hpp>
#include <tenon/core/units.hpp>
#include <tenon/wire/bytes.hpp>
#include <tenon/wire/segment.hpp>

namespace tenon::wire {

enum class parse_error : std::uint8_t {
    none,
    too_short,        // fewer than 20 octets
    bad_data_offset,  // less than 5 words, or beyond the end
};

// `tcp` is the whole payload of one IP packet. `out` changes only if the answer is none.
TENON_PER_SEGMENT inline parse_error parse(octets_in tcp, segment& out) noexcept {
    if (tcp.size() < header_length) return parse_error::too_short;
    auto const* const p = tcp.data();
    std::size_t const offset = (std::to_integer<std::size_t>(p[12]) >> 4) * 4;
    if (offset < header_length || offset > tcp.size()) return parse_error::bad_data_offset;

    out.source      = get16(p);
    out.destination = get16(p + 2);
    out.seq         = {get32(p + 4)};
    out.ack         = {get32(p + 8)};
    // RFC 9293, 3.1: reserved bits are ignored. RFC 9768 took the lowest of them as AE.
    out.control     = flags{static_cast<std::uint16_t>(get16(p + 12) & 0x1ff)};
    out.window      = get16(p + 14);
    out.urgent      = get16(p + 18);
    out.options     = {p + header_length, offset - header_length};
    out.payload     = {p + offset, tcp.size() - offset};
    return parse_error::none;
}

}  // namespace tenon::wire
