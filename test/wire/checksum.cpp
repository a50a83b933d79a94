// SPDX-License-Identifier: BSL-1.0
#include <tenon/wire/checksum.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>

#include "octets.hpp"

using namespace tenon::wire;
using wire_test::hex;
using wire_test::octets;

namespace {

// RFC 1071, 1, taken literally: 16-bit words, every carry wrapped at once, a zero octet behind an odd end.
std::uint16_t reference(std::byte const* p, std::size_t n) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < n; i += 2) {
        sum += std::to_integer<std::uint32_t>(p[i]) << 8;
        if (i + 1 < n) sum += std::to_integer<std::uint32_t>(p[i + 1]);
        if (sum > 0xffff) sum = sum - 0xffff;
    }
    return static_cast<std::uint16_t>(sum);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(checksum)

BOOST_AUTO_TEST_CASE(example_of_rfc_1071_section_3) {
    auto const all = hex("00 01 f2 03 f4 f5 f6 f7");
    BOOST_TEST(fold(sum(all)) == 0xddf2);
    BOOST_TEST(finish(sum(all)) == 0x220d);
}

BOOST_AUTO_TEST_CASE(example_of_rfc_1071_broken_into_pieces_at_an_odd_place) {
    // The RFC's second table: the first group has an odd number of octets.
    auto const first = hex("00 01 f2"), second = hex("03 f4 f5 f6 f7");
    BOOST_TEST(fold(sum(first)) == 0xf201);
    BOOST_TEST(fold(sum(second)) == 0xf0eb);  // f0eb; swapped ebf0
    BOOST_TEST(fold(at_odd_offset(sum(second))) == 0xebf0);
    BOOST_TEST(fold(append(sum(first), first.size(), sum(second))) == 0xddf2);
}

BOOST_AUTO_TEST_CASE(all_lengths_and_alignments_agree_with_the_reference) {
    std::mt19937 random{wire_test::seed()};
    auto const all = wire_test::random_octets(random, 600);
    REPLAYABLE() for (std::size_t at = 0; at < 33; ++at)
        for (std::size_t n = 0; n <= 400; ++n)
            BOOST_REQUIRE_EQUAL(fold(sum({all.data() + at, n})), reference(all.data() + at, n));
}

BOOST_AUTO_TEST_CASE(copy_and_sum_copies_exactly_and_sums_alike) {
    std::mt19937 random{wire_test::seed()};
    auto const all = wire_test::random_octets(random, 300);
    REPLAYABLE() for (std::size_t at = 0; at < 17; ++at)
        for (std::size_t n = 0; n <= 200; ++n) {
            octets to(n + 40, std::byte{0xa5});
            auto const place = to.data() + (at * 7) % 19;
            auto const s = copy_and_sum(place, {all.data() + at, n}, sum_of(0x1234));
            BOOST_REQUIRE(s == sum({all.data() + at, n}, sum_of(0x1234)));
            BOOST_REQUIRE(std::equal(place, place + n, all.data() + at));
            BOOST_REQUIRE(std::count(to.data(), place, std::byte{0xa5}) == place - to.data());
            BOOST_REQUIRE(std::all_of(place + n, to.data() + to.size(), [](std::byte b) { return b == std::byte{0xa5}; }));
        }
}

BOOST_AUTO_TEST_CASE(every_split_into_two_and_three_pieces_gives_the_whole) {
    std::mt19937 random{wire_test::seed()};
    auto const all = wire_test::random_octets(random, 120);
    auto const whole = reference(all.data(), all.size());
    REPLAYABLE() for (std::size_t a = 0; a <= all.size(); ++a)
        for (std::size_t b = a; b <= all.size(); ++b) {
            auto s = sum({all.data(), a});
            s = append(s, a, sum({all.data() + a, b - a}));
            s = append(s, b, sum({all.data() + b, all.size() - b}));
            BOOST_REQUIRE_EQUAL(fold(s), whole);
        }
}

BOOST_AUTO_TEST_CASE(extremes_neither_lose_carries_nor_turn_into_zero) {
    for (std::size_t const n : {1u, 2u, 3u, 15u, 16u, 17u, 63u, 64u, 65u, 128u, 1460u, 65535u}) {
        octets const ones(n, std::byte{0xff});
        BOOST_TEST(fold(sum(ones)) == (n % 2 == 0 ? 0xffff : reference(ones.data(), n)));
        octets zeros(n, std::byte{0});
        BOOST_TEST(sum(zeros).value == 0u);
        // Only all-zero data sums to zero (RFC 1071: the two zeros of ones' complement).
        zeros[n / 2] = std::byte{1};
        BOOST_TEST(fold(sum(zeros)) != 0);
    }
}

BOOST_AUTO_TEST_CASE(pieces_longer_than_a_lane_can_hold) {
    for (std::size_t n : {65536u * 4 - 1, 65536u * 4, 65536u * 4 + 17, 65536u * 16 + 5, 65536u * 70 + 3}) {
        octets const ones(n, std::byte{0xff});
        BOOST_TEST(fold(sum(ones)) == reference(ones.data(), n));
    }
    std::mt19937 random{wire_test::seed()};
    auto const all = wire_test::random_octets(random, 65536 * 9 + 1);
    REPLAYABLE() BOOST_TEST(fold(sum(all)) == reference(all.data(), all.size()));
}

BOOST_AUTO_TEST_CASE(the_loop_without_vectors_says_the_same) {
    std::mt19937 random{wire_test::seed()};
    auto const all = wire_test::random_octets(random, 300);
    REPLAYABLE() for (std::size_t n = 0; n <= all.size(); ++n)
        BOOST_REQUIRE_EQUAL(fold(checksum_detail::sum_words(all.data(), n, {})), reference(all.data(), n));
}

BOOST_AUTO_TEST_CASE(a_seed_is_added_with_end_around_carry) {
    auto const all = hex("ff ff ff ff");
    BOOST_TEST(fold(sum(all, partial_sum{0xffff'ffff})) == 0xffff);
    BOOST_TEST(fold(partial_sum{0xffff'fffe} + partial_sum{3}) == 2);
    BOOST_TEST(fold(partial_sum{0xffff'0001}) == 1);
}

BOOST_AUTO_TEST_CASE(octets_with_their_checksum_are_intact_and_no_flipped_bit_is) {
    std::mt19937 random{wire_test::seed()};
    REPLAYABLE() for (std::size_t n = 2; n < 70; ++n) {
        auto all = wire_test::random_octets(random, n);
        put16(all.data(), 0);
        put16(all.data(), finish(sum(all)));
        BOOST_REQUIRE(is_intact(sum(all)));
        for (std::size_t bit = 0; bit < n * 8; ++bit) {
            all[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
            BOOST_REQUIRE(!is_intact(sum(all)));
            all[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
        }
    }
}

BOOST_AUTO_TEST_CASE(example_of_rfc_1624_section_4) {
    BOOST_TEST(update(0xdd2f, 0x5555, 0x3285) == 0x0000);
}

BOOST_AUTO_TEST_CASE(update_equals_computing_anew) {
    std::mt19937 random{wire_test::seed()};
    REPLAYABLE() for (int round = 0; round < 2000; ++round) {
        auto all = wire_test::random_octets(random, 20);
        put16(all.data(), 0);
        auto const before = finish(sum(all));
        auto const to = static_cast<std::uint16_t>(random());
        auto const updated = update(before, get16(all.data() + 6), to);
        put16(all.data() + 6, to);
        BOOST_REQUIRE_EQUAL(updated, finish(sum(all)));
    }
}

BOOST_AUTO_TEST_SUITE_END()
