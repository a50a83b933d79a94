// SPDX-License-Identifier: BSL-1.0
// Explicit congestion notification (RFC 3168, 6.1, with erratum 3639).
#include <boost/test/unit_test.hpp>

#include "support/conversation.hpp"

using namespace talk;

BOOST_AUTO_TEST_SUITE(endpoint_marks)

namespace {

segment const setup = syn | ece | cwr;

void agreed(conversation& c) {
    c.listens();
    c.receives(setup | at(0) | mss(1000));
    c.expects(syn | at(0) | ack(1) | ece | without(cwr_bit) | not_ect);
    c.receives(at(1) | ack(1));
    c.expects_nothing();
}

}  // namespace

CONVERSATION(ecn_is_offered_and_agreed_on, "RFC 3168, 6.1.1, 3168-1, 3168-2, 3168-7 and 3168-9, SHLD-8", composition::marking) {
    c.connects();
    c.expects(setup | at(0) | not_ect);
    c.receives(syn | ece | ack(1) | at(0) | mss(1000));
    c.expects(ack(1) | not_ect | without(ece_bit) | without(cwr_bit));
    c.writes(1000);
    c.expects(data(1, 1000) | ect_0 | without(cwr_bit));
}

CONVERSATION(syn_ack_with_both_flags_is_no_setup, "RFC 3168, 6.1.1, 3168-2 and 3168-3", composition::marking) {
    c.connects();
    c.expects(setup | at(0));
    c.receives(syn | ece | cwr | ack(1) | at(0) | mss(1000));  // a broken peer that reflects what it does not understand
    c.expects(ack(1) | not_ect);
    c.writes(1000);
    c.expects(data(1, 1000) | not_ect);
}

CONVERSATION(syn_ack_without_flags_is_no_setup, "RFC 3168, 6.1.1, 3168-3", composition::marking) {
    c.connects();
    c.expects(setup | at(0));
    c.receives(syn | ack(1) | at(0) | mss(1000));
    c.expects(ack(1) | not_ect);
    c.writes(1000);
    c.expects(data(1, 1000) | not_ect);
    c.receives(ack(1001) | ece);  // means nothing here
    c.writes(1000);
    c.expects(data(1001, 1000) | not_ect | without(cwr_bit));
}

CONVERSATION(one_flag_alone_is_no_setup_syn, "RFC 3168, 6.1.1, 3168-1", composition::marking) {
    c.listens();
    c.receives(syn | ece | at(0) | mss(1000));
    c.expects(syn | at(0) | ack(1) | without(ece_bit) | without(cwr_bit));
}

CONVERSATION(who_does_not_want_it_does_not_answer_it, "RFC 3168, 6.1.1, 3168-6") {
    c.listens();
    c.receives(setup | at(0) | mss(1000));
    c.expects(syn | at(0) | ack(1) | without(ece_bit) | without(cwr_bit));
    c.receives(ack(1));
    c.receives(data(1, 100) | ce);
    c.expects_after(200_ms, ack(101) | without(ece_bit));
}

CONVERSATION(syn_that_times_out_goes_out_again_without, "RFC 3168, 6.1.1.1, 3168-8; 6.1.1, 3168-2", composition::marking) {
    c.connects();
    c.expects(setup | at(0));
    c.expects_after(1_s, syn | at(0) | without(ece_bit) | without(cwr_bit));
    c.receives(syn | ece | ack(1) | at(0) | mss(1000));  // to the first one
    c.expects(ack(1));
    c.writes(1000);
    c.expects(data(1, 1000) | not_ect);
}

CONVERSATION(who_has_withdrawn_still_tells_of_marks, "RFC 3168, 6.1.1, 3168-5", composition::marking) {
    c.connects();
    c.expects(setup | at(0));
    c.expects_after(1_s, syn | at(0) | without(ece_bit));
    c.receives(syn | ece | ack(1) | at(0) | mss(1000));
    c.expects(ack(1));
    c.receives(data(1, 1000) | ce);
    c.receives(data(1001, 1000) | ect_0);
    c.expects(ack(2001) | ece);
}

CONVERSATION(peer_that_withdraws_is_sent_no_ect, "RFC 3168, 6.1.1, 3168-2 and 3168-3", composition::marking) {
    c.listens();
    c.receives(setup | at(0) | mss(1000));
    c.expects(syn | at(0) | ack(1) | ece);
    c.receives(syn | at(0) | mss(1000));
    c.ignores_the_rest();
    c.receives(at(1) | ack(1));
    c.writes(1000);
    c.expects(data(1, 1000) | not_ect);
}

