// SPDX-License-Identifier: BSL-1.0
#include <tenon/wire/option.hpp>

#include <boost/test/unit_test.hpp>

#include "octets.hpp"
#include "support/requirement.hpp"

using namespace tenon::wire;
using wire_test::hex;
using wire_test::octets;

namespace {

constexpr auto every = static_cast<option_set>(255);
auto read(octets const& o) { return read_options<every>(o); }
auto read(char const* text) { return read_options<every>(hex(text)); }

std::vector<unsigned> kinds(octets const& o, bool& malformed) {
    std::vector<unsigned> result;
    option_reader reader{o};
    for (option one; reader.next(one);) result.push_back(static_cast<unsigned>(one.kind));
    malformed = reader.malformed();
    return result;
}

template <class T> concept has_mss = requires (T v) { v.mss; };
template <class T> concept has_timestamps = requires (T v) { v.timestamps; };
static_assert(has_mss<option_values<option_set::mss>> && !has_timestamps<option_values<option_set::mss>>);
static_assert(!has_mss<option_values<option_set::timestamps>> && has_timestamps<option_values<option_set::timestamps>>);
static_assert(sizeof(option_values<option_set::none>) == sizeof(option_set), "what is unwanted takes no room");
static_assert(sizeof(option_values<option_set::mss>) == 8);

}  // namespace

BOOST_AUTO_TEST_SUITE(options)

BOOST_AUTO_TEST_CASE(a_syn_as_linux_sends_it) {
    auto const v = read("020405b4 0402 080a 00000001 00000000 01 030307");
    BOOST_TEST(v.mss == 1460);
    BOOST_TEST(v.has(option_set::sack_permitted));
    BOOST_TEST((v.timestamps == timestamp_pair{1, 0}));
    BOOST_TEST(v.window_scale == 7);
    BOOST_TEST((v.found == (option_set::mss | option_set::sack_permitted | option_set::timestamps | option_set::window_scale)));
}

BOOST_AUTO_TEST_CASE(the_common_data_segment) {
    auto const v = read("0101080a 11223344 55667788");
    BOOST_TEST((v.found == option_set::timestamps));
    BOOST_TEST((v.timestamps == timestamp_pair{0x11223344, 0x55667788}));
    // The same octets cut or lengthened go the long way and must agree.
    BOOST_TEST((read("0101080a 11223344 55667788 01010101").timestamps == v.timestamps));
    BOOST_TEST((read("0101080a 11223344 556677").found == option_set::none));
    BOOST_TEST((read("080a 11223344 55667788 0101").timestamps == v.timestamps));
}

BOOST_AUTO_TEST_CASE(no_options_and_end_of_list, *tenon::test::requirement("MUST-4")) {
    BOOST_TEST((read(octets{}).found == option_set::none));
    BOOST_TEST((read_options<every>(tenon::octets_in{}).found == option_set::none));
    BOOST_TEST((read("00 020405b4 000000").found == option_set::none));
    bool malformed = true;
    BOOST_TEST(kinds(hex("01 01 00 03"), malformed).empty());
    BOOST_TEST(!malformed);
}

BOOST_AUTO_TEST_CASE(length_zero_or_one_ends_the_walk, *tenon::test::requirement("MUST-7")) {  // P01, P02
    for (unsigned kind = 2; kind < 256; ++kind)
        for (unsigned length = 0; length < 2; ++length) {
            octets o = hex("0204 05b4 00 00 0402");
            o[4] = static_cast<std::byte>(kind);
            o[5] = static_cast<std::byte>(length);
            bool malformed = false;
            BOOST_TEST(kinds(o, malformed).size() == 1u);
            BOOST_TEST(malformed);
            auto const v = read(o);
            BOOST_TEST((v.found == option_set::mss));
        }
}

