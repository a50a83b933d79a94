// SPDX-License-Identifier: BSL-1.0
#include <tenon/wire/ip.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "octets.hpp"
#include "support/requirement.hpp"

using namespace tenon::wire;
using tenon::ipv4;
using tenon::ipv4_address;
using tenon::ipv6;
using tenon::ipv6_address;
using wire_test::hex;
using wire_test::octets;

namespace {

// A header of RFC 791 with a checksum computed by hand: 192.168.0.1 to 192.168.0.199, UDP, 115 octets in all.
auto const known = "4500 0073 0000 4000 4011 b861 c0a80001 c0a800c7";

octets with_checksum(octets o) {
    std::size_t const header = (get8(o.data()) & 15u) * std::size_t{4};
    put16(o.data() + 10, 0);
    put16(o.data() + 10, finish(sum({o.data(), header})));
    return o;
}

ip_error v4(octets const& o) {
    datagram<ipv4_address> d;
    return read_ipv4(o, d);
}
ip_error v6(octets const& o) {
    datagram<ipv6_address> d;
    return read_ipv6(o, d);
}

octets good() {  // 20 octets of header, 6 of payload
    octets o(26);
    write_ipv4(o.data(), {.source = ipv4(192, 0, 2, 1), .destination = ipv4(192, 0, 2, 2), .payload = 6});
    return o;
}

// Fixed header plus `rest`, the first of which is of type `next`.
octets packet6(std::uint8_t next, octets const& rest) {
    octets o(40 + rest.size());
    write_ipv6(o.data(), {.source = ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1), .destination = ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2),
                          .payload = static_cast<std::uint16_t>(rest.size()), .protocol = next});
    std::copy(rest.begin(), rest.end(), o.begin() + 40);
    return o;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ip_version_4)

BOOST_AUTO_TEST_CASE(a_known_header_is_read) {
    octets o = hex(known);
    o.resize(0x73 + 3);  // three octets of link padding
    datagram<ipv4_address> d;
    BOOST_REQUIRE(read_ipv4(o, d) == ip_error::none);
    BOOST_TEST((d.source == ipv4(192, 168, 0, 1)));
    BOOST_TEST((d.destination == ipv4(192, 168, 0, 199)));
    BOOST_TEST(d.protocol == 17);
    BOOST_TEST(d.ttl == 64);
    BOOST_TEST(d.traffic_class == 0);
    BOOST_TEST(d.payload.size() == 0x73u - 20);
    BOOST_TEST((d.payload.data() == o.data() + 20));
}

BOOST_AUTO_TEST_CASE(the_known_header_is_written) {
    octets o(20, std::byte{0xee});
    write_ipv4(o.data(), {.source = ipv4(192, 168, 0, 1), .destination = ipv4(192, 168, 0, 199), .payload = 0x73 - 20, .protocol = 17});
    BOOST_TEST((o == hex(known)));
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read) {
    std::mt19937 random{wire_test::seed()};
    REPLAYABLE() for (int round = 0; round < 3000; ++round) {
        ipv4_header const h{.source = {static_cast<std::uint32_t>(random())}, .destination = {static_cast<std::uint32_t>(random())},
                            .payload = static_cast<std::uint16_t>(random() % 100), .identification = static_cast<std::uint16_t>(random()),
                            .protocol = static_cast<std::uint8_t>(random()), .ttl = static_cast<std::uint8_t>(random()),
                            .traffic_class = static_cast<std::uint8_t>(random())};
        octets o(20u + h.payload);
        write_ipv4(o.data(), h);
        datagram<ipv4_address> d;
        BOOST_REQUIRE(read_ipv4(o, d) == ip_error::none);
        BOOST_REQUIRE(d.source == h.source && d.destination == h.destination);
        BOOST_REQUIRE(d.protocol == h.protocol && d.ttl == h.ttl && d.traffic_class == h.traffic_class);
        BOOST_REQUIRE_EQUAL(d.payload.size(), h.payload);
        BOOST_REQUIRE_EQUAL(get16(o.data() + 4), h.identification);
        BOOST_REQUIRE_EQUAL(get16(o.data() + 6), 0x4000);  // Don't Fragment, RFC 1191
    }
}

BOOST_AUTO_TEST_CASE(lengths_that_lie_are_refused) {  // P08
    auto const o = good();
    for (std::size_t n = 0; n < 20; ++n) BOOST_TEST((v4(wire_test::first(o, n)) == ip_error::too_short));
    for (std::size_t n = 20; n < 26; ++n) BOOST_TEST((v4(wire_test::first(o, n)) == ip_error::bad_total_length));
    for (unsigned total = 0; total < 0x10000; total += total < 40 ? 1 : 997) {
        auto lie = o;
        put16(lie.data() + 2, static_cast<std::uint16_t>(total));
        auto const expected = total >= 20 && total <= 26 ? ip_error::none : ip_error::bad_total_length;
        BOOST_TEST((v4(with_checksum(lie)) == expected));
    }
    for (unsigned words = 0; words < 16; ++words) {
        auto lie = o;
        lie[0] = static_cast<std::byte>(0x40 | words);
        if (words < 5) BOOST_TEST((v4(lie) == ip_error::bad_header_length));
        if (words > 6) BOOST_TEST((v4(lie) == ip_error::bad_total_length));
    }
}