CONVERSATION(simultaneous_open_agrees_too, "RFC 3168, 6.1.1", composition::marking) {
    c.connects();
    c.expects(setup | at(0));
    c.receives(setup | at(0) | mss(1000));
    c.expects(syn | at(0) | ack(1) | ece | without(cwr_bit));
    c.receives(syn | ece | at(0) | ack(1) | mss(1000));
    c.ignores_the_rest();
    c.in(state::established);
    c.writes(1000);
    c.expects(data(1, 1000) | ect_0);
}

CONVERSATION(marks_are_told_until_the_peer_has_reduced, "RFC 3168, 6.1.3, 3168-15, SHLD-8, 3168-4; 6.1.4, 3168-17", composition::marking) {
    agreed(c);
    c.receives(data(1, 1000) | ect_0);
    c.expects_nothing();
    c.receives(data(1001, 1000) | ce);
    c.expects(ack(2001) | ece | not_ect);
    c.receives(data(2001, 1000) | ect_0);
    c.receives(data(3001, 1000) | ect_0);
    c.expects(ack(4001) | ece);
    c.writes("x");
    c.expects(data(1, "x") | ece);
    c.receives(data(4001, 1000) | ect_0 | cwr | ack(2));
    c.receives(data(5001, 1000) | ect_0);
    c.expects(ack(6001) | without(ece_bit));
}

CONVERSATION(delayed_ack_tells_of_any_mark_among_what_it_covers, "RFC 3168, 6.1.3, 3168-15, 3168-5", composition::marking) {
    agreed(c);
    c.receives(data(1, 1000) | ce);
    c.receives(data(1001, 1000) | ect_0);
    c.expects(ack(2001) | ece);
}

CONVERSATION(mark_on_the_segment_with_cwr_begins_anew, "RFC 3168, 6.1.3, erratum 3639, 3168-16", composition::marking) {
    agreed(c);
    c.receives(data(1, 1000) | ce);
    c.expects_after(200_ms, ack(1001) | ece);
    c.receives(data(1001, 1000) | ce | cwr);
    c.expects_after(200_ms, ack(2001) | ece);
}

CONVERSATION(marks_outside_the_window_are_ignored, "RFC 3168, 6.1.5, 3168-19", composition::marking) {
    agreed(c);
    c.receives(data(1, 1000));
    c.expects_after(200_ms, ack(1001));
    c.receives(data(1, 1000) | ce);
    c.expects(ack(1001) | without(ece_bit));
}

