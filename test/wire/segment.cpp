// SPDX-License-Identifier: BSL-1.0
// wire/segment, wire/parse and wire/emit: what is written is read back, and nothing malformed is read at all.
#include <tenon/wire/segment.hpp>

#include <boost/test/unit_test.hpp>

#include <tenon/wire/bytes.hpp>
#include <tenon/wire/emit.hpp>
#include <tenon/wire/parse.hpp>

#include "octets.hpp"

using namespace tenon::wire;
using tenon::sequence;
using wire_test::hex;
using wire_test::octets;

namespace {

// A SYN from port 54321 to 80 with MSS 1460, written out by hand from RFC 9293, 3.1.
auto const syn = "d431 0050 01020304 00000000 6002 faf0 0000 0000 020405b4";

parse_error error_of(octets const& o) {
    segment s;
    return parse(o, s);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(segments)

BOOST_AUTO_TEST_CASE(fields_are_where_rfc_9293_draws_them) {
    auto const o = hex("d431 0050 01020304 a1a2a3a4 6112 faf0 beef 1234 020405b4 6869");
    segment s;
    BOOST_REQUIRE(parse(o, s) == parse_error::none);
    BOOST_TEST(s.source == 54321);
    BOOST_TEST(s.destination == 80);
    BOOST_TEST(s.seq.value == 0x01020304u);
    BOOST_TEST(s.ack.value == 0xa1a2a3a4u);
    BOOST_TEST((s.control == (flag::syn | flag::ack | flag::ae)));
    BOOST_TEST(s.window == 0xfaf0);
    BOOST_TEST(s.urgent == 0x1234);
    BOOST_TEST(s.options.size() == 4u);
    BOOST_TEST((s.options.data() == o.data() + 20));
    BOOST_TEST(s.payload.size() == 2u);
    BOOST_TEST((s.payload.data() == o.data() + 24));
    BOOST_TEST(s.length() == 3u);
}

BOOST_AUTO_TEST_CASE(syn_and_fin_count_in_the_length) {
    segment s;
    BOOST_TEST(s.length() == 0u);
    s.control = flag::syn;
    BOOST_TEST(s.length() == 1u);
    s.control = flag::syn | flag::fin;
    BOOST_TEST(s.length() == 2u);
    s.control = flag::rst | flag::psh | flag::urg;
    BOOST_TEST(s.length() == 0u);
}

BOOST_AUTO_TEST_CASE(flags_are_a_set) {
    auto const f = flag::syn | flag::ack;
    BOOST_TEST(f.has(flag::syn));
    BOOST_TEST(!f.has(flag::fin));
    BOOST_TEST(f.any_of(flag::ack | flag::rst));
    BOOST_TEST(!f.any_of(flag::fin | flag::rst));
    BOOST_TEST(f.all_of(flag::ack));
    BOOST_TEST(!f.all_of(flag::ack | flag::rst));
    BOOST_TEST((f.without(flag::syn) == flags{flag::ack}));
    BOOST_TEST(((f & flag::syn) == flags{flag::syn}));
    BOOST_TEST(f.bits() == 18);
    BOOST_TEST(flags{}.bits() == 0);
}

BOOST_AUTO_TEST_CASE(reserved_bits_are_ignored) {
    auto o = hex(syn);
    o[12] |= std::byte{0x0e};
    segment s;
    BOOST_REQUIRE(parse(o, s) == parse_error::none);
    BOOST_TEST((s.control == flags{flag::syn}));
}

BOOST_AUTO_TEST_CASE(fewer_than_twenty_octets_are_no_segment) {
    auto const o = hex(syn);
    for (std::size_t n = 0; n < 20; ++n) BOOST_TEST((error_of(wire_test::first(o, n)) == parse_error::too_short));
}

BOOST_AUTO_TEST_CASE(data_offset_must_lie_within_the_segment) {
    auto o = hex(syn);
    for (unsigned words = 0; words < 16; ++words) {
        o[12] = static_cast<std::byte>(words << 4);
        bool const good = words == 5 || words == 6;
        BOOST_TEST((error_of(o) == (good ? parse_error::none : parse_error::bad_data_offset)));
    }
    octets sixty(60);
    sixty[12] = std::byte{0xf0};
    BOOST_TEST((error_of(sixty) == parse_error::none));
    BOOST_TEST((error_of(wire_test::first(sixty, 59)) == parse_error::bad_data_offset));
}

BOOST_AUTO_TEST_CASE(a_refused_segment_leaves_the_result_alone) {
    segment s;
    s.source = 7;
    auto o = hex(syn);
    o[12] = std::byte{0x40};
    BOOST_REQUIRE(parse(o, s) == parse_error::bad_data_offset);
    BOOST_TEST(s.source == 7);
}

BOOST_AUTO_TEST_CASE(a_header_is_written_octet_by_octet) {
    octets o(20, std::byte{0xee});
    write_header(o.data(), {54321, 80, sequence{0x01020304}, sequence{}, flag::syn, 0xfaf0, 0, 4});
    BOOST_TEST((o == wire_test::first(hex(syn), 20)));
    put_checksum(o.data(), 0xabcd);
    BOOST_TEST(get16(o.data() + 16) == 0xabcd);
}

BOOST_AUTO_TEST_CASE(every_header_written_is_read_back) {
    std::mt19937 random{wire_test::seed()};
    REPLAYABLE() for (int round = 0; round < 5000; ++round) {
        header const h{.source = static_cast<std::uint16_t>(random()), .destination = static_cast<std::uint16_t>(random()),
                       .seq = {static_cast<std::uint32_t>(random())}, .ack = {static_cast<std::uint32_t>(random())},
                       .control = flags{static_cast<std::uint16_t>(random() & 0x1ff)}, .window = static_cast<std::uint16_t>(random()),
                       .urgent = static_cast<std::uint16_t>(random()), .options = static_cast<std::uint8_t>(random() % 11 * 4)};
        octets o(20u + h.options + random() % 5);
        write_header(o.data(), h);
        segment s;
        BOOST_REQUIRE(parse(o, s) == parse_error::none);
        BOOST_REQUIRE_EQUAL(s.source, h.source);
        BOOST_REQUIRE_EQUAL(s.destination, h.destination);
        BOOST_REQUIRE(s.seq == h.seq);
        BOOST_REQUIRE(s.ack == h.ack);
        BOOST_REQUIRE(s.control == h.control);
        BOOST_REQUIRE_EQUAL(s.window, h.window);
        BOOST_REQUIRE_EQUAL(s.urgent, h.urgent);
        BOOST_REQUIRE_EQUAL(s.options.size(), h.options);
        BOOST_REQUIRE_EQUAL(s.payload.size(), o.size() - 20u - h.options);
    }
}

BOOST_AUTO_TEST_CASE(numbers_are_in_network_order) {
    octets o(8);
    BOOST_TEST((put32(put16(put8(o.data(), 1), 0x0203), 0x04050607) == o.data() + 7));
    BOOST_TEST((o == hex("01 0203 04050607 00")));
    BOOST_TEST(get32(o.data() + 3) == 0x04050607u);
    BOOST_TEST(get16(o.data() + 1) == 0x0203);
}

BOOST_AUTO_TEST_SUITE_END()