BOOST_AUTO_TEST_CASE(an_overrunning_length_ends_the_walk, *tenon::test::requirement("MUST-7")) {  // P03
    bool malformed = false;
    BOOST_TEST(kinds(hex("0402 0228"), malformed) == std::vector<unsigned>{4}, boost::test_tools::per_element());
    BOOST_TEST(malformed);
    BOOST_TEST(kinds(hex("010101 08"), malformed).empty());  // a kind without a length
    BOOST_TEST(malformed);
    BOOST_TEST((read("0204 05").found == option_set::none));
    BOOST_TEST((read("01010101 ff29").found == option_set::none));
}

BOOST_AUTO_TEST_CASE(a_wrong_length_is_as_if_absent_and_the_rest_is_read) {  // P04
    for (auto const* bad : {"0203 05", "0205 05b4 00", "0202", "0302", "0304 0707", "0809 0000000000 0000", "0802",
                            "080b 00000001 00000002 00", "0403 00", "0404 0000", "0502", "0503 00", "0509 00000000 000000",
                            "0522 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000", "1c03 01", "1c05 010101",
                            "1c04 0000", "1c04 8000", "2205 010203", "2204 0102", "2203 01", "2207 0102030405",
                            "2214 0102030405060708 0102030405060708 0102"}) {
        octets o = hex(bad);
        bool const whole = o.size() == std::to_integer<std::size_t>(o[1]);
        for (auto const octet : hex("0204 0218")) o.push_back(octet);
        auto const v = read(o);
        if (o.size() > 36) continue;  // four SACK blocks are a right length: tested below
        BOOST_TEST_CONTEXT(bad) {
            BOOST_TEST(whole);
            BOOST_TEST((v.found == option_set::mss));
            BOOST_TEST(v.mss == 536);
        }
    }
}

BOOST_AUTO_TEST_CASE(of_two_the_first_counts) {  // P11
    auto const v = read("0204 05b4 0204 0218 0303 02 0303 09");
    BOOST_TEST(v.mss == 1460);
    BOOST_TEST(v.window_scale == 2);
    BOOST_TEST((read("080a 00000001 00000002 080a 00000003 00000004").timestamps == timestamp_pair{1, 2}));
    BOOST_TEST(read("1c04 0001 1c04 0002").user_timeout.value == 1);
    BOOST_TEST(read("2206 01010101 2208 020202020202").fast_open.size() == 4u);
    BOOST_TEST(read("ac05 000001 ae05 000002").accurate_ecn.ect_0() == 1u);
    // The first that is well formed.
    BOOST_TEST(read("0203 05 0204 0218").mss == 536);
    auto const sacks = read("050a 00000001 00000002 050a 00000003 00000004");
    BOOST_REQUIRE(sacks.sack.size() == 1u);
    BOOST_TEST(sacks.sack[0].left.value == 1u);
}

BOOST_AUTO_TEST_CASE(forty_nops_and_nothing_beyond_forty_octets, *tenon::test::requirement("MUST-4")) {  // P12
    octets o(40, std::byte{1});
    bool malformed = true;
    BOOST_TEST(kinds(o, malformed).empty());
    BOOST_TEST(!malformed);
    for (auto const octet : hex("0204 05b4")) o.push_back(octet);
    BOOST_TEST(kinds(o, malformed).empty());
}

BOOST_AUTO_TEST_CASE(window_scale_is_clamped_to_fourteen) {  // RFC 7323, 2.3
    for (unsigned shift = 0; shift < 256; ++shift) {
        octets o = hex("0303 00 00");
        o[2] = static_cast<std::byte>(shift);
        BOOST_TEST(read(o).window_scale == std::min(shift, 14u));
    }
}

BOOST_AUTO_TEST_CASE(one_to_four_sack_blocks) {
    octets o = hex("0502");
    for (std::uint32_t n = 1; n <= 4; ++n) {
        o[1] = static_cast<std::byte>(2 + 8 * n);
        o.resize(2 + 8 * n);
        put32(put32(o.data() + 8 * n - 6, 100 * n), 100 * n + 10);
        auto const v = read(o);
        BOOST_REQUIRE(v.sack.size() == n);
        for (std::uint32_t i = 0; i < n; ++i)
            BOOST_TEST((v.sack[i] == sack_block{{100 * (i + 1)}, {100 * (i + 1) + 10}}));
    }
}

