// SPDX-License-Identifier: BSL-1.0
// Congestion: slow start, avoidance, fast retransmit, NewReno, limited transmit, restart after idle (RFC 5681, 6582, 3042;
// attacks G01 to G09). Segments of 1000 octets.
#include <boost/test/unit_test.hpp>

#include "support/conversation.hpp"

using namespace talk;

namespace {

// So many segments in flight, from sequence number 1, all heard.
void in_flight(conversation& c, unsigned segments) {
    c.established(mss(1000));
    c.writes(segments * 1000);
    for (unsigned i = 0; i < segments; ++i) c.expects(data(1 + std::int64_t{i} * 1000, 1000));
}
std::size_t window_of(conversation& c) { return c.endpoint().congestion_window(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(endpoint_congestion)

CONVERSATION(initial_window_of_ten_segments, "RFC 6928, 2") {
    c.established(mss(1000));
    c.writes(20'000);
    c.holds(c.takes_data() == 10'000, "ten segments");
}

CONVERSATION(initial_window_of_four_segments, "RFC 5681, 3.1, 5681-1, 5681-2, 5681-3, 5681-4: SMSS <= 1095", composition::slow) {
    c.established(mss(1000));
    c.writes(20'000);
    c.holds(c.takes_data() == 4000, "four segments");
}

CONVERSATION(slow_start_grows_by_what_is_acknowledged, "RFC 5681, 3.1, equation 2, MUST-19, 5681-2, 5681-9", composition::slow) {
    c.established(mss(1000));
    c.writes(60'000);
    c.takes_data();
    c.receives(ack(1001));
    c.holds(window_of(c) == 5000, "one segment acknowledged, one segment more");
    c.holds(c.takes_data() == 2000, "two new segments");
    c.receives(ack(3001));
    c.holds(window_of(c) == 6000, "min(N, SMSS) for each ACK");
    c.ignores_the_rest();
}

CONVERSATION(acknowledgments_in_pieces_gain_nothing, "RFC 5681, 3.1, 5681-9; RFC 3465; attack G01", composition::slow) {
    c.established(mss(1000));
    c.writes(60'000);
    c.takes_data();
    for (int i = 1; i <= 100; ++i) {
        c.receives(ack(1 + i * 10));
        c.ignores_the_rest();
    }
    c.holds(window_of(c) <= 5000, "by octets, not by ACKs");
}

CONVERSATION(unused_window_does_not_grow, "RFC 5681, 4.1; RFC 7661", composition::slow) {
    c.established(mss(1000));
    std::int64_t at_seq = 1;
    for (int i = 0; i < 20; ++i) {
        c.writes(1000);
        c.expects(data(at_seq, 1000));
        at_seq += 1000;
        c.receives(ack(at_seq));
    }
    c.holds(window_of(c) == 4000, "the application was the limit");
}

CONVERSATION(restart_after_idle, "RFC 5681, 4.1, RW = min(IW, cwnd), 5681-26; attack G08", composition::slow) {
    c.established(mss(1000));
    std::int64_t acked = 1;
    c.writes(60'000);
    while (acked < 60'001) {
        acked += static_cast<std::int64_t>(c.takes_data());
        c.receives(ack(acked));
    }
    c.holds(window_of(c) > 4000, "it has grown");
    c.wait(10_s);
    c.writes(30'000);
    c.holds(c.takes_data() == 4000, "the restart window");
}

CONVERSATION(no_restart_within_an_rto, "RFC 5681, 4.1", composition::slow) {
    c.established(mss(1000));
    std::int64_t acked = 1;
    c.writes(60'000);
    while (acked < 60'001) {
        acked += static_cast<std::int64_t>(c.takes_data());
        c.receives(ack(acked));
    }
    auto const before = window_of(c);
    c.wait(500_ms);
    c.writes(60'000);
    c.holds(c.takes_data() + 1000 > before, "all of the window");
}

CONVERSATION(third_duplicate_sends_the_first_segment_again, "RFC 5681, 3.2, 5681-8, 5681-18, 5681-22, 5681-23, 5681-25; attack G05") {
    in_flight(c, 10);
    c.receives(ack(1001));
    c.receives(ack(1001));
    c.expects_nothing();
    c.receives(ack(1001));
    c.expects_nothing();
    c.receives(ack(1001));
    c.expects(data(1001, 1000));
    // "no more than the value given in equation (4)"; what limited transmit may have sent is left out.
    auto const threshold = c.endpoint().threshold();
    c.holds(threshold <= 4500 && threshold >= 3500, "half of 9000 in flight");
    c.receives(ack(1001));
    c.receives(ack(1001));
    c.expects_nothing();
    c.receives(ack(10'001));
    c.expects_nothing();
    // RFC 6582, 3.2, step 3, full acknowledgment (1): min(ssthresh, max(FlightSize, SMSS) + SMSS)
    c.holds(window_of(c) == 2000, "deflated");
    c.wait(100_s);
}

CONVERSATION(limited_transmit_sends_new_data_on_the_first_two, "RFC 3042, 2, 5681-19") {
    c.established(mss(1000));
    c.writes(20'000);
    c.holds(c.takes_data() == 10'000, "the initial window");
    c.receives(ack(1001));
    auto const next = c.takes_data();
    c.holds(next == 2000, "slow start");
    c.receives(ack(1001));
    c.expects(data(12'001, 1000));
    c.receives(ack(1001));
    c.expects(data(13'001, 1000));
    c.receives(ack(1001));
    c.expects(data(1001, 1000));
    c.ignores_the_rest();
}

CONVERSATION(window_updates_are_no_duplicates, "RFC 5681, 2 (e); attack W13") {
    in_flight(c, 5);
    for (unsigned i = 0; i < 10; ++i) c.receives(ack(1) | window(60'000 + i));
    c.expects_nothing();
}

CONVERSATION(segments_with_data_are_no_duplicates, "RFC 5681, 2 (b)") {
    in_flight(c, 5);
    for (int i = 0; i < 6; ++i) {
        c.receives(data(1 + i * 10, 10) | ack(1));
        if (i % 2 == 1) c.expects(ack(11 + i * 10));
    }
    c.expects_nothing();
}

CONVERSATION(duplicates_with_nothing_in_flight_mean_nothing, "RFC 5681, 2 (a); attack G07") {
    c.established(mss(1000));
    auto const before = window_of(c);
    for (int i = 0; i < 10; ++i) c.receives(ack(1));
    c.holds(window_of(c) == before, "unchanged");
    c.expects_nothing();
    c.writes(1000);
    c.expects(data(1, 1000));
}

CONVERSATION(partial_acknowledgment_sends_the_next_hole, "RFC 6582, 3.2, step 3") {
    in_flight(c, 10);
    c.receives(ack(1001));
    for (int i = 0; i < 3; ++i) c.receives(ack(1001));
    c.expects(data(1001, 1000));
    c.receives(ack(4001));
    c.expects(data(4001, 1000));
    c.receives(ack(7001));
    c.expects(data(7001, 1000));
    auto const threshold = c.endpoint().threshold();
    c.receives(ack(10'001));
    c.holds(c.endpoint().threshold() == threshold, "one reduction for one window");
    c.expects_nothing();
    c.wait(100_s);
}

CONVERSATION(one_reduction_for_a_window_of_losses, "RFC 6582, 3.2; attack G06") {
    in_flight(c, 10);
    c.receives(ack(1001));
    for (int i = 0; i < 3; ++i) c.receives(ack(1001));
    c.expects(data(1001, 1000));
    auto const threshold = c.endpoint().threshold();
    c.holds(threshold <= 4500 && threshold >= 3500, "half of the flight");
    for (int round = 0; round < 5; ++round)
        for (int i = 0; i < 4; ++i) c.receives(ack(1001));
    c.expects_nothing();
    c.holds(c.endpoint().threshold() == threshold, "once");
    c.receives(ack(10'001));
    c.ignores_the_rest();
}

CONVERSATION(each_duplicate_in_recovery_releases_one_segment_at_most, "RFC 5681, 3.2, steps 4 and 5; attack G02") {
    c.established(mss(1000));
    c.writes(60'000);
    c.holds(c.takes_data() == 10'000, "the initial window");
    c.receives(ack(1001));
    c.takes_data();
    for (int i = 0; i < 100; ++i) {
        c.receives(ack(1001));
        c.holds(c.takes_data() <= 1000, "one segment left the network, one enters it");
    }
}

CONVERSATION(duplicates_release_no_more_than_was_in_flight, "RFC 5681, 3.2, closing note: a limit on the inflation; attack G02") {
    c.established(mss(1000));
    c.writes(60'000);
    c.holds(c.takes_data() == 10'000, "the initial window");
    c.receives(ack(1001));
    auto const flight = 9000 + c.takes_data();
    std::size_t released = 0;
    for (int i = 0; i < 1000; ++i) {
        c.receives(ack(1001));
        released += c.takes_data();
    }
    c.holds(released <= flight + 2000 + 1000, "what was in flight, limited transmit's two and the retransmission");
}

CONVERSATION(answers_to_probes_are_no_duplicates, "RFC 9293, 3.8.6.1: the window is closed, nothing was lost") {
    c.established(mss(1000) | window(0));
    auto const before = window_of(c);
    c.writes(3000);
    for (int i = 0; i < 8; ++i) {
        c.wait(61_s);
        c.ignores_the_rest();
        c.receives(ack(1) | window(0));
        c.ignores_the_rest();
    }
    c.holds(window_of(c) == before, "no congestion was seen");
}

CONVERSATION(duplicates_after_a_timeout_begin_no_recovery, "RFC 6582, 3.2, steps 2 and 4") {
    in_flight(c, 10);
    c.expects_after(1_s, data(1, 1000));
    c.receives(ack(5001));
    c.ignores_the_rest();
    auto const threshold = c.endpoint().threshold();
    for (int i = 0; i < 6; ++i) {
        c.receives(ack(5001));
        c.ignores_the_rest();
    }
    c.holds(c.endpoint().threshold() == threshold, "no second reduction");
    c.receives(ack(10'001));
    c.ignores_the_rest();
}

CONVERSATION(timeout_leaves_one_segment_and_half_of_the_flight, "RFC 5681, 3.1, equation 4, 5681-8, 5681-13 to 5681-15; attacks G04 and G09") {
    in_flight(c, 10);
    c.expects_after(1_s, data(1, 1000));
    c.holds(window_of(c) == 1000, "the loss window");
    c.holds(c.endpoint().threshold() == 5000, "half of the flight");
    c.expects_after(2_s - 5_ms, data(1, 1000));
    c.holds(c.endpoint().threshold() == 5000, "a second timeout for the same data leaves ssthresh alone");
    c.receives(ack(1001));
    c.holds(c.takes_data() >= 1000, "slow start from one segment");
}

CONVERSATION(threshold_is_two_segments_at_least, "RFC 5681, 3.1, equation 4, 5681-13; attack G09") {
    in_flight(c, 1);
    c.expects_after(1_s, data(1, 1000));
    c.holds(c.endpoint().threshold() == 2000, "2 * SMSS");
}

CONVERSATION(avoidance_grows_by_a_segment_for_a_window, "RFC 5681, 3.1, MUST-19, 5681-2") {
    in_flight(c, 10);
    c.expects_after(1_s, data(1, 1000));
    c.receives(ack(10'001));
    std::int64_t acked = 10'001;
    std::size_t last = 0;
    // From one segment: slow start up to ssthresh, 5000, then a segment more for each window.
    for (int round = 0; round < 12; ++round) {
        c.writes(30'000);
        std::size_t const before = window_of(c);
        std::int64_t const end = acked + 30'000;
        std::size_t heard = c.said();
        while (heard-- != 0) {  // one ACK for each segment of one window
            (void)c.takes();
            c.ignores_the_rest();
            break;
        }
        if (before >= 5000 && last >= 5000) c.holds(before <= last + 30'000 / last * 1000 + 1000, "not faster than a segment for a window");
        last = before;
        while (acked < end) {
            acked = std::min(end, acked + 1000);
            c.receives(ack(std::min<std::int64_t>(acked, c.sent_up_to())));
            c.ignores_the_rest();
        }
    }
    c.holds(window_of(c) > 6000 && window_of(c) < 30'000, "growth by the square root of what was acknowledged, about");
}

CONVERSATION(fin_survives_a_full_congestion_window, "attack C12") {
    c.established(mss(1000));
    c.writes(15'000);
    c.holds(c.takes_data() == 10'000, "the initial window");
    c.closes();
    c.expects_nothing();
    c.receives(ack(10'001));
    c.holds(c.takes_data() == 5000, "the rest");
    c.receives(ack(15'002));
    c.in(state::fin_wait_2);
}

BOOST_AUTO_TEST_SUITE_END()
