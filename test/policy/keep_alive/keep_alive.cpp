// SPDX-License-Identifier: BSL-1.0
#include <tenon/policy/keep_alive/none.hpp>
#include <tenon/policy/keep_alive/rfc9293.hpp>

#include <boost/test/unit_test.hpp>

#include "support/requirement.hpp"

using namespace tenon::literals;
using tenon::keep_alive::parameters;
using tenon::keep_alive::rfc9293;
using tenon::keep_alive::verdict;

static_assert(std::is_empty_v<tenon::keep_alive::none> && !tenon::keep_alive::none::probes);
static_assert(sizeof(rfc9293<>) == 2);

BOOST_AUTO_TEST_SUITE(policy_keep_alive)

// MUST-24, MUST-25: "able to turn them on or off for each TCP connection", "MUST default to off".
BOOST_AUTO_TEST_CASE(off_until_turned_on, *tenon::test::requirement("MUST-24, MUST-25")) {
    rfc9293<> k;
    BOOST_TEST(!k.enabled());
    k.enable(true);
    BOOST_TEST(k.enabled());
    k.enable(false);
    BOOST_TEST(!k.enabled());
    BOOST_TEST((k == rfc9293<>{}));
}

// MUST-28: "MUST default to no less than two hours".
BOOST_AUTO_TEST_CASE(the_first_probe_comes_after_two_hours, *tenon::test::requirement("MUST-28")) { BOOST_TEST((rfc9293<>{}.wait() == 2_h)); }

// MUST-27: "this interval MUST be configurable".
BOOST_AUTO_TEST_CASE(intervals_are_parameters, *tenon::test::requirement("MUST-27")) {
    rfc9293<parameters{.idle = 10_min, .interval = 5_s, .probes = 2}> k;
    BOOST_TEST((k.wait() == 10_min));
    k.on_timeout();
    BOOST_TEST((k.wait() == 5_s));
}

// MUST-29: "MUST NOT interpret failure to respond to any specific probe as a dead connection".
BOOST_AUTO_TEST_CASE(only_a_row_of_unanswered_probes_ends_a_connection, *tenon::test::requirement("MUST-29")) {
    rfc9293<parameters{.probes = 3}> k;
    k.enable(true);
    for (int i = 0; i < 3; ++i) BOOST_TEST((k.on_timeout() == verdict::probe));
    BOOST_TEST((k.on_timeout() == verdict::abandon));
}

BOOST_AUTO_TEST_CASE(any_arrival_starts_the_row_again) {
    rfc9293<parameters{.probes = 2}> k;
    k.enable(true);
    for (int i = 0; i < 10; ++i) {
        BOOST_TEST((k.on_timeout() == verdict::probe));
        BOOST_TEST((k.on_timeout() == verdict::probe));
        BOOST_TEST((k.wait() == 75_s));
        k.on_arrival();
        BOOST_TEST((k.wait() == 2_h));
        BOOST_TEST(k.enabled());
    }
}

BOOST_AUTO_TEST_SUITE_END()
