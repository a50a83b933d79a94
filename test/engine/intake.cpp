// SPDX-License-Identifier: BSL-1.0
// From packets to verified segments: every cause to drop one, and who checks the sum.
#include <tenon/engine/intake.hpp>
#include <tenon/policy/checksum/by_transport.hpp>
#include <tenon/policy/checksum/internet.hpp>
#include <tenon/policy/network/both.hpp>
#include <tenon/policy/network/ipv4.hpp>
#include <tenon/policy/network/ipv6.hpp>
#include <tenon/wire/emit.hpp>

#include <array>
#include <cstdint>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "support/requirement.hpp"

using tenon::bytes;
using tenon::octets_in;
using tenon::engine::taken;
namespace checksum = tenon::checksum;
namespace engine = tenon::engine;
namespace network = tenon::network;
namespace transport = tenon::transport;
namespace wire = tenon::wire;

namespace {

using packet = std::vector<std::byte>;

// A packet from `from` to `to` with right sums; then `change` may damage it.
template <class Network>
packet made(typename Network::address from, typename Network::address to, bytes text, std::uint8_t protocol = 6) {
    using datagrams = engine::datagram_of<Network>;
    bytes const ip = Network::header(to);
    packet p(ip + 20 + text);
    for (std::size_t i = ip + 20; i < p.size(); ++i) p[i] = static_cast<std::byte>(i);
    datagrams::write(p.data(), from, to, 20 + text);
    wire::write_header(p.data() + ip, {.source = 1, .destination = 2, .seq = {3}, .ack = {4}, .control = wire::flag::ack, .window = 5});
    auto const sum = wire::sum(octets_in{p}.subspan(ip), datagrams::pseudo_header(from, to, 20 + text));
    wire::put_checksum(p.data() + ip, wire::finish(sum));
    if (protocol != 6) {
        if (ip == 40) {
            p[6] = std::byte{protocol};
        } else {
            p[9] = std::byte{protocol};
            wire::put16(p.data() + 10, 0);
            wire::put16(p.data() + 10, wire::finish(wire::sum(octets_in{p}.first(20))));
        }
    }
    return p;
}

constexpr auto here4 = tenon::ipv4(192, 0, 2, 1), there4 = tenon::ipv4(192, 0, 2, 2);
constexpr auto here6 = tenon::ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1), there6 = tenon::ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2);

constexpr transport::capabilities trusted{.segments = 44, .send = transport::checksums::transport, .check = transport::checksums::transport};

template <class Network, class Checksum = checksum::internet, transport::capabilities Most = transport::capabilities{}>
taken take(packet const& p, bool verified = false, std::uint16_t cut = 0, engine::received<Network>* result = nullptr) {
    // Exactly as long as the packet, so that a sanitizer sees an over-read.
    packet const exact{p};
    engine::received<Network> r;
    auto const t = engine::take_in<Network, Checksum, Most>({.octets = exact, .cut = cut, .verified = verified}, r);
    if (result != nullptr) *result = r;
    return t;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_intake)

BOOST_AUTO_TEST_CASE(a_good_segment_is_taken) {
    engine::received<network::ipv4> r4;
    BOOST_TEST((take<network::ipv4>(made<network::ipv4>(there4, here4, 7), false, 0, &r4) == taken::segment));
    BOOST_TEST((r4.ip.source == there4 && r4.ip.destination == here4 && r4.tcp.source == 1 && r4.tcp.payload.size() == 7u && r4.segments == 1));
    BOOST_TEST((take<network::ipv6>(made<network::ipv6>(there6, here6, 7)) == taken::segment));
    BOOST_TEST((take<network::both>(made<network::both>(there6, here6, 7)) == taken::segment));
    engine::received<network::both> mapped;
    BOOST_TEST((take<network::both>(made<network::ipv4>(there4, here4, 7), false, 0, &mapped) == taken::segment));
    BOOST_TEST((mapped.ip.source == to_mapped(there4) && mapped.ip.destination == to_mapped(here4)));
}

// MUST-3: "a receiver MUST check [the checksum]": each single octet of the segment and of the addresses counts.
BOOST_AUTO_TEST_CASE(any_damaged_octet_is_found, *tenon::test::requirement("MUST-3")) {
    auto const good4 = made<network::ipv4>(there4, here4, 9);
    for (std::size_t i = 0; i < good4.size(); ++i) {
        auto bad = good4;
        bad[i] ^= std::byte{0x10};
        BOOST_TEST((take<network::ipv4>(bad) == (i < 20 ? taken::ip_header : taken::checksum)));
        BOOST_TEST((take<network::both>(bad) != taken::segment));
    }
    auto const good6 = made<network::ipv6>(there6, here6, 9);
    for (std::size_t i = 8; i < good6.size(); ++i) {
        auto bad = good6;
        bad[i] ^= std::byte{0x10};
        BOOST_TEST((take<network::ipv6>(bad) == taken::checksum));
    }
}

BOOST_AUTO_TEST_CASE(cut_packets_are_no_packets) {
    for (auto const& whole : {made<network::ipv4>(there4, here4, 5), made<network::ipv6>(there6, here6, 5)})
        for (std::size_t n = 0; n < whole.size(); ++n) {
            packet const cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
            BOOST_TEST((take<network::both>(cut) == taken::ip_header));
        }
    // A family that a composition does not have.
    BOOST_TEST((take<network::ipv4>(made<network::ipv6>(there6, here6, 5)) == taken::ip_header));
    BOOST_TEST((take<network::ipv6>(made<network::ipv4>(there4, here4, 5)) == taken::ip_header));
}

