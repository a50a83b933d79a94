// SPDX-License-Identifier: BSL-1.0
#include <tenon/policy/give_up/limits.hpp>
#include <tenon/policy/give_up/none.hpp>

#include <boost/test/unit_test.hpp>

#include "support/requirement.hpp"

using namespace tenon::literals;
using tenon::duration;
using tenon::give_up::limits;
using tenon::give_up::none;
using tenon::give_up::thresholds;
using tenon::give_up::verdict;

static_assert(std::is_empty_v<limits<>> && std::is_empty_v<none>);
static_assert(limits<>::gives_up && !none::gives_up);

BOOST_AUTO_TEST_SUITE(policy_give_up)

// SHLD-10: "R1 SHOULD correspond to at least 3 retransmissions"; MUST-20 (b): "reaches or exceeds threshold R1".
BOOST_AUTO_TEST_CASE(advice_is_given_from_the_third_retransmission_on, *tenon::test::requirement("SHLD-10")) {
    BOOST_TEST((limits<>::after_timeout({.retransmissions = 1, .elapsed = 1_s}) == verdict::carry_on));
    BOOST_TEST((limits<>::after_timeout({.retransmissions = 2, .elapsed = 3_s}) == verdict::carry_on));
    BOOST_TEST((limits<>::after_timeout({.retransmissions = 3, .elapsed = 7_s}) == verdict::advise));
    BOOST_TEST((limits<>::after_timeout({.retransmissions = 4, .elapsed = 15_s}) == verdict::advise));
}

// SHLD-11: "R2 SHOULD correspond to at least 100 seconds"; MUST-20 (c).
BOOST_AUTO_TEST_CASE(data_is_abandoned_after_100_seconds, *tenon::test::requirement("SHLD-11, MUST-20")) {
    BOOST_TEST((limits<>::after_timeout({.retransmissions = 8, .elapsed = 100_s - 1_ns}) == verdict::advise));
    BOOST_TEST((limits<>::after_timeout({.retransmissions = 8, .elapsed = 100_s}) == verdict::abandon));
}

// MUST-23: "for at least 3 minutes".
BOOST_AUTO_TEST_CASE(a_syn_is_abandoned_after_three_minutes, *tenon::test::requirement("MUST-23")) {
    BOOST_TEST((limits<>::after_timeout({.retransmissions = 7, .elapsed = 179_s, .handshake = true}) == verdict::advise));
    BOOST_TEST((limits<>::after_timeout({.retransmissions = 7, .elapsed = 180_s, .handshake = true}) == verdict::abandon));
    using short_timeout = limits<thresholds{.user_timeout = 10_s}>;
    BOOST_TEST((short_timeout::after_timeout({.retransmissions = 1, .elapsed = 20_s, .handshake = true}) == verdict::carry_on));
    BOOST_TEST((short_timeout::after_timeout({.retransmissions = 1, .elapsed = 20_s}) == verdict::abandon));
}

// MUST-21: "an application MUST be able to set the value for R2 for a particular connection", shorter or longer.
BOOST_AUTO_TEST_CASE(the_user_of_a_connection_sets_its_own_limit, *tenon::test::requirement("MUST-21")) {
    BOOST_TEST((limits<>::after_timeout({.retransmissions = 1, .elapsed = 5_s, .user_timeout = 5_s}) == verdict::abandon));
    BOOST_TEST((limits<>::after_timeout({.retransmissions = 9, .elapsed = 1_h, .user_timeout = 2_h}) == verdict::advise));
    BOOST_TEST((limits<>::after_timeout({.retransmissions = 1, .elapsed = 5_s, .handshake = true, .user_timeout = 5_s}) == verdict::abandon));
}

// 3.8.3 (d): "might set R2 to infinity".
BOOST_AUTO_TEST_CASE(r2_may_be_infinite, *tenon::test::requirement("MUST-21")) {
    using patient = limits<thresholds{.r2 = duration{}}>;
    BOOST_TEST((patient::after_timeout({.retransmissions = 255, .elapsed = 1000_h}) == verdict::advise));
    BOOST_TEST((none::after_timeout({.retransmissions = 255, .elapsed = 1000_h}) == verdict::carry_on));
}

BOOST_AUTO_TEST_SUITE_END()
