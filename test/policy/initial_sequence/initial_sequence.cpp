// SPDX-License-Identifier: BSL-1.0
#include <tenon/policy/initial_sequence/fixed.hpp>
#include <tenon/policy/initial_sequence/rfc6528.hpp>
#include <tenon/policy/initial_sequence/siphash.hpp>

#include <array>
#include <set>

#include <boost/test/unit_test.hpp>

#include "support/requirement.hpp"

using namespace tenon::literals;
using tenon::instant;
using tenon::sequence;
using tenon::initial_sequence::facts;
using tenon::initial_sequence::fixed;
using tenon::initial_sequence::rfc6528;
using tenon::initial_sequence::secret_key;
using tenon::initial_sequence::siphash;

namespace {

constexpr secret_key published_key{0x0706'0504'0302'0100u, 0x0f0e'0d0c'0b0a'0908u};

// SipHash-2-4 of the octets 0, 1, .. n - 1 under the key 00 01 .. 0f.
constexpr std::uint64_t of_counting(unsigned n) {
    siphash<> h{published_key};
    for (unsigned i = 0; i < n; ++i) h.add(static_cast<std::uint8_t>(i));
    return h.result();
}

constexpr std::array<std::byte, 4> here{std::byte{192}, std::byte{0}, std::byte{2}, std::byte{1}};
constexpr std::array<std::byte, 4> there{std::byte{198}, std::byte{51}, std::byte{100}, std::byte{7}};

facts some(instant now = {}) {
    return {.local = here, .remote = there, .local_port = 49152, .remote_port = 80, .now = now, .secret = {1, 2}};
}

}  // namespace

// Appendix A of the paper, and the first and last of the reference implementation's vectors.
static_assert(of_counting(15) == 0xa129'ca61'49be'45e5u);
static_assert(of_counting(0) == 0x726f'db47'dd0e'0e31u);
static_assert(of_counting(8) == 0x93f5'f579'9a93'2462u);
static_assert(of_counting(63) == 0x958a'324c'eb06'4572u);

BOOST_AUTO_TEST_SUITE(policy_initial_sequence)

// RFC 9293, 3.4.1, MUST-8: "a 32-bit counter that typically increments at least once every roughly 4 microseconds".
BOOST_AUTO_TEST_CASE(the_number_follows_the_clock, *tenon::test::requirement("MUST-8, SHLD-1, 6528-1, 6528-2, 6528-6")) {
    auto const first = rfc6528::initial(some());
    auto const ahead = [&](tenon::duration d) { return rfc6528::initial(some(instant{} + d)).number - first.number; };
    BOOST_TEST(ahead(4095_ns) == 0u);
    BOOST_TEST(ahead(4096_ns) == 1u);
    BOOST_TEST(ahead(1_s) == 1'000'000'000u / 4096);
    BOOST_TEST(ahead(4_h) == 3'515'625'000u);  // no wrap yet: RFC 9293 speaks of 4.55 hours
    BOOST_TEST(rfc6528::initial(some(instant{} + 1_s)).timestamp_offset == first.timestamp_offset);
}

// RFC 6528, 3: each part of the connection-id and the secret go into F.
BOOST_AUTO_TEST_CASE(every_fact_matters, *tenon::test::requirement("MUST-9, SHLD-1, 6528-1, 6528-3, 6528-4, 7323-30")) {
    std::set<std::uint32_t> numbers, offsets;
    auto const add = [&](facts const& f) {
        auto const s = rfc6528::initial(f);
        BOOST_TEST((s == rfc6528::initial(f)));
        numbers.insert(s.number.value);
        offsets.insert(s.timestamp_offset);
    };
    auto f = some();
    add(f);
    f = some(); f.local = there; add(f);
    f = some(); f.remote = here; add(f);
    f = some(); std::swap(f.local, f.remote); add(f);
    f = some(); f.local_port = 49153; add(f);
    f = some(); f.remote_port = 81; add(f);
    f = some(); std::swap(f.local_port, f.remote_port); add(f);
    f = some(); f.secret[0] ^= 1; add(f);
    f = some(); f.secret[1] ^= std::uint64_t{1} << 63; add(f);
    BOOST_TEST(numbers.size() == 9u);
    BOOST_TEST(offsets.size() == 9u);
}

// RFC 9293, 3.6.1 (1): "larger than the largest sequence number it used on the previous connection incarnation".
BOOST_AUTO_TEST_CASE(the_number_lies_after_the_floor) {
    auto const free = rfc6528::initial(some()).number;
    for (tenon::bytes const ahead : {0u, 1u, 1000u, 0x7fff'fffeu}) {
        auto f = some();
        f.floor = free + ahead;
        BOOST_TEST((rfc6528::initial(f).number > *f.floor), ahead);
    }
    for (tenon::bytes const behind : {1u, 1000u, 0x7fff'ffffu}) {
        auto f = some();
        f.floor = free - behind;
        BOOST_TEST((rfc6528::initial(f).number == free), behind);
    }
}

BOOST_AUTO_TEST_CASE(numbers_of_different_ports_are_spread, *tenon::test::requirement("6528-6")) {
    unsigned upper_half = 0;
    for (unsigned port = 1024; port < 11'024; ++port) {
        auto f = some();
        f.local_port = static_cast<std::uint16_t>(port);
        upper_half += rfc6528::initial(f).number.value >> 31;
    }
    BOOST_TEST((upper_half > 4'700 && upper_half < 5'300));  // six standard deviations
}

BOOST_AUTO_TEST_CASE(fixed_is_fixed_but_for_the_floor) {
    using at_the_wrap = fixed<0xffff'fffdu, 7>;
    BOOST_TEST(at_the_wrap::initial(some(instant{} + 5_h)).number.value == 0xffff'fffdu);
    BOOST_TEST(at_the_wrap::initial(some()).timestamp_offset == 7u);
    auto f = some();
    f.floor = sequence{2};
    BOOST_TEST(at_the_wrap::initial(f).number.value == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