BOOST_AUTO_TEST_CASE(options_are_stepped_over, *tenon::test::requirement("MUST-50")) {
    octets o(20 + 4 + 3);
    write_ipv4(o.data(), {.payload = 7});
    o[0] = std::byte{0x46};
    o = with_checksum(o);
    datagram<ipv4_address> d;
    BOOST_REQUIRE(read_ipv4(o, d) == ip_error::none);
    BOOST_TEST(d.payload.size() == 3u);
    BOOST_TEST((d.payload.data() == o.data() + 24));
    o[22] ^= std::byte{1};  // the checksum covers the options
    BOOST_TEST((v4(o) == ip_error::bad_checksum));
}

BOOST_AUTO_TEST_CASE(version_and_every_flipped_bit) {
    for (unsigned version = 0; version < 16; ++version) {
        auto o = good();
        o[0] = static_cast<std::byte>(version << 4 | 5);
        BOOST_TEST((v4(with_checksum(o)) == (version == 4 ? ip_error::none : ip_error::bad_version)));
    }
    for (std::size_t bit = 0; bit < 160; ++bit) {
        auto o = good();
        o[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
        BOOST_TEST((v4(o) != ip_error::none));
    }
}

BOOST_AUTO_TEST_CASE(fragments_are_refused_and_whole_packets_are_not) {
    auto const with = [](std::uint16_t bits) {
        auto o = good();
        put16(o.data() + 6, bits);
        return v4(with_checksum(o));
    };
    BOOST_TEST((with(0x0000) == ip_error::none));
    BOOST_TEST((with(0x4000) == ip_error::none));
    BOOST_TEST((with(0x2000) == ip_error::fragment));  // the first
    BOOST_TEST((with(0x2001) == ip_error::fragment));
    BOOST_TEST((with(0x1fff) == ip_error::fragment));  // the last
    for (unsigned bit = 0; bit < 13; ++bit) BOOST_TEST((with(static_cast<std::uint16_t>(1u << bit)) == ip_error::fragment));
}

BOOST_AUTO_TEST_CASE(pseudo_header_of_rfc_9293) {
    auto const pseudo = hex("c0000201 c6336402 00 06 0029");
    BOOST_TEST(fold(pseudo_header(ipv4(192, 0, 2, 1), ipv4(198, 51, 100, 2), 41)) == fold(sum(pseudo)));
    BOOST_TEST(fold(pseudo_header(ipv4(255, 255, 255, 255), ipv4(255, 255, 255, 255), 65515, 255))
               == fold(sum(hex("ffffffff ffffffff 00ff ffeb"))));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(ip_version_6)

BOOST_AUTO_TEST_CASE(a_header_is_written_as_rfc_8200_draws_it) {
    octets o(40, std::byte{0xee});
    write_ipv6(o.data(), {.source = ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1), .destination = ipv6(0xfe80, 0, 0, 0, 1, 2, 3, 4), .payload = 20,
                          .flow_label = 0xabcde, .ttl = 63, .traffic_class = 0xb9});
    BOOST_TEST((o == hex("6b9abcde 0014 06 3f 20010db8 00000000 00000000 00000001 fe800000 00000000 00010002 00030004")));
    o.resize(61);
    datagram<ipv6_address> d;
    BOOST_REQUIRE(read_ipv6(o, d) == ip_error::none);
    BOOST_TEST((d.source == ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)));
    BOOST_TEST((d.destination == ipv6(0xfe80, 0, 0, 0, 1, 2, 3, 4)));
    BOOST_TEST(d.protocol == 6);
    BOOST_TEST(d.ttl == 63);
    BOOST_TEST(d.traffic_class == 0xb9);
    BOOST_TEST(d.payload.size() == 20u);  // the octet behind is the link's
}

BOOST_AUTO_TEST_CASE(lengths_and_versions_that_lie_are_refused) {
    auto const o = packet6(6, octets(10));
    for (std::size_t n = 0; n < 40; ++n) BOOST_TEST((v6(wire_test::first(o, n)) == ip_error::too_short));
    for (std::size_t n = 40; n < 50; ++n) BOOST_TEST((v6(wire_test::first(o, n)) == ip_error::bad_total_length));
    auto wrong = o;
    wrong[0] = std::byte{0x45};
    BOOST_TEST((v6(wrong) == ip_error::bad_version));
}

BOOST_AUTO_TEST_CASE(extension_headers_are_walked) {
    // hop-by-hop (PadN, router alert), destination options (Pad1 x6), routing without segments left, then TCP.
    auto const o = packet6(0, hex("3c00 0100 05020000 2b00 000000000000 0600 0000 00000000 aabb"));
    datagram<ipv6_address> d;
    BOOST_REQUIRE(read_ipv6(o, d) == ip_error::none);
    BOOST_TEST(d.protocol == 6);
    BOOST_TEST((octets(d.payload.begin(), d.payload.end()) == hex("aabb")));
}