BOOST_AUTO_TEST_CASE(a_tcp_header_that_lies_about_its_length) {
    for (int const words : {0, 4, 6, 15}) {
        auto p = made<network::ipv4>(there4, here4, 0);
        p[32] = static_cast<std::byte>(words << 4);
        wire::put_checksum(p.data() + 20, 0);
        wire::put_checksum(p.data() + 20, wire::finish(wire::sum(octets_in{p}.subspan(20), engine::datagram_of<network::ipv4>::pseudo_header(there4, here4, 20))));
        BOOST_TEST((take<network::ipv4>(p) == taken::tcp_header));
    }
}

// MUST-57: "reject SYN [...] with an invalid remote address"; MUST-63: "silently discard a SYN addressed to a broadcast or multicast".
BOOST_AUTO_TEST_CASE(ends_are_unicast, *tenon::test::requirement("MUST-57, MUST-63")) {
    for (auto const odd : {tenon::ipv4(0, 0, 0, 0), tenon::ipv4(224, 0, 0, 1), tenon::ipv4(239, 255, 255, 255), tenon::ipv4(255, 255, 255, 255)}) {
        BOOST_TEST((take<network::ipv4>(made<network::ipv4>(odd, here4, 0)) == taken::address));
        BOOST_TEST((take<network::ipv4>(made<network::ipv4>(there4, odd, 0)) == taken::address));
        BOOST_TEST((take<network::both>(made<network::ipv4>(odd, here4, 0)) == taken::address));
        BOOST_TEST((take<network::both>(made<network::ipv4>(there4, odd, 0)) == taken::address));
    }
    for (auto const& odd : {tenon::ipv6_address{}, tenon::ipv6(0xff02, 0, 0, 0, 0, 0, 0, 1)}) {
        BOOST_TEST((take<network::ipv6>(made<network::ipv6>(odd, here6, 0)) == taken::address));
        BOOST_TEST((take<network::ipv6>(made<network::ipv6>(there6, odd, 0)) == taken::address));
    }
}

// A packet of IPv6 cannot pass for one of IPv4.
BOOST_AUTO_TEST_CASE(mapped_addresses_inside_ipv6_are_forged) {
    auto const mapped = to_mapped(there4);
    BOOST_TEST((take<network::both>(made<network::ipv6>(mapped, here6, 3)) == taken::ip_header));
    BOOST_TEST((take<network::both>(made<network::ipv6>(there6, mapped, 3)) == taken::ip_header));
    BOOST_TEST((take<network::both>(made<network::ipv6>(mapped, to_mapped(here4), 3)) == taken::ip_header));
}

BOOST_AUTO_TEST_CASE(other_protocols_are_told_apart) {
    BOOST_TEST((take<network::ipv4>(made<network::ipv4>(there4, here4, 0, 1)) == taken::icmp));
    BOOST_TEST((take<network::ipv4>(made<network::ipv4>(there4, here4, 0, 17)) == taken::other));
    BOOST_TEST((take<network::ipv4>(made<network::ipv4>(there4, here4, 0, 58)) == taken::other));
    BOOST_TEST((take<network::ipv6>(made<network::ipv6>(there6, here6, 0, 58)) == taken::icmp));
    BOOST_TEST((take<network::ipv6>(made<network::ipv6>(there6, here6, 0, 17)) == taken::other));
    BOOST_TEST((take<network::both>(made<network::ipv4>(there4, here4, 0, 1)) == taken::icmp));
    BOOST_TEST((take<network::both>(made<network::both>(there6, here6, 0, 1)) == taken::other));
}

// A transport is believed only if the policy asks it, its capabilities say so, and this packet is marked.
BOOST_AUTO_TEST_CASE(who_is_believed_about_the_sum) {
    auto bad = made<network::ipv4>(there4, here4, 5);
    bad.back() ^= std::byte{1};
    BOOST_TEST((take<network::ipv4, checksum::by_transport, trusted>(bad, true) == taken::segment));
    BOOST_TEST((take<network::ipv4, checksum::by_transport, trusted>(bad, false) == taken::checksum));
    BOOST_TEST((take<network::ipv4, checksum::internet, trusted>(bad, true) == taken::checksum));
    BOOST_TEST((take<network::ipv4, checksum::by_transport, transport::capabilities{}>(bad, true) == taken::checksum));
}

// Merged segments are counted, so that the right number of ACKs is owed.
BOOST_AUTO_TEST_CASE(merged_segments_are_counted) {
    struct row {
        bytes text;
        std::uint16_t cut, segments;
    };
    for (auto const& r : {row{3000, 1000, 3}, row{3001, 1000, 4}, row{999, 1000, 1}, row{3000, 0, 1}, row{0, 0, 1}}) {
        engine::received<network::ipv4> in;
        BOOST_TEST((take<network::ipv4, checksum::by_transport, trusted>(made<network::ipv4>(there4, here4, r.text), true, r.cut, &in) == taken::segment));
        BOOST_TEST(in.segments == r.segments);
        // A transport that says it never merges is not asked.
        BOOST_TEST((take<network::ipv4>(made<network::ipv4>(there4, here4, r.text), false, r.cut, &in) == taken::segment));
        BOOST_TEST(in.segments == 1);
    }
}

BOOST_AUTO_TEST_CASE(each_cause_has_its_counter) {
    using tenon::observer::what;
    BOOST_TEST((engine::as_count(taken::ip_header) == what::dropped_ip_header));
    BOOST_TEST((engine::as_count(taken::checksum) == what::dropped_checksum));
    BOOST_TEST((engine::as_count(taken::tcp_header) == what::dropped_tcp_header));
    BOOST_TEST((engine::as_count(taken::address) == what::dropped_address));
    BOOST_TEST((engine::as_count(taken::other) == what::dropped_other));
    BOOST_TEST((engine::as_count(taken::icmp) == what::dropped_other));
}

BOOST_AUTO_TEST_SUITE_END()
