// SPDX-License-Identifier: BSL-1.0
// From fields to the twenty octets of a TCP header. Options follow by the put_ functions of wire/option.hpp.
#pragma once
#include <cstdint>

#include <tenon/core/contract.hpp>
#include <tenon/core/sequence.hpp>
#include <tenon/core/units.hpp>
#include <tenon/wire/bytes.hpp>
#include <tenon/wire/segment.hpp>

namespace tenon::wire {

struct header {
    std::uint16_t source{};
    std::uint16_t destination{};
    sequence      seq{};
    sequence      ack{};
    flags         control{};
    std::uint16_t window{};
    std::uint16_t urgent{};
    std::uint8_t  options{};  // option octets that follow: at most 40, a multiple of 4 (padding included)
};

// Writes twenty octets; the checksum field is zero.
TENON_PER_SEGMENT inline void write_header(std::byte* out, header const& h) noexcept {
    out = put32(out, std::uint32_t{h.source} << 16 | h.destination);
    out = put32(out, h.seq.value);
    out = put32(out, h.ack.value);
    // Data offset in words, three reserved bits that are zero, nine control bits (RFC 9293, 3.1; RFC 9768, 3.1).
    out = put32(out, (header_length + h.options) << 26 | std::uint32_t{h.control.bits()} << 16 | h.window);
    put32(out, h.urgent);
}

// Stores the checksum (as finish() of wire/checksum.hpp gives it) into a header.
inline void put_checksum(std::byte* header, std::uint16_t checksum) noexcept { put16(header + 16, checksum); }

}  // namespace tenon::wire
