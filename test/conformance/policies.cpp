// SPDX-License-Identifier: BSL-1.0
// Requirements that one policy answers by itself (RFC 5681, 3.1; RFC 5961, 7; RFC 6298, 2).
#include <tenon/policy/blind_attack_checks/rfc5961.hpp>
#include <tenon/policy/congestion/new_reno.hpp>
#include <tenon/policy/retransmit_timer/rfc6298.hpp>

#include <boost/test/unit_test.hpp>

#include "support/requirement.hpp"

using tenon::duration;
using tenon::from_ms;
using tenon::from_s;
using tenon::instant;
using tenon::blind_attack_checks::challenge_limit;
using tenon::blind_attack_checks::rfc5961;
using tenon::congestion::cause;
using tenon::congestion::new_reno;
using tenon::retransmit_timer::rfc6298;
using tenon::retransmit_timer::rto_limits;
using tenon::test::requirement;

BOOST_AUTO_TEST_SUITE(conformance_policies)

// "if K*RTTVAR [...] equals zero, the variance term MUST be rounded to G seconds".
BOOST_AUTO_TEST_CASE(a_variance_of_nothing_counts_as_the_granularity, *requirement("6298-4, 6298-8, 6298-14")) {
    rfc6298<rto_limits{.minimum = duration{1024}, .granularity = from_ms(50)}> t;
    for (int i = 0; i < 200; ++i) t.on_sample(from_ms(300));
    BOOST_TEST((t.timeout() >= from_ms(349)));
    BOOST_TEST((t.timeout() <= from_ms(351)));
}

// RFC 6298, 2.2: SRTT = R, RTTVAR = R/2, RTO = 3 R.
BOOST_AUTO_TEST_CASE(the_first_sample_makes_an_rto_of_three_times_itself, *requirement("6298-4")) {
    rfc6298<> t;
    t.on_sample(from_s(2));
    BOOST_TEST((t.smoothed() > from_ms(1999) && t.smoothed() < from_ms(2001)));
    BOOST_TEST((t.variation() > from_ms(999) && t.variation() < from_ms(1001)));
    BOOST_TEST((t.timeout() > from_ms(5998) && t.timeout() < from_ms(6002)));
}

// "the value of ssthresh is held constant" when the same segment times out again, whatever is outstanding then.
BOOST_AUTO_TEST_CASE(a_second_timeout_leaves_the_threshold_alone, *requirement("5681-14")) {
    new_reno<> c;
    c.on_start({.mss = 1000});
    c.on_congestion({.mss = 1000, .outstanding = 10'000}, cause::timeout);
    for (tenon::bytes const outstanding : {1000u, 10'000u, 50'000u}) {
        c.on_congestion({.mss = 1000, .outstanding = outstanding}, cause::repeated_timeout);
        BOOST_TEST(c.slow_start_threshold() == 5000u);
        BOOST_TEST(c.window() == 1000u);
    }
}

// Erratum 4772: a count for all connections would be a side channel.
BOOST_AUTO_TEST_CASE(the_limit_of_challenges_can_be_tuned_and_is_each_connections_own, *requirement("5961-14, 5961-15")) {
    using three_a_second = rfc5961<challenge_limit{.count = 3, .interval = from_s(1)}>;
    auto const allowed = [](three_a_second& c, instant at) {
        unsigned n = 0;
        for (int i = 0; i < 20; ++i) n += c.may_challenge(at) ? 1u : 0u;
        return n;
    };
    three_a_second one, other;
    BOOST_TEST(allowed(one, {}) == 3u);
    BOOST_TEST(allowed(other, {}) == 3u);
    BOOST_TEST(allowed(one, instant{} + from_ms(500)) == 0u);
    BOOST_TEST(allowed(one, instant{} + from_ms(1100)) == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
