// SPDX-License-Identifier: BSL-1.0
// Sending: segmentation, Nagle, PSH, retransmission and its timer, giving up, the peer's window and the persist timer
// (RFC 9293, 3.7.4, 3.8; RFC 6298; attacks W01 to W13 and T01 to T13).
#include <boost/test/unit_test.hpp>

#include "support/conversation.hpp"

using namespace talk;

namespace {
// Established with a peer whose segments hold 1000 octets, so that numbers are round for either version of IP.
void with_thousands(conversation& c, unsigned peer_window = 65'535) { c.established(mss(1000) | window(peer_window)); }
}  // namespace

BOOST_AUTO_TEST_SUITE(endpoint_sending)

// ---- Nagle and PSH

CONVERSATION(nagle_holds_a_runt_while_anything_is_unacknowledged, "RFC 9293, 3.7.4, SHLD-7") {
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

CONVERSATION(timer_runs_from_the_first_segment, "RFC 6298, 5.1; attack T01") {
    with_thousands(c);
    c.writes(1000);
    c.expects(data(1, 1000));
    c.wait(600_ms);
    c.writes(1000);
    c.expects(data(1001, 1000));
    c.expects_after(400_ms, data(1, 1000));
}

CONVERSATION(one_segment_for_each_expiry_and_doubling, "RFC 6298, 5.4 to 5.6; RFC 2525, 2.14; attacks T03 and T10") {
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

CONVERSATION(partial_acknowledgment_restarts_the_timer, "RFC 6298, 5.3; attack T02") {
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

CONVERSATION(all_acknowledged_stops_the_timer, "RFC 6298, 5.2; attack T02") {
    with_thousands(c);
    c.writes(3000);
    c.takes_data();
    c.receives(ack(3001));
    c.wait(1000_s);
}

CONVERSATION(retransmission_is_no_sample, "RFC 6298, 3 (Karn); attack T04") {
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

CONVERSATION(rto_follows_the_round_trip, "RFC 6298, 2.2 and 2.3") {
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

CONVERSATION_IN(data_is_given_up_after_a_hundred_seconds, "RFC 9293, 3.8.3, SHLD-10 and SHLD-11", state::established, state::close_wait) {
    auto const n = c.reaches(s);
    c.writes("x");
    c.expects(data(1, "x") | ack(n.rcv));
    c.expects_after(1_s, data(1, "x"));
    c.not_told(ready::stalled);
    c.expects_after(2_s - 5_ms, data(1, "x"));
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

// ---- the peer's window

CONVERSATION(window_is_not_exceeded, "RFC 9293, 3.8.6") {
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

CONVERSATION(closed_window_is_probed_after_an_rto_with_back_off, "RFC 9293, 3.8.6.1, MUST-36, SHLD-29, SHLD-30; attacks W01 and W03") {
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

CONVERSATION(window_that_closes_with_data_in_flight, "RFC 9293, 3.8.6, MUST-34; attack W06") {
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

CONVERSATION(window_that_shrinks_to_nothing_and_reopens, "RFC 9293, 3.8.6; attack W06") {
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

CONVERSATION(small_window_with_nothing_in_flight_is_overridden, "RFC 9293, 3.8.6.2.1, (4): 0.1 to 1 s; attack W05") {
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

CONVERSATION(window_never_larger_than_a_segment_is_used, "RFC 9293, 3.8.6.2.1, (3): half of the largest window; attack W05") {
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

CONVERSATION(lost_window_update_is_found_by_the_probe, "RFC 9293, 3.8.6.1; attack W01") {
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
