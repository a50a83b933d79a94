// SPDX-License-Identifier: BSL-1.0
// What the engine relies on, whichever retransmit timer it is.
#include <tenon/policy/retransmit_timer/fixed.hpp>
#include <tenon/policy/retransmit_timer/rfc6298.hpp>

#include <tuple>

#include <boost/test/unit_test.hpp>

using tenon::duration;
using tenon::from_ms;
using tenon::from_s;
namespace rt = tenon::retransmit_timer;
using every_timer = std::tuple<rt::rfc6298<>, rt::rfc6298<rt::rto_limits{.minimum = from_ms(200)}>, rt::fixed<>,
                               rt::fixed<rt::fixed_parameters{.timeout = from_ms(7), .maximum = from_s(500)}>>;

BOOST_AUTO_TEST_SUITE(policy_retransmit_timer)

BOOST_AUTO_TEST_CASE_TEMPLATE(the_timeout_is_never_nothing, timer, every_timer) {
    timer t;
    for (int i = 0; i < 300; ++i) {
        BOOST_TEST((t.timeout() > duration{}));
        if (i % 3 == 0) t.on_sample(from_ms(i));
        else t.on_timeout();
    }
}

// RFC 6298, 5.5 and 2.5: it backs off, and only so far.
BOOST_AUTO_TEST_CASE_TEMPLATE(back_off_never_shortens_and_has_an_end, timer, every_timer) {
    timer t;
    auto last = t.timeout();
    for (int i = 0; i < 1000; ++i) {
        t.on_timeout();
        BOOST_TEST((t.timeout() >= last));
        BOOST_TEST((t.timeout() <= std::max(2 * last, last + from_s(1))));
        last = t.timeout();
    }
    BOOST_TEST((last <= from_s(501)));
    auto const before = t;
    t.on_timeout();
    BOOST_TEST((t == before));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_sample_ends_the_back_off, timer, every_timer) {
    timer t, fresh;
    fresh.on_sample(from_ms(50));
    for (int i = 0; i < 5; ++i) t.on_timeout();
    t.on_sample(from_ms(50));
    BOOST_TEST((t.timeout() == fresh.timeout()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(shows_no_round_trip_before_the_first_sample, timer, every_timer) {
    timer t;
    t.on_timeout();
    BOOST_TEST((t.smoothed() == duration{}));
    t.on_sample(from_ms(50));
    BOOST_TEST((t.smoothed() > from_ms(49) && t.smoothed() <= from_ms(50)));
}

BOOST_AUTO_TEST_SUITE_END()
