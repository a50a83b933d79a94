// SPDX-License-Identifier: BSL-1.0
#include <tenon/wire/icmp.hpp>

#include <boost/test/unit_test.hpp>

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

auto const here4 = ipv4(192, 0, 2, 1), peer4 = ipv4(198, 51, 100, 2);
auto const here6 = ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1), peer6 = ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2);
auto const router6 = ipv6(0xfe80, 0, 0, 0, 0, 0, 0, 9);

// Type, code, the second word, then what is quoted.
octets message(std::uint8_t type, std::uint8_t code, std::uint32_t word, octets const& quote) {
    octets o(8);
    put8(put8(o.data(), type), code);
    put32(o.data() + 4, word);
    o.insert(o.end(), quote.begin(), quote.end());
    return o;
}

octets quoted4(std::uint8_t protocol = 6, std::size_t tcp = 8) {
    octets o(28);
    write_ipv4(o.data(), {.source = here4, .destination = peer4, .payload = 1480, .protocol = protocol});
    put32(put16(put16(o.data() + 20, 54321), 80), 0xa1b2c3d4);
    o.resize(20 + tcp);
    return o;
}

icmp_result read4(octets o, icmp_error<ipv4_address>& e) {
    if (o.size() >= 4) put16(o.data() + 2, finish(sum(o)));
    return read_icmpv4(o, e);
}
icmp_result read4(octets const& o) {
    icmp_error<ipv4_address> e;
    return read4(o, e);
}

octets quoted6(std::uint8_t next = 6, octets const& extensions = {}) {
    octets o(40);
    write_ipv6(o.data(), {.source = here6, .destination = peer6, .payload = 1440, .protocol = next});
    o.insert(o.end(), extensions.begin(), extensions.end());
    auto const at = o.size();
    o.resize(at + 8);
    put32(put16(put16(o.data() + at, 54321), 80), 0xa1b2c3d4);
    return o;
}

