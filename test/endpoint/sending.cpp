// SPDX-License-Identifier: BSL-1.0
// Sending: segmentation, Nagle, PSH, retransmission and its timer, giving up (RFC 9293, 3.7.4, 3.8; RFC 6298; attacks T01 to T13).
#include <boost/test/unit_test.hpp>

#include "support/conversation.hpp"

using namespace talk;

BOOST_AUTO_TEST_SUITE(endpoint_sending)

// ---- Nagle and PSH

CONVERSATION(nagle_holds_a_runt_while_anything_is_unacknowledged, "RFC 9293, 3.7.4, SHLD-7, SHLD-28, MAY-16, MUST-60, 9293-u16") {
    with_thousands(c);
    c.writes("a");
    c.expects(data(1, "a"));
    c.writes("b");
    c.writes("c");
    c.expects_nothing();
    c.wait(900_ms);
    c.receives(ack(2));
    c.expects(data(2, "bc"));
    c.writes(999);
    c.expects_nothing();
    c.writes(1);
    c.expects(data(4, 1000));  // a full segment
}

CONVERSATION(nagle_can_be_turned_off, "RFC 9293, 3.7.4, MUST-17") {
    with_thousands(c);
    c.no_delay(true);
    c.writes("a");
    c.expects(data(1, "a"));
    c.writes("b");
    c.expects(data(2, "b"));
    c.no_delay(false);
    c.writes("c");
    c.expects_nothing();
    c.no_delay(true);
    c.expects(data(3, "c"));
}

CONVERSATION(fin_takes_along_what_nagle_holds, "RFC 9293, 3.7.4; attack C12") {
    with_thousands(c);
    c.writes("a");
    c.expects(data(1, "a"));
    c.writes("b");
    c.shuts_down();
    c.expects(data(2, "b") | fin);
}

CONVERSATION(psh_is_set_where_the_written_octets_end, "RFC 9293, 3.9.1.2, MUST-61") {
    with_thousands(c);
    c.writes(2500);
    c.expects(data(1, 1000) | no_psh);
    c.expects(data(1001, 1000) | no_psh);
    c.receives(ack(2001));
    c.expects(data(2001, 500) | psh);
}

CONVERSATION(writes_of_nothing_change_nothing, "attack A04") {
    with_thousands(c);
    c.writes("");
    c.expects_nothing();
    c.holds(c.endpoint().receive({}).count == 0, "a read of nothing");
    c.polls();
    c.receives(rst | at(1));
    c.holds(c.endpoint().send({}).count == 0, "a write of nothing");
    c.holds(c.endpoint().receive({}).count == 0, "a read of nothing");
    c.polls();
}

