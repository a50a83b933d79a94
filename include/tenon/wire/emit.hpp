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
    put16(out, h.source);
    put16(out + 2, h.destination);
    put32(out + 4, h.seq.value);
    put32(out + 8, h.ack.value);
    // Data offset in words, three reserved bits that are zero, nine control bits (RFC 9293, 3.1; RFC 9768, 3.1).
    put16(out + 12, static_cast<std::uint16_t>((header_length + h.options) << 10 | h.control.bits()));
    put16(out + 14, h.window);
    put16(out + 16, 0);
    put16(out + 18, h.urgent);
}

// Stores the checksum (as finish() of wire/checksum.hpp gives it) into a header.
inline void put_checksum(std::byte* header, std::uint16_t checksum) noexcept { put16(header + 16, checksum); }

}  // namespace tenon::wire
