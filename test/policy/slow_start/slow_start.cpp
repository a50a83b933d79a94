// SPDX-License-Identifier: BSL-1.0
#include <tenon/policy/slow_start/limited.hpp>
#include <tenon/policy/slow_start/standard.hpp>

#include <algorithm>
#include <tuple>

#include <boost/test/unit_test.hpp>

using tenon::bytes;
using tenon::slow_start::facts;
using tenon::slow_start::limited;
using tenon::slow_start::standard;

static_assert(std::is_empty_v<standard<>> && std::is_empty_v<limited<>>);

// RFC 5681, equation 2: cwnd += min (N, SMSS). RFC 3465, 2.2: L = 2.
static_assert(standard<>::growth({.mss = 1000, .window = 4000, .acknowledged = 1}) == 1);
static_assert(standard<>::growth({.mss = 1000, .window = 4000, .acknowledged = 1000}) == 1000);
static_assert(standard<>::growth({.mss = 1000, .window = 4000, .acknowledged = 9000}) == 1000);
static_assert(standard<2>::growth({.mss = 1000, .window = 4000, .acknowledged = 2500}) == 2000);
static_assert(standard<2>::growth({.mss = 1000, .window = 4000, .acknowledged = 1500}) == 1500);

namespace {

// RFC 3742, 2, as it is written there:  K = int(cwnd/(0.5 max_ssthresh));  cwnd += int(MSS/K).
bytes rfc3742(bytes cwnd, bytes max_ssthresh, bytes mss) {
    if (cwnd <= max_ssthresh) return mss;
    auto const k = static_cast<bytes>(static_cast<double>(cwnd) / (0.5 * static_cast<double>(max_ssthresh)));
    return mss / k;
}

template <class S>
bytes grown_by(bytes window, bytes acknowledged, unsigned acks) {
    S s;
    bytes grown = window;
    for (unsigned i = 0; i < acks; ++i) grown += s.growth({.mss = 1000, .window = grown, .acknowledged = acknowledged});
    return grown - window;
}

}  // namespace

using every_slow_start = std::tuple<standard<>, standard<2>, limited<>, limited<2>>;

BOOST_AUTO_TEST_SUITE(policy_slow_start)

BOOST_AUTO_TEST_CASE(limited_is_the_formula_of_rfc_3742) {
    for (bytes segments = 1; segments < 2000; ++segments)
        for (bytes odd : {0u, 1u, 999u}) {
            bytes const window = segments * 1000 + odd;
            facts const f{.mss = 1000, .window = window, .acknowledged = 1000};
            BOOST_REQUIRE_EQUAL(limited<>::growth(f), std::max<bytes>(rfc3742(window, 100'000, 1000), 1));
            BOOST_REQUIRE_EQUAL(limited<10>::growth(f), std::max<bytes>(rfc3742(window, 10'000, 1000), 1));
        }
}

// RFC 3742, 2: at most max_ssthresh/2 per round trip, where each segment of a window is acknowledged by itself.
BOOST_AUTO_TEST_CASE(limited_adds_half_of_max_ssthresh_in_a_round_trip) {
    for (bytes segments = 101; segments < 3000; segments += 37) BOOST_TEST(grown_by<limited<>>(segments * 1000, 1000, segments) <= 51'000u);
}

// Attack G01: a segment acknowledged in a hundred pieces is worth a segment.
BOOST_AUTO_TEST_CASE_TEMPLATE(octets_count_and_not_acks, policy, every_slow_start) {
    for (bytes window : {2000u, 50'000u, 1'000'000u})
        BOOST_TEST(grown_by<policy>(window, 10, 100) <= std::max(grown_by<policy>(window, 1000, 1), 100u));
    BOOST_TEST(grown_by<policy>(2000, 10, 100) <= 1000u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(grows_and_by_no_more_than_was_acknowledged, policy, every_slow_start) {
    policy s;
    for (bytes window : {1000u, 20'000u, 1'000'000u, 1u << 30})
        for (bytes acknowledged : {1u, 999u, 1000u, 1001u, 100'000u}) {
            bytes const g = s.growth({.mss = 1000, .window = window, .acknowledged = acknowledged});
            BOOST_TEST(g >= 1u);
            BOOST_TEST(g <= std::min(acknowledged, 2000u));
        }
}

BOOST_AUTO_TEST_SUITE_END()