BOOST_AUTO_TEST_CASE(an_extension_header_longer_than_eight_octets) {
    datagram<ipv6_address> d;
    BOOST_REQUIRE(read_ipv6(packet6(60, hex("0601 010c 000000000000000000000000 cc")), d) == ip_error::none);
    BOOST_TEST(d.payload.size() == 1u);
}

BOOST_AUTO_TEST_CASE(every_cut_of_a_chain_is_refused) {
    auto const chain = hex("3c00 0100 05020000 2b01 010c 0000000000000000 00000000 0600 0000 00000000");
    for (std::size_t n = 0; n < chain.size(); ++n)
        BOOST_TEST((v6(packet6(0, wire_test::first(chain, n))) == ip_error::bad_header_length));
    BOOST_TEST((v6(packet6(0, chain)) == ip_error::none));
}

BOOST_AUTO_TEST_CASE(unknown_options_obey_their_highest_bits) {  // RFC 8200, 4.2
    for (unsigned type = 1; type < 256; ++type) {
        auto rest = hex("0600 0004 00000000");
        rest[2] = static_cast<std::byte>(type);
        auto const expected = type < 0x40 ? ip_error::none : ip_error::unknown_option;
        BOOST_TEST((v6(packet6(0, rest)) == expected));
        BOOST_TEST((v6(packet6(60, rest)) == expected));
    }
    BOOST_TEST((v6(packet6(60, hex("0600 0105 00000000"))) == ip_error::unknown_option));  // overruns its header
    BOOST_TEST((v6(packet6(60, hex("0600 0000 00000001"))) == ip_error::unknown_option));  // no length octet
}

BOOST_AUTO_TEST_CASE(fragments_segments_left_and_misplaced_headers) {
    BOOST_TEST((v6(packet6(44, hex("0600 0001 00000001 aa"))) == ip_error::fragment));  // M
    BOOST_TEST((v6(packet6(44, hex("0600 0008 00000001 aa"))) == ip_error::fragment));  // offset 1
    datagram<ipv6_address> d;
    BOOST_REQUIRE(read_ipv6(packet6(44, hex("06ff 0006 00000001 aa")), d) == ip_error::none);  // atomic, reserved bits set
    BOOST_TEST(d.payload.size() == 1u);
    BOOST_TEST((v6(packet6(43, hex("0600 0001 00000000"))) == ip_error::route_not_finished));
    BOOST_TEST((v6(packet6(43, hex("0600 fd00 00000000"))) == ip_error::none));
    BOOST_TEST((v6(packet6(60, hex("0000 000000000000 0600 000000000000"))) == ip_error::misplaced_extension));
}

BOOST_AUTO_TEST_CASE(a_long_chain_is_cut_off) {
    auto const chain = [](std::size_t n) {
        octets rest(8 * n);
        for (std::size_t i = 0; i < n; ++i) rest[8 * i] = i + 1 == n ? std::byte{6} : std::byte{60};
        return packet6(60, rest);
    };
    BOOST_TEST((v6(chain(8)) == ip_error::none));
    BOOST_TEST((v6(chain(9)) == ip_error::too_many_extensions));
    BOOST_TEST((v6(chain(8000)) == ip_error::too_many_extensions));
}

BOOST_AUTO_TEST_CASE(other_protocols_are_handed_on) {
    for (std::uint8_t const next : {std::uint8_t{58}, std::uint8_t{59}, std::uint8_t{50}, std::uint8_t{17}}) {
        datagram<ipv6_address> d;
        BOOST_REQUIRE(read_ipv6(packet6(next, hex("00")), d) == ip_error::none);
        BOOST_TEST(d.protocol == next);
    }
}

BOOST_AUTO_TEST_CASE(pseudo_header_has_a_length_of_32_bits) {  // P10, RFC 8200, 8.1
    auto const a = ipv6(0x2001, 0xdb8, 1, 2, 3, 4, 5, 6), b = ipv6(0xfe80, 0, 0, 0, 0xffff, 0xabcd, 0, 1);
    auto const pseudo = hex("20010db8 00010002 00030004 00050006 fe800000 00000000 ffffabcd 00000001 00012345 00000006");
    BOOST_TEST(fold(pseudo_header(a, b, 0x12345)) == fold(sum(pseudo)));
}

BOOST_AUTO_TEST_CASE(random_packets_do_no_harm) {
    std::mt19937 random{wire_test::seed()};
    constexpr std::uint8_t likely[] = {0, 1, 4, 6, 43, 44, 60, 60};
    REPLAYABLE() for (int round = 0; round < 100'000; ++round) {
        octets rest(random() % 120);
        for (auto& octet : rest) octet = std::byte{random() % 8 == 0 ? static_cast<std::uint8_t>(random()) : likely[random() % 8]};
        auto const o = packet6(likely[random() % 8], rest);
        datagram<ipv6_address> d;
        if (read_ipv6(o, d) != ip_error::none) continue;
        BOOST_REQUIRE(d.payload.data() + d.payload.size() == o.data() + o.size());
    }
}

BOOST_AUTO_TEST_SUITE_END()
