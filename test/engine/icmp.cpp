// SPDX-License-Identifier: BSL-1.0
// ICMP errors in the terms of a connection: RFC 9293, 3.9.2.2; RFC 1191, 4 to 6; RFC 5927, 7.2; RFC 8201, 4.
#include <tenon/engine/icmp.hpp>
#include <tenon/policy/network/both.hpp>
#include <tenon/policy/network/ipv4.hpp>
#include <tenon/policy/network/ipv6.hpp>

#include <cstdint>
#include <vector>

#include <boost/test/unit_test.hpp>

using tenon::bytes;
using tenon::octets_in;
using tenon::wire::icmp_kind;
namespace engine = tenon::engine;
namespace network = tenon::network;
namespace wire = tenon::wire;

namespace {

constexpr auto here4 = tenon::ipv4(192, 0, 2, 1), peer4 = tenon::ipv4(192, 0, 2, 2), router4 = tenon::ipv4(203, 0, 113, 9);
constexpr auto here6 = tenon::ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1), peer6 = tenon::ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2),
               router6 = tenon::ipv6(0x2001, 0xdb8, 9, 0, 0, 0, 0, 9);

void put_tcp(std::byte* p) {
    wire::put16(p, 5000);
    wire::put16(p + 2, 80);
    wire::put32(p + 4, 0xdead'beef);
}

std::vector<std::byte> error4(std::uint8_t type, std::uint8_t code, std::uint16_t mtu) {
    std::vector<std::byte> m(8 + 20 + 8);
    m[0] = std::byte{type}, m[1] = std::byte{code};
    wire::put16(m.data() + 6, mtu);
    wire::write_ipv4(m.data() + 8, {.source = here4, .destination = peer4, .payload = 500});
    put_tcp(m.data() + 28);
    wire::put16(m.data() + 2, wire::finish(wire::sum(m)));
    return m;
}
std::vector<std::byte> error6(std::uint8_t type, std::uint8_t code, std::uint32_t mtu) {
    std::vector<std::byte> m(8 + 40 + 8);
    m[0] = std::byte{type}, m[1] = std::byte{code};
    wire::put32(m.data() + 4, mtu);
    wire::write_ipv6(m.data() + 8, {.source = here6, .destination = peer6, .payload = 500});
    put_tcp(m.data() + 48);
    wire::put16(m.data() + 2, wire::finish(wire::sum(m, wire::pseudo_header(router6, here6, static_cast<bytes>(m.size()), 58))));
    return m;
}

template <class Network>
bool read4(std::vector<std::byte> const& m, engine::icmp_notice<Network>& out) {
    wire::datagram<typename Network::address> ip{.payload = m, .protocol = 1};
    if constexpr (Network::v6) ip.source = to_mapped(router4), ip.destination = to_mapped(here4);
    else ip.source = router4, ip.destination = here4;
    return engine::read_icmp<Network>(ip, out);
}
template <class Network>
bool read6(std::vector<std::byte> const& m, engine::icmp_notice<Network>& out) {
    return engine::read_icmp<Network>({.source = router6, .destination = here6, .payload = m, .protocol = 58}, out);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_icmp)

BOOST_AUTO_TEST_CASE(the_quoted_segment_is_named) {
    engine::icmp_notice<network::ipv4> n4;
    BOOST_REQUIRE(read4(error4(3, 3, 0), n4));
    BOOST_TEST((n4.source == here4 && n4.destination == peer4 && n4.source_port == 5000 && n4.destination_port == 80));
    BOOST_TEST((n4.seq.value == 0xdead'beef && n4.kind == icmp_kind::unreachable_hard));
    engine::icmp_notice<network::both> both;
    BOOST_REQUIRE(read4(error4(11, 0, 0), both));
    BOOST_TEST((both.source == to_mapped(here4) && both.destination == to_mapped(peer4) && both.kind == icmp_kind::time_exceeded));
    BOOST_REQUIRE(read6(error6(1, 4, 0), both));
    BOOST_TEST((both.source == here6 && both.destination == peer6 && both.kind == icmp_kind::unreachable_hard));
    engine::icmp_notice<network::ipv6> n6;
    BOOST_REQUIRE(read6(error6(1, 0, 0), n6));
    BOOST_TEST((n6.kind == icmp_kind::unreachable_soft && n6.seq.value == 0xdead'beef));
}

// The MSS that a report of an MTU leaves: less the headers; RFC 5927, 7.2: never less than every path carries.
BOOST_AUTO_TEST_CASE(a_forged_mtu_pushes_nothing_below_the_floor) {
    struct row {
        std::uint32_t mtu;
        bytes         v4, v6;
    };
    for (auto const& r : {row{1500, 1460, 1440}, row{1280, 1240, 1220}, row{1006, 966, 1220}, row{576, 536, 1220}, row{575, 536, 1220},
                          row{68, 536, 1220}, row{40, 536, 1220}, row{1, 536, 1220}, row{0, 536, 1220}, row{65'535, 65'495, 65'475}}) {
        engine::icmp_notice<network::ipv4> n4;
        BOOST_REQUIRE(read4(error4(3, 4, static_cast<std::uint16_t>(r.mtu)), n4));
        BOOST_TEST((n4.kind == icmp_kind::too_big && n4.mss == r.v4));
        engine::icmp_notice<network::ipv6> n6;
        BOOST_REQUIRE(read6(error6(2, 0, r.mtu), n6));
        BOOST_TEST((n6.kind == icmp_kind::too_big && n6.mss == r.v6));
        engine::icmp_notice<network::both> both;
        BOOST_REQUIRE(read4(error4(3, 4, static_cast<std::uint16_t>(r.mtu)), both));
        BOOST_TEST(both.mss == r.v4);
        BOOST_REQUIRE(read6(error6(2, 0, r.mtu), both));
        BOOST_TEST(both.mss == r.v6);
    }
}

BOOST_AUTO_TEST_CASE(what_is_damaged_cut_or_no_error_says_nothing) {
    engine::icmp_notice<network::both> n;
    auto m = error4(3, 3, 0);
    m[30] ^= std::byte{1};
    BOOST_TEST(!read4(m, n));
    BOOST_TEST(!read4(error4(8, 0, 0), n));   // echo
    BOOST_TEST(!read4(error4(5, 0, 0), n));   // redirect
    BOOST_TEST(!read4(error4(4, 0, 0), n));   // RFC 6633: source quench
    BOOST_TEST(!read6(error6(128, 0, 0), n));
    for (std::size_t size = 0; size < 36; ++size) BOOST_TEST(!read4({m.begin(), m.begin() + static_cast<std::ptrdiff_t>(size)}, n));
}

BOOST_AUTO_TEST_SUITE_END()
