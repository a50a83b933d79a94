// SPDX-License-Identifier: BSL-1.0
// Packets of a scripted conversation: octets made from segments, and a strict reader of what an endpoint emits.
// Shares no code with tenon/wire, so that one cannot excuse the other.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conversation_segment.hpp"

namespace talk {

// A segment in absolute numbers, as it stands in a packet.
struct packet {
    bool v6{};
    bool from_us{};
    std::uint16_t source{}, destination{};
    std::uint32_t seq{}, ack{};
    unsigned flags{};
    unsigned window{}, urgent{}, ecn{};
    std::optional<unsigned> mss{}, scale{};
    bool sack_permitted{};
    std::optional<stamps> stamped{};
    blocks<std::uint32_t> sacked{};
    std::size_t option_octets{};
    octets options{};
    std::string text{};
    std::int64_t when{};  // nanoseconds

    bool has(unsigned bits) const { return (flags & bits) == bits; }
    std::uint32_t length() const { return static_cast<std::uint32_t>(text.size()) + (has(syn_bit) ? 1u : 0u) + (has(fin_bit) ? 1u : 0u); }
};

inline constexpr std::uint16_t our_port = 4321;
inline constexpr std::uint16_t peer_port = 50'000;

namespace detail {

inline octets address(bool v6, bool ours) {
    std::uint8_t const last = ours ? 1 : 2;
    if (v6) return {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last};
    return {192, 0, 2, last};
}
inline void put16(octets& o, unsigned v) {
    o.push_back(static_cast<std::uint8_t>(v >> 8));
    o.push_back(static_cast<std::uint8_t>(v));
}
inline void put32(octets& o, std::uint32_t v) {
    put16(o, v >> 16);
    put16(o, v & 0xffff);
}
inline void put(octets& o, octets const& more) { o.insert(o.end(), more.begin(), more.end()); }
inline unsigned get16(octets const& o, std::size_t i) { return static_cast<unsigned>(o[i] << 8 | o[i + 1]); }
inline std::uint32_t get32(octets const& o, std::size_t i) { return std::uint32_t{get16(o, i)} << 16 | get16(o, i + 2); }

// RFC 1071 as plainly as it can be written.
inline unsigned checksum(octets const& o) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < o.size(); ++i) sum += i % 2 == 0 ? std::uint64_t{o[i]} << 8 : o[i];
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<unsigned>(~sum & 0xffff);
}
inline unsigned with_pseudo_header(bool v6, octets const& source, octets const& destination, unsigned protocol, octets const& payload) {
    octets all = source;
    put(all, destination);
    if (v6) put32(all, static_cast<std::uint32_t>(payload.size()));
    put16(all, protocol);
    if (!v6) put16(all, static_cast<unsigned>(payload.size()));
    put(all, payload);
    return checksum(all);
}
inline octets in_ip(bool v6, bool from_us, unsigned protocol, octets const& payload, unsigned ecn = 0) {
    octets o;
    if (v6) {
        put32(o, 0x6000'0000 | ecn << 20);
        put16(o, static_cast<unsigned>(payload.size()));
        o.push_back(static_cast<std::uint8_t>(protocol));
        o.push_back(64);
    } else {
        put32(o, 0x4500'0000 | ecn << 16 | static_cast<std::uint32_t>(20 + payload.size()));
        put32(o, 0x0000'4000);
        o.push_back(64);
        o.push_back(static_cast<std::uint8_t>(protocol));
        put16(o, 0);
    }
    put(o, address(v6, from_us));
    put(o, address(v6, !from_us));
    if (!v6) {
        unsigned const sum = checksum(o);
        o[10] = static_cast<std::uint8_t>(sum >> 8);
        o[11] = static_cast<std::uint8_t>(sum);
    }
    put(o, payload);
    return o;
}

}  // namespace detail

inline octets to_octets(packet const& p) {
    using namespace detail;
    octets opts = p.options;
    if (p.mss) put(opts, {2, 4, static_cast<std::uint8_t>(*p.mss >> 8), static_cast<std::uint8_t>(*p.mss)});
    if (p.scale) put(opts, {3, 3, static_cast<std::uint8_t>(*p.scale)});
    if (p.sack_permitted) put(opts, {4, 2});
    if (p.stamped) {
        put(opts, {1, 1, 8, 10});
        put32(opts, p.stamped->value.value_or(0));
        put32(opts, p.stamped->echo.value_or(0));
    }
    if (!p.sacked.empty()) put(opts, {1, 1, 5, static_cast<std::uint8_t>(2 + 8 * p.sacked.size())});
    for (auto const& [left, right] : p.sacked) {
        put32(opts, left);
        put32(opts, right);
    }
    while (opts.size() % 4 != 0) opts.push_back(0);
    octets o;
    put16(o, p.source);
    put16(o, p.destination);
    put32(o, p.seq);
    put32(o, p.ack);
    put16(o, static_cast<unsigned>((20 + opts.size()) / 4) << 12 | p.flags);
    put16(o, p.window);
    put16(o, 0);
    put16(o, p.urgent);
    put(o, opts);
    for (char const c : p.text) o.push_back(static_cast<std::uint8_t>(c));
    unsigned const sum = with_pseudo_header(p.v6, address(p.v6, p.from_us), address(p.v6, !p.from_us), 6, o);
    o[16] = static_cast<std::uint8_t>(sum >> 8);
    o[17] = static_cast<std::uint8_t>(sum);
    return in_ip(p.v6, p.from_us, 6, o, p.ecn);
}

inline octets to_octets(icmp const& m, bool v6, std::uint32_t absolute_seq) {
    using namespace detail;
    packet quoted{.v6 = v6, .from_us = true, .source = our_port, .destination = m.port.value_or(peer_port), .seq = absolute_seq, .flags = ack_bit};
    octets const quote = to_octets(quoted);
    struct numbers {
        std::uint8_t type, code;
    };
    auto const of = [&]() -> numbers {
        switch (m.what) {
            case complaint::port_unreachable: return v6 ? numbers{1, 4} : numbers{3, 3};
            case complaint::protocol_unreachable: return v6 ? numbers{4, 1} : numbers{3, 2};
            case complaint::host_unreachable: return v6 ? numbers{1, 3} : numbers{3, 1};
            case complaint::network_unreachable: return v6 ? numbers{1, 0} : numbers{3, 0};
            case complaint::too_big: return v6 ? numbers{2, 0} : numbers{3, 4};
            case complaint::time_exceeded: return v6 ? numbers{3, 0} : numbers{11, 0};
            case complaint::parameter_problem: break;
        }
        return v6 ? numbers{4, 0} : numbers{12, 0};
    }();
    octets o{of.type, of.code, 0, 0};
    put32(o, m.mtu);
    put(o, quote);
    unsigned const sum = v6 ? with_pseudo_header(true, address(true, false), address(true, true), 58, o) : checksum(o);
    o[2] = static_cast<std::uint8_t>(sum >> 8);
    o[3] = static_cast<std::uint8_t>(sum);
    return in_ip(v6, false, v6 ? 58 : 1, o);
}

namespace detail {

// Each answers with nothing, or with what is wrong.
inline std::string read_ip(octets const& o, packet& p) {
    if (o.size() < 40) return "shorter than its headers";
    p.v6 = o[0] >> 4 == 6;
    p.ecn = p.v6 ? o[1] >> 4 & 3u : o[1] & 3u;
    if (p.v6) {
        if (o.size() < 60 || get16(o, 4) + std::size_t{40} != o.size()) return "IPv6 payload length";
        if (o[6] != 6) return "IPv6 next header";
        if (o[7] == 0) return "hop limit";
    } else {
        if (o[0] != 0x45) return "IPv4 version and header length";
        if (get16(o, 2) != o.size()) return "IPv4 total length";
        if (checksum(octets(o.begin(), o.begin() + 20)) != 0) return "IPv4 header checksum";
        if ((get16(o, 6) & 0xbfff) != 0) return "IPv4 fragment";
        if (o[8] == 0) return "time to live";
        if (o[9] != 6) return "IPv4 protocol";
    }
    auto const from = o.begin() + (p.v6 ? 8 : 12);
    auto const to = from + (p.v6 ? 16 : 4);
    if (octets(from, to) != address(p.v6, true) || octets(to, to + (to - from)) != address(p.v6, false)) return "addresses";
    return {};
}

inline std::string read_options(octets const& tcp, std::size_t end, packet& p) {
    p.option_octets = end - 20;
    for (std::size_t i = 20; i < end;) {
        unsigned const kind = tcp[i];
        if ((kind == 2 || kind == 3 || kind == 4) && !p.has(syn_bit)) return "an option of SYNs without SYN";
        if (kind == 0) return "end of options, where the padding could be no-operations";
        if (kind == 1) {
            ++i;
            continue;
        }
        if (i + 1 >= end || tcp[i + 1] < 2 || i + tcp[i + 1] > end) return "an option's length";
        if (kind == 2) {
            if (tcp[i + 1] != 4 || p.mss) return "the MSS option";
            p.mss = get16(tcp, i + 2);
        } else if (kind == 3) {
            if (tcp[i + 1] != 3 || p.scale || tcp[i + 2] > 14) return "the window scale option";
            p.scale = tcp[i + 2];
        } else if (kind == 4) {
            if (tcp[i + 1] != 2 || p.sack_permitted) return "the SACK-permitted option";
            p.sack_permitted = true;
        } else if (kind == 8) {
            if (tcp[i + 1] != 10 || p.stamped) return "the timestamps option";
            p.stamped = stamps{get32(tcp, i + 2), get32(tcp, i + 6)};
        } else if (kind == 5) {
            if (tcp[i + 1] < 10 || tcp[i + 1] % 8 != 2 || !p.sacked.empty()) return "the SACK option";
            for (std::size_t at = i + 2; at < i + tcp[i + 1]; at += 8) p.sacked.emplace_back(get32(tcp, at), get32(tcp, at + 4));
        } else {
            return "an option that was not offered";
        }
        i += tcp[i + 1];
    }
    if (p.has(syn_bit) && !p.mss) return "a SYN without MSS";  // RFC 9293, MUST-14 and SHLD-5
    return {};
}

inline std::string read_tcp(octets const& tcp, packet& p) {
    if (with_pseudo_header(p.v6, address(p.v6, true), address(p.v6, false), 6, tcp) != 0) return "TCP checksum";
    std::size_t const end = (std::size_t{tcp[12]} >> 4) * 4;
    if (end < 20 || end > tcp.size()) return "data offset";
    if ((get16(tcp, 12) & 0x0f00) != 0) return "reserved bits";
    p.source = static_cast<std::uint16_t>(get16(tcp, 0));
    p.destination = static_cast<std::uint16_t>(get16(tcp, 2));
    p.seq = get32(tcp, 4);
    p.ack = get32(tcp, 8);
    p.flags = tcp[13];
    p.window = get16(tcp, 14);
    p.urgent = get16(tcp, 18);
    if (p.urgent != 0 || p.has(urg_bit)) return "urgent, though nobody asked for it";
    if (!p.has(ack_bit) && p.ack != 0) return "an acknowledgment number without ACK";
    if (p.has(syn_bit | fin_bit) || p.has(syn_bit | rst_bit) || p.has(fin_bit | rst_bit)) return "flags that exclude each other";
    if (!p.has(ack_bit) && !p.has(syn_bit) && !p.has(rst_bit)) return "neither SYN, RST nor ACK";
    if (auto wrong = read_options(tcp, end, p); !wrong.empty()) return wrong;
    p.text.assign(tcp.begin() + static_cast<std::ptrdiff_t>(end), tcp.end());
    if (!p.text.empty() && (p.has(syn_bit) || p.has(rst_bit))) return "data on a SYN or RST";
    return {};
}

}  // namespace detail

// Reads what the endpoint emitted. The answer is empty, or what is wrong with it.
inline std::string read_strictly(octets const& o, unsigned mtu, packet& p) {
    if (o.size() > mtu) return "larger than the MTU";
    p.from_us = true;
    if (auto wrong = detail::read_ip(o, p); !wrong.empty()) return wrong;
    return detail::read_tcp(octets(o.begin() + (p.v6 ? 40 : 20), o.end()), p);
}

}  // namespace talk
