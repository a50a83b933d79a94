// SPDX-License-Identifier: BSL-1.0
#include <tenon/policy/congestion/fixed_window.hpp>

#include <boost/test/unit_test.hpp>

using tenon::congestion::cause;
using tenon::congestion::fixed_window;

BOOST_AUTO_TEST_SUITE(policy_congestion_fixed_window)

BOOST_AUTO_TEST_CASE(nothing_moves_it_but_the_segment_size) {
    fixed_window<4> c;
    c.on_start({.mss = 1000, .handshake_lost = true});
    BOOST_TEST(c.window() == 4000u);
    tenon::congestion::ack_event<fixed_window<4>::needs> e{};
    e.acknowledged = 4000;
    e.window_limited = true;
    for (int i = 0; i < 10; ++i) {
        c.on_sent({.mss = 1000}, 1000);
        c.on_ack(e);
        c.on_congestion({.mss = 1000, .outstanding = 4000}, cause::timeout);
        c.on_recovery_exit({.mss = 1000});
        BOOST_TEST(c.window() == 4000u);
        BOOST_TEST(c.slow_start_threshold() == 4000u);
    }
    c.on_mss_change({.mss = 536}, 1000);
    BOOST_TEST(c.window() == 2144u);
}

// It asks for nothing, so that nothing is measured for it.
static_assert(fixed_window<>::needs == tenon::congestion::need::none && sizeof(fixed_window<>) == 4);

BOOST_AUTO_TEST_SUITE_END()
