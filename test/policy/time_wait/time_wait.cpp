// SPDX-License-Identifier: BSL-1.0
#include <tenon/policy/time_wait/none.hpp>
#include <tenon/policy/time_wait/rfc9293.hpp>

#include <boost/test/unit_test.hpp>

#include "support/requirement.hpp"

using namespace tenon::literals;
using tenon::time_wait::none;
using tenon::time_wait::parameters;
using tenon::time_wait::rfc9293;

static_assert(std::is_empty_v<none> && std::is_empty_v<rfc9293<>>);
static_assert(!none::waits && !none::limits_fin_wait_2);

BOOST_AUTO_TEST_SUITE(policy_time_wait)

// RFC 9293, 3.4.2: "the MSL is taken to be 2 minutes"; 3.6.1, MUST-13: "for a time 2xMSL".
BOOST_AUTO_TEST_CASE(lingers_for_two_msl, *tenon::test::requirement("MUST-13")) {
    BOOST_TEST(rfc9293<>::waits);
    BOOST_TEST((rfc9293<>::linger() == 4_min));
    BOOST_TEST((rfc9293<parameters{.msl = 30_s}>::linger() == 1_min));
}

// The RFC knows no limit in FIN-WAIT-2; common stacks wait a minute.
BOOST_AUTO_TEST_CASE(fin_wait_2_is_limited_to_a_minute_unless_it_is_switched_off) {
    BOOST_TEST(rfc9293<>::limits_fin_wait_2);
    BOOST_TEST((rfc9293<>::fin_wait_2() == 1_min));
    BOOST_TEST((rfc9293<parameters{.fin_wait_2 = 5_s}>::fin_wait_2() == 5_s));
    using patient = rfc9293<parameters{.fin_wait_2 = {}}>;
    BOOST_TEST(!patient::limits_fin_wait_2);
    BOOST_TEST((patient::linger() == 4_min));
}

BOOST_AUTO_TEST_SUITE_END()
