// SPDX-License-Identifier: BSL-1.0
// A pcapng file: section header, one interface block per add_interface, enhanced packet blocks. Packets are raw IP,
// instants are in nanoseconds. Little-endian on every machine. Source: draft-ietf-opsawg-pcapng, sections 4.1 to 4.3.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include <tenon/core/time.hpp>
#include <tenon/core/units.hpp>
#include <tenon/trace/sink.hpp>

namespace tenon::trace {

enum class direction : std::uint8_t { unknown = 0, inbound = 1, outbound = 2 };

template <sink Sink = file_sink>
class pcapng_writer {
public:
    using interface_id = std::uint32_t;

    explicit pcapng_writer(Sink to = {}) : sink_{std::move(to)} {
        start(block_section, 28);
        u32(0x1a2b3c4d);           // byte-order magic
        u16(1), u16(0);            // version 1.0
        u32(0xffff'ffff), u32(0xffff'ffff);  // section length unknown
        finish(28);
    }

    interface_id add_interface(std::string_view name) {
        auto const length = name.size() < 255 ? name.size() : 255;
        auto const total  = static_cast<std::uint32_t>(20 + 4 + padded(length) + 8 + 4);
        start(block_interface, total);
        u16(link_type_raw), u16(0);
        u32(0);                    // no limit on captured octets
        u16(option_if_name), u16(static_cast<std::uint16_t>(length));
        raw(std::as_bytes(std::span{name.data(), length}));
        pad(length);
        u16(option_if_tsresol), u16(1);
        u32(9);                    // 10^-9 s, and three octets of padding
        u32(0);                    // opt_endofopt
        finish(total);
        return interfaces_++;
    }

    // The packet is what the parts give together.
    void packet(interface_id where, instant at, direction way, std::span<octets_in const> parts) {
        std::size_t octets = 0;
        for (auto part : parts) octets += part.size();
        auto const total = static_cast<std::uint32_t>(32 + padded(octets) + 8 + 4);
        auto const time  = static_cast<std::uint64_t>(at.nanoseconds);
        start(block_packet, total);
        u32(where);
        u32(static_cast<std::uint32_t>(time >> 32)), u32(static_cast<std::uint32_t>(time));
        u32(static_cast<std::uint32_t>(octets)), u32(static_cast<std::uint32_t>(octets));
        for (auto part : parts) raw(part);
        pad(octets);
        u16(option_epb_flags), u16(4);
        u32(static_cast<std::uint32_t>(way));
        u32(0);                    // opt_endofopt
        finish(total);
        ++packets_;
    }
    void packet(interface_id where, instant at, direction way, octets_in octets) { packet(where, at, way, std::span{&octets, 1}); }

    std::uint64_t packets() const noexcept { return packets_; }
    Sink& to() noexcept { return sink_; }

private:
    static constexpr std::uint32_t block_section = 0x0a0d0d0a, block_interface = 1, block_packet = 6;
    static constexpr std::uint16_t link_type_raw = 101;  // IPv4 or IPv6 header first
    static constexpr std::uint16_t option_if_name = 2, option_if_tsresol = 9, option_epb_flags = 2;

    static constexpr std::size_t padded(std::size_t n) noexcept { return (n + 3) / 4 * 4; }

    void start(std::uint32_t type, std::uint32_t total) { u32(type), u32(total); }
    void finish(std::uint32_t total) { u32(total); }
    void raw(octets_in octets) { sink_.write(octets); }
    void pad(std::size_t n) { raw(octets_in{zeros_}.first(padded(n) - n)); }
    void u16(std::uint16_t v) {
        std::array const octets{static_cast<std::byte>(v), static_cast<std::byte>(v >> 8)};
        raw(octets);
    }
    void u32(std::uint32_t v) { u16(static_cast<std::uint16_t>(v)), u16(static_cast<std::uint16_t>(v >> 16)); }

    static constexpr std::array<std::byte, 4> zeros_{};
    Sink          sink_;
    interface_id  interfaces_{};
    std::uint64_t packets_{};
};

}  // namespace tenon::trace