BOOST_AUTO_TEST_CASE(user_timeout_of_rfc_5482) {
    BOOST_TEST((read("1c04 0001").user_timeout == user_timeout_value{false, 1}));
    BOOST_TEST(read("1c04 8005").user_timeout.seconds() == 300u);
    BOOST_TEST(read("1c04 7fff").user_timeout.seconds() == 32767u);
    BOOST_TEST(read("1c04 ffff").user_timeout.seconds() == 32767u * 60);
}

BOOST_AUTO_TEST_CASE(fast_open_cookies_of_rfc_7413) {
    auto const request = read("2202 0101");
    BOOST_TEST(request.has(option_set::fast_open));
    BOOST_TEST(request.fast_open.empty());
    for (std::size_t n = 1; n <= 20; ++n) {
        octets o(n + 2, std::byte{7});
        o[0] = std::byte{34};
        o[1] = static_cast<std::byte>(n + 2);
        auto const v = read_options<option_set::fast_open>(o);
        bool const good = n >= 4 && n <= 16 && n % 2 == 0;
        BOOST_TEST(v.has(option_set::fast_open) == good);
        BOOST_TEST(v.fast_open.size() == (good ? n : 0));
    }
}

BOOST_AUTO_TEST_CASE(accurate_ecn_of_rfc_9768) {
    auto const zero = read("ac0b 000001 000002 000003 01").accurate_ecn;
    BOOST_TEST((zero.has_ect_0() && zero.has_ce() && zero.has_ect_1()));
    BOOST_TEST(zero.ect_0() == 1u);
    BOOST_TEST(zero.ce() == 2u);
    BOOST_TEST(zero.ect_1() == 3u);
    auto const one = read("ae08 ffffff 010203").accurate_ecn;
    BOOST_TEST((!one.has_ect_0() && one.has_ce() && one.has_ect_1()));
    BOOST_TEST(one.ect_1() == 0xffffffu);
    BOOST_TEST(one.ce() == 0x010203u);
    BOOST_TEST(read("ac02").has(option_set::accurate_ecn));
    BOOST_TEST(!read("ac02").accurate_ecn.has_ect_0());
    // Other lengths: the whole fields count, the remainder is padding.
    BOOST_TEST(read("ac07 000009 0000").accurate_ecn.fields == 1);
    BOOST_TEST(read("ac07 000009 0000").accurate_ecn.ect_0() == 9u);
    BOOST_TEST(read("ac0f 000001 000002 000003 000004 00").accurate_ecn.fields == 3);
}

BOOST_AUTO_TEST_CASE(experiments_show_their_identifier) {
    auto const o = hex("fe08 f989 01020304");
    option_reader reader{o};
    option one;
    BOOST_REQUIRE(reader.next(one));
    BOOST_TEST((one.kind == option_kind::experiment_2));
    BOOST_TEST(one.experiment() == fast_open_experiment);
    BOOST_TEST(one.body.size() == 6u);
    BOOST_TEST(option{}.experiment() == 0);
}

