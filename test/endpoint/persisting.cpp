// SPDX-License-Identifier: BSL-1.0
// The peer's window: kept to, shrinking, closed and probed, too small to be worth a segment (RFC 9293, 3.8.6; attacks W01 to W13).
#include <boost/test/unit_test.hpp>

#include "support/conversation.hpp"

using namespace talk;

BOOST_AUTO_TEST_SUITE(endpoint_persisting)

CONVERSATION(window_is_not_exceeded, "RFC 9293, 3.8.6, MUST-38, 9293-u16, 7323-9") {
    with_thousands(c, 2500);
    c.writes(5000);
    c.expects(data(1, 1000));
    c.expects(data(1001, 1000));
    c.expects_nothing();  // 500 octets are silly, with something in flight
    c.receives(ack(2001) | window(2500));
    c.expects(data(2001, 1000));
    c.expects(data(3001, 1000));
    c.receives(ack(4001) | window(2500));
    c.expects(data(4001, 1000));
}

CONVERSATION(older_segments_do_not_change_the_window, "RFC 9293, 3.10.7.4, fifth; attack W08") {
    with_thousands(c, 2000);
    c.writes(10'000);
    c.expects(data(1, 1000));
    c.expects(data(1001, 1000));
    c.receives(data(1, "a") | ack(2001) | window(1000));
    c.expects(data(2001, 1000));
    c.receives(data(0, "z") | ack(2001) | window(9000));  // SEG.SEQ < SND.WL1
    c.expects(ack(2));
    c.expects_nothing();
    c.receives(at(2) | ack(1001) | window(60'000));  // SEG.ACK < SND.UNA
    c.expects_nothing();
    c.wait(10_ms);
    c.ignores_the_rest();
}

CONVERSATION(closed_window_is_probed_after_an_rto_with_back_off, "RFC 9293, 3.8.6.1, MUST-36, SHLD-29, SHLD-30, MUST-37; attacks W01 and W03") {
    with_thousands(c, 0);
    c.writes(3000);
    c.expects_nothing();
    std::int64_t seconds = 1;
    c.expects_after(1_s, data(1, 1));
    for (int i = 0; i < 20; ++i) {
        c.receives(ack(1) | window(0));  // answered: it may stay closed for ever (MUST-37)
        c.expects_nothing();
        seconds = std::min<std::int64_t>(2 * seconds, 60);
        c.expects_after(tenon::from_s(seconds) - 5_ms, data(1, 1));
    }
    c.in(state::established);
    c.receives(ack(1) | window(5000));
    c.expects(data(1, 1));  // the octet of the probe was refused
    c.expects(data(2, 1000));
    c.expects(data(1002, 1000));
    c.receives(ack(2002) | window(5000));
    c.expects(data(2002, 999));
}

CONVERSATION(probe_that_is_taken_moves_on, "RFC 9293, 3.8.6.1; attack W02") {
    with_thousands(c, 0);
    c.writes(3000);
    c.expects_after(1_s, data(1, 1));
    c.receives(ack(2) | window(0));
    c.expects_nothing();
    c.wait(65_s);
    c.holds(c.said() >= 1, "the next probe");
    c.expects(data(2, 1));
    c.ignores_the_rest();
    c.receives(ack(3) | window(2000));
    c.expects(data(3, 1000));
    c.expects(data(1003, 1000));
}

CONVERSATION(closed_window_without_answers_is_given_up, "RFC 9293, 3.8.3; attack T05") {
    with_thousands(c, 0);
    c.writes(3000);
    for (int i = 0; i < 40; ++i) {
        c.wait(10_s);
        c.ignores_the_rest();
    }
    c.in(state::closed);
    c.failed_with(error::timed_out);
}

CONVERSATION(window_that_closes_with_data_in_flight, "RFC 9293, 3.8.6, MUST-34, SHLD-15, SHLD-16, MAY-7; attack W06") {
    with_thousands(c, 4000);
    c.writes(6000);
    for (int i = 0; i < 4; ++i) c.expects(data(1 + i * 1000, 1000));
    c.receives(ack(1001) | window(100));  // shrunk from 3000 to 100
    c.expects_nothing();
    c.wait(3_s);
    c.holds(c.said() >= 1, "what is out is still sent again");
    c.ignores_the_rest();
    c.receives(ack(4001) | window(3000));
    c.expects(data(4001, 1000));
    c.receives(ack(5001) | window(3000));
    c.expects(data(5001, 1000));
    c.receives(ack(6001) | window(3000));
    c.wait(100_s);
}

CONVERSATION(window_that_shrinks_to_nothing_and_reopens, "RFC 9293, 3.8.6, MUST-35; attack W06") {
    with_thousands(c, 4000);
    c.writes(4000);
    c.takes_data();
    c.receives(ack(1) | window(0));
    c.wait(2_s);
    c.holds(c.said() >= 1, "a probe");
    c.ignores_the_rest();
    c.receives(ack(1) | window(4000));
    c.holds(c.said() >= 1, "what was refused is sent again");
    c.ignores_the_rest();
    c.receives(ack(4001) | window(4000));
    c.wait(100_s);
}

CONVERSATION(window_that_flaps_resends_once, "RFC 9293, 3.8.6: shrinking is discouraged, and must not make us flood the path") {
    with_thousands(c, 4000);
    c.writes(4000);
    c.takes_data();
    c.receives(ack(1) | window(0));
    c.receives(ack(1) | window(4000));
    c.holds(c.takes_data() == 4000, "what was refused");
    for (int i = 0; i < 10; ++i) {
        c.receives(ack(1) | window(0));
        c.receives(ack(1) | window(4000));
        c.holds(c.takes_data() == 0, "the timer decides");
    }
    c.wait(2_s);
    c.holds(c.takes_data() != 0, "as it does");
    c.receives(ack(4001) | window(4000));
    c.wait(100_s);
}

CONVERSATION(fin_into_a_closed_window_is_probed, "RFC 9293, 3.8.6.1; attack W12") {
    with_thousands(c, 0);
    c.shuts_down();
    c.expects_after(1_s, fin | at(1));
    c.receives(ack(1) | window(0));
    c.expects_after(2_s - 5_ms, fin | at(1));
    c.receives(ack(2) | window(0));
    c.in(state::fin_wait_2);
    c.wait(100_s);
}

CONVERSATION(text_and_fin_into_a_closed_window, "RFC 9293, 3.8.6.1; attack W12") {
    with_thousands(c, 0);
    c.writes("ab");
    c.shuts_down();
    c.expects_after(1_s, data(1, 1));
    c.receives(ack(2) | window(0));
    c.wait(61_s);
    c.expects(data(2, 1));
    c.ignores_the_rest();
    c.receives(ack(3) | window(0));
    c.wait(61_s);
    c.expects(fin | at(3));
    c.ignores_the_rest();
    c.receives(ack(4) | window(0));
    c.in(state::fin_wait_2);
}

CONVERSATION(probe_is_not_held_by_the_congestion_window, "attack W11") {
    with_thousands(c, 20'000);
    c.writes(30'000);
    c.holds(c.takes_data() == 10'000, "the initial window");
    c.receives(ack(1) | window(0));
    c.wait(3_s);
    c.holds(c.said() >= 1, "a probe, though the congestion window is full");
    c.ignores_the_rest();
}

CONVERSATION(small_window_with_nothing_in_flight_is_overridden, "RFC 9293, 3.8.6.2.1, (4), MUST-38, MUST-60, 9293-u16: 0.1 to 1 s; attack W05") {
    with_thousands(c, 20'000);
    c.receives(ack(1) | window(300));
    c.writes(5000);
    c.expects_nothing();
    c.wait(99_ms);
    c.expects_nothing();
    c.wait(902_ms);
    c.expects(data(1, 300));
    c.receives(ack(301) | window(300));
    c.wait(1001_ms);
    c.expects(data(301, 300));
}

CONVERSATION(window_never_larger_than_a_segment_is_used, "RFC 9293, 3.8.6.2.1, (3), 9293-u16: half of the largest window; attack W05") {
    with_thousands(c, 300);
    c.writes(900);
    c.expects(data(1, 300));
    c.receives(ack(301) | window(300));
    c.expects(data(301, 300));
    c.receives(ack(601) | window(160));
    c.expects(data(601, 160));
    c.receives(ack(761) | window(140));
    c.expects(data(761, 140));
}

CONVERSATION(lost_window_update_is_found_by_the_probe, "RFC 9293, 3.8.6.1, MUST-36; attack W01") {
    with_thousands(c, 1000);
    c.writes(3000);
    c.expects(data(1, 1000));
    c.receives(ack(1001) | window(0));
    c.expects_nothing();
    c.expects_after(1_s, data(1001, 1));
    c.receives(ack(1001) | window(2000));  // it has opened meanwhile; the octet itself was dropped
    c.holds(c.said() >= 1, "sending goes on at once");
    c.expects(data(1001, 1));
    c.expects(data(1002, 1000));
}

BOOST_AUTO_TEST_SUITE_END()
