// SPDX-License-Identifier: BSL-1.0
// RFC 9293, 3.8.6.3; RFC 5681, 4.2.
#include <tenon/policy/acknowledgement/delayed.hpp>
#include <tenon/policy/acknowledgement/immediate.hpp>

#include <tuple>

#include <boost/test/unit_test.hpp>

using tenon::from_ms;
using tenon::acknowledgement::delayed;
using tenon::acknowledgement::delayed_parameters;
using tenon::acknowledgement::facts;
using tenon::acknowledgement::immediate;
using tenon::acknowledgement::when;

// MUST-40: "the delay MUST be less than 0.5 seconds".
static_assert(delayed<>::delays && delayed<>::delay < from_ms(500) && delayed<>::delay > tenon::duration{});
static_assert(!immediate::delays && std::is_empty_v<immediate>);
static_assert(delayed<delayed_parameters{.delay = from_ms(40)}>::delay == from_ms(40));

using every_acknowledgement = std::tuple<delayed<>, delayed<delayed_parameters{.segments = 1}>, delayed<delayed_parameters{.segments = 8}>, immediate>;

BOOST_AUTO_TEST_SUITE(policy_acknowledgement)

// SHLD-19: "an ACK for at least every second segment", full-sized or not.
BOOST_AUTO_TEST_CASE(every_second_segment) {
    delayed<> a;
    for (int i = 0; i < 10; ++i) {
        BOOST_TEST((a.on_segment({.octets = i % 2 == 0 ? 1460u : 1u, .segments = 1}) == when::later));
        BOOST_TEST((a.on_segment({.octets = 1460, .segments = 1}) == when::now));
        a.on_sent();
    }
}

// An ACK that a data segment carried counts as well.
BOOST_AUTO_TEST_CASE(an_ack_that_rides_along_starts_the_count_again) {
    delayed<> a;
    for (int i = 0; i < 10; ++i) {
        BOOST_TEST((a.on_segment({.octets = 1460, .segments = 1}) == when::later));
        a.on_sent();
    }
    BOOST_TEST((a == delayed<>{}));
}

BOOST_AUTO_TEST_CASE(segments_that_a_transport_merged_count_one_each) {
    delayed<> a;
    BOOST_TEST((a.on_segment({.octets = 2920, .segments = 2}) == when::now));
    a.on_sent();
    delayed<delayed_parameters{.segments = 8}> b;
    BOOST_TEST((b.on_segment({.octets = 7, .segments = 7}) == when::later));
    BOOST_TEST((b.on_segment({.octets = 1, .segments = 1}) == when::now));
    b.on_sent();
    BOOST_TEST((b.on_segment({.octets = 65'000, .segments = 65'535}) == when::now));
}

// Until the ACK is out, the answer stays.
BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_due_stays_due, policy, every_acknowledgement) {
    policy a;
    int asked = 0;
    while (a.on_segment({.octets = 1460, .segments = 1}) == when::later) BOOST_REQUIRE(++asked < 256);
    for (int i = 0; i < 1000; ++i) BOOST_TEST((a.on_segment({.octets = 1, .segments = 1}) == when::now));
    a.on_sent();
    BOOST_TEST((a == policy{}));
}

BOOST_AUTO_TEST_CASE(immediate_never_waits) {
    for (int i = 0; i < 5; ++i) BOOST_TEST((immediate::on_segment({.octets = 1, .segments = 1}) == when::now));
}

BOOST_AUTO_TEST_SUITE_END()