BOOST_AUTO_TEST_CASE(writers_lay_out_what_linux_sends) {
    octets o(40, std::byte{0xee});
    auto* end = put_mss(o.data(), 1460);
    end = put_sack_permitted(end);
    end = put_timestamps(end, {1, 0});
    end = put_nop(end);
    end = put_window_scale(end, 7);
    BOOST_TEST((end == o.data() + mss_length + sack_permitted_length + timestamps_length + 1 + window_scale_length));
    BOOST_TEST((wire_test::first(o, 20) == hex("020405b4 0402 080a 00000001 00000000 01 030307")));
    end = put_timestamps(put_nop(put_nop(o.data())), {0x11223344, 0x55667788});
    BOOST_TEST((wire_test::first(o, 12) == hex("0101080a 11223344 55667788")));
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read) {
    octets o(40);
    std::array const blocks{sack_block{{1}, {5}}, sack_block{{0xffff'fff0}, {3}}};
    auto* end = put_sack(o.data(), blocks);
    BOOST_TEST((end == o.data() + sack_length(2)));
    end = put_user_timeout(end, {true, 90});
    auto const cookie = hex("0102030405060708");
    end = put_fast_open(end, cookie);
    end = put_padding(o.data(), end);
    BOOST_TEST((end - o.data()) == 32);
    auto const v = read(wire_test::first(o, 32));
    BOOST_REQUIRE(v.sack.size() == 2u);
    BOOST_TEST((v.sack[0] == blocks[0] && v.sack[1] == blocks[1]));
    BOOST_TEST((v.user_timeout == user_timeout_value{true, 90}));
    auto const padded = read(o).fast_open;
    BOOST_TEST((octets(padded.begin(), padded.end()) == cookie));

    accurate_ecn_counters const counters{.order_1 = true, .fields = 2, .field = {0xabcdef, 0x123456, 0}};
    end = put_accurate_ecn(o.data(), counters);
    BOOST_TEST((end == o.data() + accurate_ecn_length(2)));
    BOOST_TEST((read(wire_test::first(o, 8)).accurate_ecn == counters));
}

BOOST_AUTO_TEST_CASE(padding_ends_the_list_at_a_multiple_of_four, *tenon::test::requirement("MUST-69")) {
    for (std::ptrdiff_t n = 0; n <= 8; ++n) {
        octets o(12, std::byte{0xee});
        auto* const end = put_padding(o.data(), o.data() + n);
        BOOST_TEST((end - o.data()) == (n + 3) / 4 * 4);
        for (auto* p = o.data() + n; p != end; ++p) BOOST_TEST((*p == std::byte{0}));
        BOOST_TEST((*end == std::byte{0xee}));
    }
}

// A second reader, by index and without shortcuts, to compare with.
option_set found_by_walking(octets const& o) {
    unsigned found = 0;
    for (std::size_t i = 0; i < o.size() && i < 40;) {
        auto const kind = std::to_integer<unsigned>(o[i]);
        if (kind == 0) break;
        if (kind == 1) { ++i; continue; }
        if (i + 1 >= o.size()) break;
        auto const n = std::to_integer<unsigned>(o[i + 1]);
        if (n < 2 || i + n > o.size()) break;
        bool const timeout = kind == 28 && n == 4 && ((std::to_integer<unsigned>(o[i + 2]) & 0x7f) | std::to_integer<unsigned>(o[i + 3])) != 0;
        bool const cookie = kind == 34 && (n == 2 || (n >= 6 && n <= 18 && n % 2 == 0));
        if (kind == 2 && n == 4) found |= 1;
        if (kind == 3 && n == 3) found |= 2;
        if (kind == 4 && n == 2) found |= 4;
        if (kind == 5 && n > 2 && n % 8 == 2) found |= 8;
        if (kind == 8 && n == 10) found |= 16;
        if (timeout) found |= 32;
        if (cookie) found |= 64;
        if (kind == 172 || kind == 174) found |= 128;
        i += n;
    }
    return static_cast<option_set>(found);
}

BOOST_AUTO_TEST_CASE(random_octets_are_read_like_a_plain_walk_reads_them, *tenon::test::requirement("MUST-68")) {
    std::mt19937 random{wire_test::seed()};
    constexpr std::uint8_t likely[] = {0, 1, 1, 2, 3, 4, 5, 8, 10, 12, 18, 28, 34, 172, 174, 254};
    REPLAYABLE() for (int round = 0; round < 200'000; ++round) {
        octets o(random() % 41);
        for (auto& octet : o) octet = std::byte{random() % 8 == 0 ? static_cast<std::uint8_t>(random()) : likely[random() % 16]};
        BOOST_REQUIRE(read(o).found == found_by_walking(o));
    }
}

BOOST_AUTO_TEST_SUITE_END()
