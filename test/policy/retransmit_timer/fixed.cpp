// SPDX-License-Identifier: BSL-1.0
#include <tenon/policy/retransmit_timer/fixed.hpp>

#include <boost/test/unit_test.hpp>

using tenon::duration;
using tenon::from_ms;
using tenon::from_s;
using tenon::retransmit_timer::fixed;
using tenon::retransmit_timer::fixed_parameters;
using radio = fixed<fixed_parameters{.timeout = from_ms(300), .maximum = from_ms(1000)}>;

namespace {

constexpr duration after(int timeouts, bool then_sample = false) {
    radio t;
    for (int i = 0; i < timeouts; ++i) t.on_timeout();
    if (then_sample) t.on_sample(from_s(20));
    return t.timeout();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_retransmit_timer_fixed)

BOOST_AUTO_TEST_CASE(doubles_up_to_the_maximum) {
    static_assert(after(0) == from_ms(300) && after(1) == from_ms(600));
    static_assert(after(2) == from_ms(1000) && after(3) == from_ms(1000) && after(1000) == from_ms(1000));
    BOOST_TEST((fixed<>{}.timeout() == from_s(1)));
}

BOOST_AUTO_TEST_CASE(a_sample_ends_the_back_off_and_changes_nothing_else) {
    static_assert(after(2, true) == from_ms(300));
    radio t;
    BOOST_TEST((t.smoothed() == duration{}));
    t.on_sample(from_s(2));
    BOOST_TEST((t.smoothed() <= from_s(2) && t.smoothed() > from_s(2) - duration{1024}));
    BOOST_TEST((t.timeout() == from_ms(300)));
}

BOOST_AUTO_TEST_SUITE_END()
