// SPDX-License-Identifier: BSL-1.0
#include <tenon/chrono.hpp>

#include <boost/test/unit_test.hpp>

using namespace tenon::literals;
using namespace std::chrono_literals;
using tenon::clock::steady;

BOOST_AUTO_TEST_SUITE(policy_clock_steady)

BOOST_AUTO_TEST_CASE(durations_convert_both_ways) {
    BOOST_TEST((tenon::from_chrono(1500ms) == 1500_ms));
    BOOST_TEST((tenon::from_chrono(2h) == 2_h));
    BOOST_TEST((tenon::to_chrono(3_us) == 3us));
    BOOST_TEST((tenon::to_chrono(-(3_us)) == -3us));
}

BOOST_AUTO_TEST_CASE(instants_convert_both_ways) {
    auto const t = std::chrono::steady_clock::now();
    BOOST_TEST((tenon::to_chrono(tenon::from_chrono(t)) == t));
    BOOST_TEST((tenon::to_chrono(steady::widen(t) + 5_ms) - t == 5ms));
}

BOOST_AUTO_TEST_CASE(time_goes_on) {
    auto const a = steady::now();
    auto const b = steady::now();
    BOOST_TEST((a <= b));
    BOOST_TEST((b - a < 10_s));
    BOOST_TEST((steady::widen(steady::narrow(b + 1_s, b, steady::read())) == b + 1_s));
}

BOOST_AUTO_TEST_SUITE_END()
