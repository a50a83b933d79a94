// SPDX-License-Identifier: BSL-1.0
#include <tenon/policy/recovery_window/hold.hpp>
#include <tenon/policy/recovery_window/newreno.hpp>

#include <tuple>

#include <boost/test/unit_test.hpp>

using tenon::bytes;
using tenon::recovery_window::facts;
using tenon::recovery_window::hold;
using tenon::recovery_window::newreno;

static_assert(std::is_empty_v<newreno> && sizeof(hold) == 4);

using every_recovery_window = std::tuple<newreno, hold>;

BOOST_AUTO_TEST_SUITE(policy_recovery_window)

// RFC 6582: the reduced window, whatever happens during the episode.
BOOST_AUTO_TEST_CASE(newreno_is_the_congestion_window) {
    newreno w;
    w.on_enter({.mss = 1000, .prior_pipe = 20'000, .pipe = 16'000, .threshold = 10'000});
    w.on_sent(1000);
    w.on_ack({.mss = 1000, .prior_pipe = 16'000, .pipe = 9000, .delivered = 7000});
    for (bytes cwnd : {1000u, 10'000u, 1u << 30}) BOOST_TEST(w.window(cwnd) == cwnd);
}

// What was in the network when the episode began stays in it.
BOOST_AUTO_TEST_CASE(hold_keeps_what_was_in_the_network) {
    hold w;
    w.on_enter({.mss = 1000, .prior_pipe = 20'000, .pipe = 19'000, .threshold = 10'000});
    BOOST_TEST(w.window(10'000) == 20'000u);
    w.on_ack({.mss = 1000, .prior_pipe = 19'000, .pipe = 18'000, .delivered = 1000});
    w.on_sent(1000);
    BOOST_TEST(w.window(10'000) == 20'000u);
    BOOST_TEST(w.window(30'000) == 30'000u);
    w.on_enter({.mss = 1000, .prior_pipe = 5000, .pipe = 4000, .threshold = 2500});
    BOOST_TEST(w.window(2500) == 5000u);
}

// A window of less than a segment would end the repair.
BOOST_AUTO_TEST_CASE_TEMPLATE(one_segment_at_least_may_go, policy, every_recovery_window) {
    policy w;
    w.on_enter({.mss = 1000});
    BOOST_TEST(w.window(1000) >= 1000u);
    w.on_ack({.mss = 1000});
    BOOST_TEST(w.window(1000) >= 1000u);
}

BOOST_AUTO_TEST_SUITE_END()
