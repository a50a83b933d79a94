// SPDX-License-Identifier: BSL-1.0
// RFC 5681, requirement by requirement, where it takes exact numbers. Segments of 1000 octets.
#include <boost/test/unit_test.hpp>

#include "support/conversation.hpp"

using namespace talk;

namespace {
std::size_t window_of(conversation& c) { return c.endpoint().congestion_window(); }
std::size_t threshold_of(conversation& c) { return c.endpoint().threshold(); }

// Ten segments are in flight, and more has been written.
void ten_in_flight(conversation& c) {
    c.established(mss(1000));
    c.writes(60'000);
    c.holds(c.takes_data() == 10'000, "the initial window");
}
}  // namespace

BOOST_AUTO_TEST_SUITE(conformance_congestion)

CONVERSATION(initial_window_of_three_segments, "RFC 5681, 3.1, 5681-3: 1095 < SMSS <= 2190", composition::slow) {
    c.established(mss(1460));
    c.writes(20'000);
    c.holds(c.takes_data() == 3 * c.full(), "three segments");
}

CONVERSATION(initial_window_of_two_segments, "RFC 5681, 3.1, 5681-3: SMSS > 2190", composition::slow) {
    c.wire().mtu = 9000;
    c.established(mss(8000));
    c.writes(60'000);
    c.holds(c.takes_data() == 16'000, "two segments");
}

CONVERSATION(ssthresh_is_high_at_first, "RFC 5681, 3.1, 5681-7") {
    c.established(mss(1000));
    c.holds(threshold_of(c) >= 1u << 30, "as large as any window (RFC 7323, 2.3)");
}

CONVERSATION(the_acks_of_the_handshake_leave_the_window_alone, "RFC 5681, 3.1, 5681-4", composition::slow) {
    c.established(mss(1000));
    c.holds(window_of(c) == 4000, "the initial window");
}

CONVERSATION(avoidance_grows_by_a_segment_when_a_window_is_acknowledged, "RFC 5681, 3.1, MUST-19, 5681-10, 5681-11") {
    ten_in_flight(c);
    c.expects_after(1_s, data(1, 1000));
    c.holds(threshold_of(c) == 5000, "half of the flight");
    std::int64_t acked = 1;
    auto const acknowledge = [&](std::int64_t octets) {
        acked += octets;
        c.receives(ack(acked));
        c.ignores_the_rest();
        while (c.writes_some(10'000) != 0) c.ignores_the_rest();
    };
    while (window_of(c) < 5000) acknowledge(1000);
    for (std::size_t segments = 5; segments < 25; ++segments) {
        for (std::size_t i = 1; i < segments; ++i) {
            acknowledge(1000);
            c.holds(window_of(c) == segments * 1000, "not before a window has been acknowledged");
        }
        acknowledge(1000);
        c.holds(window_of(c) == (segments + 1) * 1000, "then by a segment");
    }
}

CONVERSATION(limited_transmit_leaves_window_and_threshold_alone, "RFC 5681, 3.2, 5681-19, 5681-20, 5681-22") {
    ten_in_flight(c);
    c.receives(ack(1));
    c.expects(data(10'001, 1000));
    c.holds(window_of(c) == 10'000, "unchanged");
    c.receives(ack(1));
    c.expects(data(11'001, 1000));
    c.holds(window_of(c) == 10'000, "unchanged");
    c.receives(ack(1));
    c.expects(data(1, 1000));
    c.holds(threshold_of(c) == 5000, "half of ten, not of twelve");
}

CONVERSATION(duplicates_inflate_by_a_segment_each, "RFC 5681, 3.2, 5681-23, 5681-24") {
    ten_in_flight(c);
    for (int i = 0; i < 3; ++i) c.receives(ack(1)), c.ignores_the_rest();
    c.holds(c.sent_up_to() == 12'001, "two by limited transmit");
    // cwnd is 5 + 3 segments, twelve are in flight: the fifth duplicate from here on makes room for one more.
    for (int i = 0; i < 4; ++i) c.receives(ack(1));
    c.expects_nothing();
    for (int i = 0; i < 5; ++i) {
        c.receives(ack(1));
        c.expects(data(12'001 + i * 1000, 1000));
    }
}

CONVERSATION(a_loss_in_the_next_window_halves_again, "RFC 5681, 4.3, 5681-30") {
    ten_in_flight(c);
    for (int i = 0; i < 3; ++i) c.receives(ack(1)), c.ignores_the_rest();
    auto const once = threshold_of(c);
    std::int64_t una = c.sent_up_to();
    c.receives(ack(una));
    c.ignores_the_rest();
    for (; window_of(c) < 5000; c.ignores_the_rest()) c.receives(ack(una += 1000));
    auto const flight = static_cast<std::size_t>(c.sent_up_to() - una);
    c.holds(flight == 5000, "another window");
    for (int i = 0; i < 3; ++i) c.receives(ack(una)), c.ignores_the_rest();
    c.holds(once == 5000 && threshold_of(c) == 2500, "half, and half again");
}

CONVERSATION(a_retransmission_that_is_lost_reduces_again, "RFC 5681, 4.3, 5681-30") {
    ten_in_flight(c);
    for (int i = 0; i < 3; ++i) c.receives(ack(1)), c.ignores_the_rest();
    c.holds(threshold_of(c) == 5000 && window_of(c) >= 5000, "once");
    c.expects_after(1_s, data(1, 1000));
    c.holds(window_of(c) == 1000, "the loss window");
}

BOOST_AUTO_TEST_SUITE_END()
