// SPDX-License-Identifier: BSL-1.0
// Packets that must be dropped, and the one counter each of them raises. All are made from one good SYN by one change, with
// every checksum put right again that the change is not about: whoever misses it answers with SYN,ACK.
#pragma once
#include <cstddef>
#include <cstring>
#include <vector>

#include <tenon/core/address.hpp>
#include <tenon/policy/observer/concept.hpp>
#include <tenon/wire/checksum.hpp>
#include <tenon/wire/ip.hpp>
#include <tenon/wire/segment.hpp>

namespace tenon::test {

inline constexpr auto bad_packets_to = ipv4(192, 0, 2, 1), bad_packets_from = ipv4(192, 0, 2, 2);

using packet = std::vector<std::byte>;

inline void put16_at(packet& p, std::size_t at, unsigned value) {
    p[at] = static_cast<std::byte>(value >> 8);
    p[at + 1] = static_cast<std::byte>(value & 0xff);
}
inline void right_ip_sum(packet& p) {
    put16_at(p, 10, 0);
    put16_at(p, 10, wire::finish(wire::sum(octets_in{p}.first(20))));
}
// Of all that follows the IP header.
inline void right_tcp_sum(packet& p) {
    auto const address = [&](std::size_t at) {
        return ipv4(std::to_integer<std::uint8_t>(p[at]), std::to_integer<std::uint8_t>(p[at + 1]), std::to_integer<std::uint8_t>(p[at + 2]),
                    std::to_integer<std::uint8_t>(p[at + 3]));
    };
    put16_at(p, 36, 0);
    auto const tcp = octets_in{p}.subspan(20);
    put16_at(p, 36, wire::finish(wire::sum(tcp, wire::pseudo_header(address(12), address(16), static_cast<bytes>(tcp.size())))));
}
inline void right_sums(packet& p) {
    right_ip_sum(p);
    right_tcp_sum(p);
}

// A SYN to port 80 with four octets of options.
inline packet good_syn() {
    packet p(44);
    wire::write_ipv4(p.data(), {.source = bad_packets_from, .destination = bad_packets_to, .payload = 24});
    wire::write_header(p.data() + 20, {.source = 4000, .destination = 80, .seq = sequence{1000}, .ack = {}, .control = wire::flag::syn, .window = 8192});
    p[32] = std::byte{0x60};
    put16_at(p, 40, 0x0204);
    put16_at(p, 42, 536);
    right_sums(p);
    return p;
}

struct bad_packet {
    char const* name{};
    void (*change)(packet&){};
    observer::what counter{};
    bool answered{};  // by a RST
};

inline constexpr bad_packet bad_packets[] = {
    {"IP checksum", [](packet& p) { p[10] ^= std::byte{1}; }, observer::what::dropped_ip_header},
    {"IP version 5", [](packet& p) { p[0] = std::byte{0x55}; right_ip_sum(p); }, observer::what::dropped_ip_header},
    {"IP header length 4", [](packet& p) { p[0] = std::byte{0x44}; right_ip_sum(p); }, observer::what::dropped_ip_header},
    {"IP length beyond the packet", [](packet& p) { put16_at(p, 2, 45); right_ip_sum(p); }, observer::what::dropped_ip_header},
    {"IP length less than its header", [](packet& p) { put16_at(p, 2, 19); right_ip_sum(p); }, observer::what::dropped_ip_header},
    {"less than an IP header", [](packet& p) { p.resize(19); }, observer::what::dropped_ip_header},
    {"first fragment", [](packet& p) { put16_at(p, 6, 0x2000); right_ip_sum(p); }, observer::what::dropped_ip_header},
    {"last fragment", [](packet& p) { put16_at(p, 6, 1); right_ip_sum(p); }, observer::what::dropped_ip_header},
    {"TCP checksum", [](packet& p) { p[36] ^= std::byte{1}; }, observer::what::dropped_checksum},
    {"an octet of TCP changed", [](packet& p) { p[41] ^= std::byte{1}; }, observer::what::dropped_checksum},
    {"data offset 4", [](packet& p) { p[32] = std::byte{0x40}; right_tcp_sum(p); }, observer::what::dropped_tcp_header},
    {"data offset beyond the segment", [](packet& p) { p[32] = std::byte{0x70}; right_tcp_sum(p); }, observer::what::dropped_tcp_header},
    {"19 octets of segment", [](packet& p) { p.resize(39); put16_at(p, 2, 39); right_sums(p); }, observer::what::dropped_tcp_header},
    {"multicast source", [](packet& p) { p[12] = std::byte{224}; right_sums(p); }, observer::what::dropped_address},
    {"broadcast source", [](packet& p) { put16_at(p, 12, 0xffff); put16_at(p, 14, 0xffff); right_sums(p); }, observer::what::dropped_address},
    {"multicast destination", [](packet& p) { p[16] = std::byte{239}; right_sums(p); }, observer::what::dropped_address},
    {"UDP", [](packet& p) { p[9] = std::byte{17}; right_ip_sum(p); }, observer::what::dropped_other},
    {"a port where nobody listens", [](packet& p) { put16_at(p, 22, 81); right_tcp_sum(p); }, observer::what::dropped_no_connection, true},
    {"a RST for nobody", [](packet& p) { put16_at(p, 22, 81); p[33] = std::byte{4}; right_tcp_sum(p); }, observer::what::dropped_no_connection},
};

// Puts p on the wire.
template <class End>
void deliver(End& end, packet const& p) {
    auto const frame = end.reserve(static_cast<bytes>(p.size()));
    std::memcpy(frame.data(), p.data(), p.size());
    end.commit(frame.first(p.size()), {}, {});
}

// The control octets of all that has come, one for each packet.
template <class End>
std::vector<unsigned> controls_of_replies(End& end) {
    std::vector<unsigned> all;
    std::array<transport::arrival, 8> room;
    for (auto const& a : end.arrivals(room)) {
        all.push_back(a.octets.size() >= 40 ? std::to_integer<unsigned>(a.octets[33]) : 0u);
        end.give_back(a);
    }
    return all;
}

}  // namespace tenon::test
