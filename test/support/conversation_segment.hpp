// SPDX-License-Identifier: BSL-1.0
// Segments and ICMP errors as a script of a conversation names them, in relative numbers.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace talk {

using octets = std::vector<std::uint8_t>;

enum flag_bits : unsigned { fin_bit = 1, syn_bit = 2, rst_bit = 4, psh_bit = 8, ack_bit = 16, urg_bit = 32, ece_bit = 64, cwr_bit = 128 };

// Timestamps as the option says them (RFC 7323, 3.2), and blocks [left, right) (RFC 2018, 3).
struct stamps {
    std::optional<std::uint32_t> value{}, echo{};
};
template <class Number> using blocks = std::vector<std::pair<Number, Number>>;

// What a script says about a segment. Sequence numbers are relative: the sender's SYN is 0, its first octet 1.
struct segment {
    unsigned flags{};
    unsigned absent{};  // flags that are not there, though they would go without saying
    std::optional<std::int64_t> seq{};
    std::optional<std::int64_t> ack{};
    std::optional<unsigned> window{};  // as the field says it
    std::optional<std::size_t> length{};  // payload of that length, whatever it is
    std::optional<unsigned> mss{};
    std::optional<unsigned> scale{};
    bool sack_permitted{};
    std::optional<stamps> stamped{};  // with neither value nor echo: none at all
    std::optional<blocks<std::int64_t>> sacked{};
    std::optional<unsigned> urgent{};
    std::optional<std::uint16_t> port{};  // of the peer
    std::optional<unsigned> ecn{};        // of the IP header (RFC 3168, 5)
    std::optional<octets> options{};
    std::string text{};
};

inline segment operator|(segment a, segment const& b) {
    a.flags |= b.flags;
    a.absent |= b.absent;
    auto const take = [](auto& to, auto const& from) {
        if (from) to = from;
    };
    take(a.seq, b.seq);
    take(a.ack, b.ack);
    take(a.window, b.window);
    take(a.length, b.length);
    take(a.mss, b.mss);
    take(a.scale, b.scale);
    take(a.stamped, b.stamped);
    take(a.sacked, b.sacked), a.sack_permitted |= b.sack_permitted;
    take(a.urgent, b.urgent);
    take(a.port, b.port), take(a.ecn, b.ecn);
    take(a.options, b.options);
    a.text += b.text;
    return a;
}

inline segment flagged(unsigned flags) {
    segment s;
    s.flags = flags;
    return s;
}
inline segment const syn = flagged(syn_bit);
inline segment const fin = flagged(fin_bit);
inline segment const rst = flagged(rst_bit);
inline segment const psh = flagged(psh_bit);
inline segment const ece = flagged(ece_bit), cwr = flagged(cwr_bit);
inline segment in_ip_with(unsigned ecn) {
    segment s;
    s.ecn = ecn;
    return s;
}
inline segment const not_ect = in_ip_with(0), ect_0 = in_ip_with(2), ce = in_ip_with(3);
inline segment without(unsigned flags) {
    segment s;
    s.absent = flags;
    return s;
}
inline segment const no_ack = without(ack_bit);
inline segment const no_psh = without(psh_bit);
inline segment at(std::int64_t seq) {
    segment s;
    s.seq = seq;
    return s;
}
inline segment ack(std::int64_t n) {
    segment s;
    s.flags = ack_bit;
    s.ack = n;
    return s;
}
inline segment data(std::int64_t seq, std::string text) {
    segment s = at(seq);
    s.flags = ack_bit;
    s.text = static_cast<std::string&&>(text);
    return s;
}
inline segment data(std::int64_t seq, std::size_t length) {
    segment s = at(seq);
    s.flags = ack_bit;
    s.length = length;
    return s;
}
inline segment window(unsigned n) {
    segment s;
    s.window = n;
    return s;
}
inline segment mss(unsigned n) {
    segment s;
    s.mss = n;
    return s;
}
inline segment scale(unsigned n) {
    segment s;
    s.scale = n;
    return s;
}
inline segment const sack_permitted = [] {
    segment s;
    s.sack_permitted = true;
    return s;
}();
inline segment ts(std::optional<std::uint32_t> value, std::optional<std::uint32_t> echo = {}) {
    segment s;
    s.stamped = stamps{value, echo};
    return s;
}
inline segment const no_ts = ts({});
inline segment sack(blocks<std::int64_t> b) {
    segment s;
    s.sacked = static_cast<blocks<std::int64_t>&&>(b);
    return s;
}
inline segment const no_sack = sack({});
inline segment urg(unsigned pointer) {
    segment s = flagged(urg_bit);
    s.urgent = pointer;
    return s;
}
inline segment port(std::uint16_t n) {
    segment s;
    s.port = n;
    return s;
}
inline segment options(octets o) {
    segment s;
    s.options = static_cast<octets&&>(o);
    return s;
}

// An ICMP error about a segment of ours, by what it says; `seq` is relative to our ISS.
enum class complaint { port_unreachable, protocol_unreachable, host_unreachable, network_unreachable, too_big, time_exceeded, parameter_problem };
struct icmp {
    complaint what{};
    std::int64_t seq{};
    unsigned mtu{};
    std::optional<std::uint16_t> port{};
};

}  // namespace talk