icmp_result read6(octets o, icmp_error<ipv6_address>& e) {
    if (o.size() >= 4)
        put16(o.data() + 2, finish(sum(o, pseudo_header(router6, here6, static_cast<tenon::bytes>(o.size()), 58))));
    return read_icmpv6({router6, here6, o, 58, 64, 0}, e);
}
icmp_result read6(octets const& o) {
    icmp_error<ipv6_address> e;
    return read6(o, e);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(icmp)

BOOST_AUTO_TEST_CASE(a_closed_port_names_the_segment_it_is_about) {
    icmp_error<ipv4_address> e;
    BOOST_REQUIRE(read4(message(3, 3, 0, quoted4()), e) == icmp_result::error);
    BOOST_TEST((e.kind == icmp_kind::unreachable_hard));
    BOOST_TEST(e.type == 3);
    BOOST_TEST(e.code == 3);
    BOOST_TEST((e.source == here4 && e.destination == peer4));
    BOOST_TEST(e.source_port == 54321);
    BOOST_TEST(e.destination_port == 80);
    BOOST_TEST(e.seq.value == 0xa1b2c3d4u);
    BOOST_TEST(e.mtu == 0u);
    BOOST_TEST(e.quoted_length == 1500u);
}

BOOST_AUTO_TEST_CASE(hard_and_soft_as_rfc_9293_section_3_9_2_2_lists_them, *tenon::test::requirement("MUST-56, SHLD-26")) {
    for (std::uint8_t code = 0; code < 16; ++code) {
        icmp_error<ipv4_address> e;
        BOOST_REQUIRE(read4(message(3, code, 0, quoted4()), e) == icmp_result::error);
        auto const expected = code == 4 ? icmp_kind::too_big : code == 2 || code == 3 ? icmp_kind::unreachable_hard : icmp_kind::unreachable_soft;
        BOOST_TEST((e.kind == expected));
    }
    for (std::uint8_t code = 0; code < 2; ++code) {
        icmp_error<ipv4_address> e;
        BOOST_REQUIRE(read4(message(11, code, 0, quoted4()), e) == icmp_result::error);
        BOOST_TEST((e.kind == icmp_kind::time_exceeded));
    }
    icmp_error<ipv4_address> e;
    BOOST_REQUIRE(read4(message(12, 0, 0, quoted4()), e) == icmp_result::error);
    BOOST_TEST((e.kind == icmp_kind::parameter_problem));
}

BOOST_AUTO_TEST_CASE(fragmentation_needed_tells_the_mtu) {  // RFC 1191, 4
    icmp_error<ipv4_address> e;
    BOOST_REQUIRE(read4(message(3, 4, 1280, quoted4()), e) == icmp_result::error);
    BOOST_TEST((e.kind == icmp_kind::too_big));
    BOOST_TEST(e.mtu == 1280u);
    // The upper half of the word is unused, an old router leaves all of it zero.
    BOOST_REQUIRE(read4(message(3, 4, 0xffff'0000, quoted4()), e) == icmp_result::error);
    BOOST_TEST(e.mtu == 0u);
}

BOOST_AUTO_TEST_CASE(source_quench_and_messages_that_are_no_errors, *tenon::test::requirement("MUST-55")) {  // RFC 6633, 5
    for (unsigned type = 0; type < 256; ++type)
        BOOST_TEST((read4(message(static_cast<std::uint8_t>(type), 0, 0, quoted4())) == icmp_result::error) == (type == 3 || type == 11 || type == 12));
    BOOST_TEST((read4(message(4, 0, 0, quoted4())) == icmp_result::not_an_error));
}

BOOST_AUTO_TEST_CASE(every_cut_of_a_message_is_refused) {
    auto const whole = message(3, 1, 0, quoted4());
    for (std::size_t n = 0; n < whole.size(); ++n)
        BOOST_TEST((read4(wire_test::first(whole, n)) == (n < 8 ? icmp_result::too_short : icmp_result::bad_quote)));
    BOOST_TEST((read4(message(3, 1, 0, quoted4(6, 7))) == icmp_result::bad_quote));
    BOOST_TEST((read4(message(3, 1, 0, quoted4(6, 40))) == icmp_result::error));
}

BOOST_AUTO_TEST_CASE(every_flipped_bit_is_noticed) {
    auto whole = message(3, 1, 0, quoted4());
    put16(whole.data() + 2, finish(sum(whole)));
    icmp_error<ipv4_address> e;
    BOOST_REQUIRE(read_icmpv4(whole, e) == icmp_result::error);
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        auto o = whole;
        o[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
        BOOST_TEST((read_icmpv4(o, e) != icmp_result::error));
    }
}

BOOST_AUTO_TEST_CASE(the_quoted_header_is_examined) {
    BOOST_TEST((read4(message(3, 1, 0, quoted4(17))) == icmp_result::not_tcp));
    auto quote = quoted4();
    quote[0] = std::byte{0x65};
    BOOST_TEST((read4(message(3, 1, 0, quote)) == icmp_result::bad_quote));
    quote[0] = std::byte{0x44};
    BOOST_TEST((read4(message(3, 1, 0, quote)) == icmp_result::bad_quote));
    quote[0] = std::byte{0x4f};
    BOOST_TEST((read4(message(3, 1, 0, quote)) == icmp_result::bad_quote));
    quote = quoted4();
    put16(quote.data() + 6, 0x0001);  // a later fragment has no TCP header
    BOOST_TEST((read4(message(11, 1, 0, quote)) == icmp_result::not_tcp));
    // Options between the quoted IP header and TCP.
    quote = quoted4();
    quote[0] = std::byte{0x46};
    quote.insert(quote.begin() + 20, 4, std::byte{1});
    icmp_error<ipv4_address> e;
    BOOST_REQUIRE(read4(message(3, 1, 0, quote), e) == icmp_result::error);
    BOOST_TEST(e.source_port == 54321);
}

BOOST_AUTO_TEST_CASE(version_6_errors_of_rfc_4443) {
    icmp_error<ipv6_address> e;
    BOOST_REQUIRE(read6(message(2, 0, 0x0001'0500, quoted6()), e) == icmp_result::error);
    BOOST_TEST((e.kind == icmp_kind::too_big));
    BOOST_TEST(e.mtu == 0x10500u);
    BOOST_TEST((e.source == here6 && e.destination == peer6));
    BOOST_TEST(e.source_port == 54321);
    BOOST_TEST(e.destination_port == 80);
    BOOST_TEST(e.seq.value == 0xa1b2c3d4u);
    BOOST_TEST(e.quoted_length == 1480u);
    for (std::uint8_t code = 0; code < 7; ++code) {
        BOOST_REQUIRE(read6(message(1, code, 0, quoted6()), e) == icmp_result::error);
        BOOST_TEST((e.kind == (code == 4 ? icmp_kind::unreachable_hard : icmp_kind::unreachable_soft)));
        BOOST_TEST(e.mtu == 0u);
    }
    BOOST_REQUIRE(read6(message(3, 0, 0, quoted6()), e) == icmp_result::error);
    BOOST_TEST((e.kind == icmp_kind::time_exceeded));
    BOOST_REQUIRE(read6(message(4, 1, 0, quoted6()), e) == icmp_result::error);
    BOOST_TEST((e.kind == icmp_kind::parameter_problem));
    for (unsigned type = 5; type < 256; ++type)
        BOOST_TEST((read6(message(static_cast<std::uint8_t>(type), 0, 0, quoted6())) == icmp_result::not_an_error));
}

BOOST_AUTO_TEST_CASE(version_6_checksum_covers_the_addresses) {
    auto o = message(1, 0, 0, quoted6());
    put16(o.data() + 2, finish(sum(o, pseudo_header(router6, here6, static_cast<tenon::bytes>(o.size()), 58))));
    icmp_error<ipv6_address> e;
    BOOST_TEST((read_icmpv6({router6, here6, o, 58, 64, 0}, e) == icmp_result::error));
    BOOST_TEST((read_icmpv6({peer6, here6, o, 58, 64, 0}, e) == icmp_result::bad_checksum));
}

BOOST_AUTO_TEST_CASE(version_6_quotes_with_extension_headers) {
    icmp_error<ipv6_address> e;
    BOOST_REQUIRE(read6(message(1, 0, 0, quoted6(60, hex("0600 000000000000"))), e) == icmp_result::error);
    BOOST_TEST(e.source_port == 54321);
    BOOST_TEST((read6(message(1, 0, 0, quoted6(17))) == icmp_result::not_tcp));
    BOOST_TEST((read6(message(1, 0, 0, quoted6(44, hex("0600 0008 00000000")))) == icmp_result::not_tcp));
    auto const whole = message(1, 0, 0, quoted6(60, hex("0600 000000000000")));
    for (std::size_t n = 0; n < whole.size(); ++n)
        BOOST_TEST((read6(wire_test::first(whole, n)) == (n < 8 ? icmp_result::too_short : icmp_result::bad_quote)));
}

BOOST_AUTO_TEST_SUITE_END()
