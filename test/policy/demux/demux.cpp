// SPDX-License-Identifier: BSL-1.0
#include <tenon/policy/demux/array.hpp>
#include <tenon/policy/demux/keyed_hash.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include <boost/test/unit_test.hpp>

using tenon::demux::ends;
using tenon::demux::half_siphash;
using tenon::demux::keyed_hash;

static_assert(tenon::demux::policy<tenon::demux::array> && tenon::demux::array::capacity <= 16);

namespace {

constexpr std::uint64_t published_key = 0x0706'0504'0302'0100u;
using published = half_siphash<2, 4>;

constexpr std::uint32_t word(unsigned first) { return first | (first + 1) << 8 | (first + 2) << 16 | (first + 3) << 24; }

// HalfSipHash-2-4 of the octets 0, 1, .. n - 1 under the key 00 01 .. 07.
constexpr std::uint32_t of_counting(unsigned n) {
    published h{published_key};
    unsigned i = 0;
    for (; i + 4 <= n; i += 4) h.add(word(i));
    std::uint32_t rest = n << 24;
    for (unsigned k = 0; i + k < n; ++k) rest |= (i + k) << (8 * k);
    return h.result(rest);
}

constexpr std::array<std::byte, 4> here{std::byte{192}, std::byte{0}, std::byte{2}, std::byte{1}};
constexpr std::array<std::byte, 4> there{std::byte{198}, std::byte{51}, std::byte{100}, std::byte{7}};
constexpr tenon::demux::secret_key secret{0x0123'4567'89ab'cdefu, 0xfedc'ba98'0000'0001u};

ends some() { return {.local = here, .remote = there, .local_port = 80, .remote_port = 49152}; }

}  // namespace

// The first of the reference implementation's vectors for 32 bits.
static_assert(of_counting(0) == 0x5b9f'35a9u);
static_assert(of_counting(1) == 0xb85a'4727u);
static_assert(of_counting(2) == 0x03a6'62fau);
static_assert(of_counting(3) == 0x04e7'fe8au);
static_assert(of_counting(4) == 0x8946'6e2au);

BOOST_AUTO_TEST_SUITE(policy_demux)

BOOST_AUTO_TEST_CASE(every_part_of_the_ends_and_the_secret_matter) {
    std::set<std::uint32_t> hashes;
    auto const add = [&](ends const& e, tenon::demux::secret_key s = secret) { hashes.insert(keyed_hash::hash(e, s)); };
    auto e = some();
    add(e);
    e = some(); e.local = there; add(e);
    e = some(); e.remote = here; add(e);
    e = some(); std::swap(e.local, e.remote); add(e);
    e = some(); e.local_port = 81; add(e);
    e = some(); e.remote_port = 49153; add(e);
    e = some(); std::swap(e.local_port, e.remote_port); add(e);
    add(some(), {secret[0] + 1, secret[1]});
    add(some(), {secret[0], secret[1] + 1});
    BOOST_TEST(hashes.size() == 9u);
}

// Every octet of an IPv6 address matters too.
BOOST_AUTO_TEST_CASE(long_addresses_are_hashed_whole) {
    std::set<std::uint32_t> hashes;
    for (std::size_t i = 0; i < 32; ++i) {
        std::array<std::byte, 32> both{};
        both[i] = std::byte{1};
        std::span<std::byte const, 32> const octets{both};
        hashes.insert(keyed_hash::hash({.local = octets.first<16>(), .remote = octets.last<16>()}, secret));
    }
    BOOST_TEST(hashes.size() == 32u);
}

BOOST_AUTO_TEST_CASE(a_bucket_exists) {
    for (std::uint32_t const n : {1u, 2u, 3u, 1000u, 0xffff'ffffu})
        for (std::uint32_t const h : {0u, 1u, 0x7fff'ffffu, 0xffff'ffffu}) BOOST_TEST(keyed_hash::bucket(h, n) < n);
    BOOST_TEST(keyed_hash::bucket(0xffff'ffffu, 1000) == 999u);
}

// A flood of one peer's 60,000 ports finds no bucket of 1,024 (59 expected in each) with more than six standard deviations too many,
// and what meets in one bucket under one secret is spread under another.
BOOST_AUTO_TEST_CASE(a_peer_cannot_fill_a_bucket) {
    constexpr std::uint32_t buckets = 1024;
    std::vector<std::vector<std::uint16_t>> table(buckets);
    auto e = some();
    for (unsigned port = 1024; port < 61'024; ++port) {
        e.remote_port = static_cast<std::uint16_t>(port);
        table[keyed_hash::bucket(keyed_hash::hash(e, secret), buckets)].push_back(e.remote_port);
    }
    auto const& fullest = *std::max_element(table.begin(), table.end(), [](auto const& a, auto const& b) { return a.size() < b.size(); });
    BOOST_TEST(fullest.size() < 106u);

    std::set<std::uint32_t> elsewhere;
    for (auto const port : fullest) {
        e.remote_port = port;
        elsewhere.insert(keyed_hash::bucket(keyed_hash::hash(e, {5, 6}), buckets));
    }
    BOOST_TEST(elsewhere.size() > fullest.size() * 3 / 4);
}

BOOST_AUTO_TEST_SUITE_END()