CONVERSATION(a_full_send_buffer_takes_what_fits, "RFC 9293, 3.10.2") {
    with_thousands(c, 1000);
    c.holds(c.writes_some(100'000) == 65'536, "what fits");
    c.expects(data(1, 1000));
    c.write_fails(error::would_block);
    c.holds(c.endpoint().writable() == 0, "no room");
    c.receives(ack(1001) | window(1000));
    c.told(ready::writable);
    c.expects(data(1001, 1000));
    c.holds(c.endpoint().writable() == 1000, "room for what was acknowledged");
}

// ---- the retransmission timer

CONVERSATION(timer_runs_from_the_first_segment, "RFC 6298, 5.1, 6298-16; attack T01") {
    with_thousands(c);
    c.writes(1000);
    c.expects(data(1, 1000));
    c.wait(600_ms);
    c.writes(1000);
    c.expects(data(1001, 1000));
    c.expects_after(400_ms, data(1, 1000));
}

CONVERSATION(one_segment_for_each_expiry_and_doubling, "RFC 6298, 5.4 to 5.6, MUST-18, MUST-19, 6298-1, 6298-15, 6298-19 to 6298-21; RFC 2525, 2.14; attacks T03 and T10") {
    with_thousands(c);
    c.writes(3000);
    for (int i = 0; i < 3; ++i) c.expects(data(1 + i * 1000, 1000));
    c.expects_after(1_s, data(1, 1000));
    c.expects_after(2_s - 5_ms, data(1, 1000));
    c.expects_after(4_s - 5_ms, data(1, 1000));
    c.expects_after(8_s - 5_ms, data(1, 1000));
    c.receives(ack(3001));
    c.expects_nothing();
    c.wait(100_s);
}

CONVERSATION(partial_acknowledgment_restarts_the_timer, "RFC 6298, 5.3, 6298-18; attack T02") {
    with_thousands(c);
    c.writes(3000);
    c.takes_data();
    c.wait(900_ms);
    c.receives(ack(1001));
    c.wait(900_ms);
    c.receives(ack(2001));
    c.expects_nothing();
    c.wait(100_ms);
    c.expects_nothing();
    c.wait(890_ms);
    c.expects_nothing();
    c.wait(600_ms);  // the sample of 900 ms has raised the RTO
    c.ignores_the_rest();
}

CONVERSATION(all_acknowledged_stops_the_timer, "RFC 6298, 5.2, 6298-17; attack T02") {
    with_thousands(c);
    c.writes(3000);
    c.takes_data();
    c.receives(ack(3001));
    c.wait(1000_s);
}

CONVERSATION(retransmission_is_no_sample, "RFC 6298, 3 (Karn), MUST-18, 6298-9, 6298-11, 6298-12; attack T04") {
    with_thousands(c);
    c.writes("a");
    c.expects(data(1, "a"));
    c.expects_after(1_s, data(1, "a"));
    c.expects_after(2_s - 5_ms, data(1, "a"));
    c.receives(ack(2));  // of which transmission?
    c.writes("b");
    c.expects(data(2, "b"));
    c.expects_after(4_s, data(2, "b"));  // the back-off stays until a segment has been timed
    c.receives(ack(3));
    c.writes("c");
    c.expects(data(3, "c"));
    c.wait(10_ms);
    c.receives(ack(4));  // a sample
    c.writes("d");
    c.expects(data(4, "d"));
    c.expects_after(1_s, data(4, "d"));
}

CONVERSATION(rto_follows_the_round_trip, "RFC 6298, 2.2 and 2.3, MUST-18, 6298-5, 6298-7, 6298-8, 6298-6") {
    with_thousands(c);
    c.writes("a");
    c.expects(data(1, "a"));
    c.wait(800_ms);
    c.receives(ack(2));
    // SRTT = 7/8 * 0 + 1/8 * 0.8 s = 0.1 s; RTTVAR = 1/4 * 0.8 s = 0.2 s; RTO = 0.1 s + 4 * 0.2 s, below the minimum of 1 s.
    c.writes("b");
    c.expects(data(2, "b"));
    c.wait(900_ms);
    c.receives(ack(3));
    // SRTT = 0.0875 + 0.1125 = 0.2 s; RTTVAR = 0.15 + 0.2 = 0.35 s; RTO = 1.6 s
    c.writes("c");
    c.expects(data(3, "c"));
    c.expects_after(1600_ms, data(3, "c"));
}

CONVERSATION(after_a_timeout_the_rest_follows_in_slow_start, "RFC 5681, 3.1; attack T11") {
    with_thousands(c);
    c.writes(3000);
    c.takes_data();
    c.expects_after(1_s, data(1, 1000));
    c.receives(ack(501));  // within a segment: what is sent again begins there
    auto const p = c.takes();
    c.holds(p.seq - c.with().iss == 501 || p.seq - c.with().iss == 1001, "from SND.UNA or behind what was sent again");
    c.ignores_the_rest();
    c.receives(ack(3001));
    c.wait(100_s);
}

CONVERSATION(octets_that_come_again_are_the_same, "RFC 9293, 3.10.8; attack T11") {
    with_thousands(c);
    for (int i = 0; i < 20; ++i) {
        c.writes(100);
        c.ignores_the_rest();
    }
    c.wait(1100_ms);
    c.holds(c.said() >= 1, "something is sent again");  // and the strict reader compares its octets
    c.ignores_the_rest();
    c.receives(ack(51));
    c.ignores_the_rest();
    c.receives(ack(1101));
    c.ignores_the_rest();
    c.receives(ack(2001));
    c.wait(100_s);
}

CONVERSATION_IN(data_is_given_up_after_a_hundred_seconds, "RFC 9293, 3.8.3, SHLD-10 and SHLD-11, MUST-20, SHLD-9, 9293-u1", state::established, state::close_wait) {
    auto const n = c.reaches(s);
    c.writes("x");
    c.expects(data(1, "x") | ack(n.rcv));
    c.expects_after(1_s, data(1, "x"));
    c.not_told(ready::stalled);
    c.expects_after(2_s - 5_ms, data(1, "x"));
    c.not_told(ready::stalled);
    c.expects_after(4_s - 5_ms, data(1, "x"));
    c.told(ready::stalled);  // R1
    c.expects_after(8_s - 5_ms, data(1, "x"));
    c.expects_after(16_s - 5_ms, data(1, "x"));
    c.expects_after(32_s - 5_ms, data(1, "x"));
    c.wait(36_s);
    c.in(s);
    c.wait(30_s);
    c.ignores_the_rest();
    c.in(state::closed);
    c.told(ready::closed);
    c.failed_with(error::timed_out);
    c.write_fails(error::timed_out);
    c.wait(100_s);
}

CONVERSATION(user_timeout_takes_the_place_of_r2, "RFC 9293, 3.8.3, MUST-21") {
    with_thousands(c);
    c.user_timeout(20_s);
    c.writes(1000);
    c.ignores_the_rest();
    c.wait(19_s);
    c.ignores_the_rest();
    c.in(state::established);
    c.receives(ack(1001));  // progress: it counts from the next octet on
    c.wait(100_s);
    c.writes(1000);
    c.ignores_the_rest();
    c.wait(19_s);
    c.ignores_the_rest();
    c.in(state::established);
    c.wait(30_s);  // asked when a retransmission is due
    c.ignores_the_rest();
    c.in(state::closed);
    c.failed_with(error::timed_out);
}

CONVERSATION(user_timeout_longer_than_r2, "RFC 9293, 3.8.3, MUST-21") {
    with_thousands(c);
    c.user_timeout(1000_s);
    c.writes(1000);
    c.ignores_the_rest();
    c.wait(990_s);
    c.ignores_the_rest();
    c.in(state::established);
    c.user_timeout(tenon::duration{});  // back to R2, which is long over
    c.wait(121_s);
    c.ignores_the_rest();
    c.in(state::closed);
    c.failed_with(error::timed_out);
}

CONVERSATION(progress_is_what_counts_for_giving_up, "RFC 9293, 3.8.3; attack T05") {
    with_thousands(c);
    std::int64_t acked = 1;
    for (int i = 0; i < 10; ++i) {
        c.writes(2000);
        c.ignores_the_rest();
        c.wait(40_s);
        c.ignores_the_rest();
        acked += 1000;
        c.receives(ack(acked));
        c.ignores_the_rest();
        acked += 1000;
        c.receives(ack(acked));
        c.ignores_the_rest();
    }
    c.in(state::established);
}

CONVERSATION(nobody_gives_up_where_r2_is_infinite, "RFC 9293, 3.8.3 (d)", composition::impatient) {
    with_thousands(c);
    c.writes("x");
    c.expects(data(1, "x"));
    for (int i = 0; i < 50; ++i) {
        c.wait(70_s);
        c.holds(c.said() >= 1, "it is sent again, at least each minute");
        c.ignores_the_rest();
    }
    c.in(state::established);
    c.receives(ack(2));
    c.wait(1000_s);
}

CONVERSATION(a_clock_that_jumps_makes_one_expiry, "attack T06", composition::standard, true) {
    with_thousands(c);
    c.writes(3000);
    c.takes_data();
    c.wire().broken = true;
    c.wait(20_s);
    c.wire().broken = false;
    c.polls();
    c.holds(c.said() == 1, "one segment, whatever was missed");
    c.ignores_the_rest();
}

BOOST_AUTO_TEST_SUITE_END()