CONVERSATION(echo_halves_the_window_once_and_is_answered_once, "RFC 3168, 6.1.2, 3168-10, 3168-11 and 3168-13, SHLD-8, 3168-4", composition::marking) {
    agreed(c);
    c.writes(30'000);
    c.holds(c.takes_data() == 10'000, "the initial window");
    c.receives(ack(1001) | ece);
    c.holds(c.endpoint().threshold() == 5000, "half of the flight");
    c.holds(c.endpoint().congestion_window() == 5000, "no growth for this ACK");
    c.expects_nothing();
    for (int i = 2; i <= 5; ++i) c.receives(ack(1 + 1000 * i) | ece);
    c.expects_nothing();
    c.receives(ack(6001) | ece);
    c.expects(data(10'001, 1000) | cwr | ect_0);
    c.receives(ack(7001));
    c.expects(data(11'001, 1000) | without(cwr_bit) | ect_0);
    c.holds(c.endpoint().threshold() == 5000, "once for a window of data");
    c.receives(ack(8001) | ece);
    c.ignores_the_rest();
    c.holds(c.endpoint().threshold() == 5000, "still the same window of data");
    c.receives(ack(11'001));
    c.ignores_the_rest();
    c.receives(ack(12'001) | ece);
    c.holds(c.endpoint().threshold() < 5000, "a new one");
}

CONVERSATION(ack_that_ends_the_window_of_data_reduces_nothing, "RFC 3168, 6.1.2, 3168-10: the peer cannot have seen CWR yet", composition::marking) {
    agreed(c);
    c.writes(30'000);
    c.takes_data();
    for (int i = 1; i <= 10; ++i) {
        c.receives(ack(1 + 1000 * i) | ece);
        c.ignores_the_rest();
    }
    c.holds(c.endpoint().threshold() == 5000, "one window of marks, one reduction");
}

CONVERSATION(echo_with_the_last_ack_does_not_stop_the_clock_of_time_wait, "RFC 9293, 3.6.1: 2 MSL", composition::marking) {
    agreed(c);
    c.writes(1000);
    c.expects(data(1, 1000));
    c.shuts_down();
    c.expects(fin | at(1001));
    c.expects_after(1_s, data(1, 1000) | without(fin_bit));
    c.receives(fin | at(1) | ack(1002) | ece);
    c.ignores_the_rest();
    c.in(state::time_wait);
    c.wait(tenon::from_s(1000));
    c.ignores_the_rest();
    c.in(state::closed);
}

CONVERSATION(probes_back_off_after_an_echo_at_one_segment, "RFC 9293, 3.8.6.1, SHLD-30", composition::marking) {
    agreed(c);
    c.writes(30'000);
    c.takes_data();
    c.expects_after(1_s, data(1, 1000));
    c.receives(ack(10'001) | ece | window(0));
    c.ignores_the_rest();
    c.wait(100_s);
    c.holds(c.said() <= 8, "at doubling intervals");
    c.ignores_the_rest();
}

CONVERSATION(loss_in_a_window_that_was_marked_is_repaired_without_another_reduction, "RFC 3168, 6.1.2, 3168-10", composition::marking) {
    agreed(c);
    c.writes(30'000);
    c.takes_data();
    c.receives(ack(1001) | ece);
    auto const threshold = c.endpoint().threshold();
    for (int i = 0; i < 3; ++i) c.receives(ack(1001) | ece);
    c.expects(data(1001, 1000) | not_ect | without(cwr_bit));  // 3168-14 and 3168-18
    c.holds(c.endpoint().threshold() == threshold, "reduced already");
    c.ignores_the_rest();
}

CONVERSATION(loss_is_answered_with_cwr_too, "RFC 3168, 6.1.2, 3168-13, 3168-14 and 6.1.5, 3168-18, 3168-4", composition::marking) {
    agreed(c);
    c.writes(12'000);
    c.takes_data();
    c.expects_after(1_s, data(1, 1000) | not_ect | without(cwr_bit));
    c.receives(ack(10'001));
    c.expects(data(10'001, 1000) | cwr | ect_0);
    c.expects(data(11'001, 1000) | without(cwr_bit) | ect_0);
}

CONVERSATION(probes_are_not_marked, "RFC 3168, 6.1.6, 3168-20", composition::marking) {
    agreed(c);
    c.writes("x");
    c.expects(data(1, "x") | ect_0);
    c.receives(ack(2) | window(0));
    c.writes("y");
    c.expects_after(1_s, data(2, "y") | not_ect | without(cwr_bit));
}

CONVERSATION(at_a_window_of_one_segment_new_data_waits_for_the_timer, "RFC 3168, 6.1.2, 3168-12", composition::single) {
    agreed(c);
    c.writes(3000);
    c.expects(data(1, 1000) | ect_0);
    c.receives(ack(1001) | ece);
    c.expects_nothing();
    c.expects_after(1_s, data(1001, 1000) | cwr | ect_0);
    c.receives(ack(2001));
    c.expects(data(2001, 1000) | without(cwr_bit));
}

// "if a window probe arrives with the CE codepoint set, then the receiver SHOULD respond to the ECN indications"
CONVERSATION(a_mark_on_a_window_probe_is_told, "RFC 3168, 6.1.6, 3168-21", composition::marking) {
    c.listens();
    c.receives(syn | ece | cwr | at(0) | mss(1000));
    c.expects(syn | at(0) | ack(1) | ece);
    c.receives(at(1) | ack(1));
    std::int64_t next = 1;
    for (; next < 64'001; next += 1000) {
        c.receives(data(next, 1000) | ect_0);
        c.ignores_the_rest();
    }
    c.receives(data(next, 1535) | ect_0);
    c.wait(1_s);
    c.ignores_the_rest();
    next = 1 + static_cast<std::int64_t>(c.endpoint().readable());
    c.receives(data(next, 1) | ce);
    c.expects(ack(next) | window(0) | ece);
}

BOOST_AUTO_TEST_SUITE_END()
