// SPDX-License-Identifier: BSL-1.0
// Closing, half-closing, aborting, TIME-WAIT (RFC 9293, 3.6, 3.10.4, 3.10.5; RFC 2525, 2.16 and 2.17; attacks C01 to C19).
#include <boost/test/unit_test.hpp>

#include "support/conversation.hpp"

using namespace talk;

BOOST_AUTO_TEST_SUITE(endpoint_closing)

CONVERSATION_IN(our_fin_is_sent_again, "RFC 9293, 3.10.8; attack C01", state::fin_wait_1, state::closing, state::last_ack) {
    auto const n = c.reaches(s);
    c.expects_after(1_s, fin | at(1) | ack(n.rcv));
    c.expects_after(2_s - 5_ms, fin | at(1) | ack(n.rcv));
    c.expects_after(4_s - 5_ms, fin | at(1) | ack(n.rcv));
    c.in(s);
    c.receives(at(n.rcv) | ack(2));
    c.in(s == state::fin_wait_1 ? state::fin_wait_2 : s == state::closing ? state::time_wait : state::closed);
    c.expects_nothing();
}

CONVERSATION_IN(our_fin_is_given_up, "RFC 9293, 3.8.3", state::fin_wait_1, state::closing, state::last_ack) {
    c.reaches(s);
    c.wait(1_s + 5_ms);
    for (int i = 0; i < 9 && c.said() != 0; ++i) {
        c.expects(fin | at(1));
        auto const wait = tenon::from_s(std::int64_t{2} << i);
        c.wait(wait > 60_s ? 60_s : wait);
    }
    c.in(state::closed);
    c.failed_with(error::timed_out);
}

CONVERSATION_IN(their_fin_that_comes_again_is_acknowledged_again, "RFC 9293, 3.10.7.4, eighth; attack C02", state::close_wait,
                state::closing, state::last_ack, state::time_wait) {
    auto const n = c.reaches(s);
    for (int i = 0; i < 3; ++i) {
        c.receives(fin | at(1) | ack(s == state::time_wait ? 2 : 1));
        c.in(s);
        c.expects(at(n.snd) | ack(2));
    }
}

CONVERSATION(fin_in_time_wait_restarts_it, "RFC 9293, 3.10.7.4, eighth, MUST-13, 9293-u14: restart the 2 MSL time-wait timeout; attack C02") {
    c.reaches(state::time_wait);
    c.wait(200_s);
    c.receives(fin | at(1) | ack(2));
    c.expects(at(2) | ack(2));
    c.wait(239_s);
    c.in(state::time_wait);
    c.wait(2_s);
    c.in(state::closed);
    c.failed_with(error::none);
}

CONVERSATION(other_segments_do_not_restart_time_wait, "RFC 9293, 3.10.7.4") {
    c.reaches(state::time_wait);
    c.wait(200_s);
    c.receives(at(2) | ack(2));
    c.receives(syn | at(2));
    c.expects(ack(2));
    c.receives(data(0, "x") | ack(2));
    c.expects(ack(2));
    c.wait(41_s);
    c.in(state::closed);
}

CONVERSATION(fin_that_acknowledges_our_fin, "figure 5, note 2, 9293-u13; attack C04") {
    c.reaches(state::fin_wait_1);
    c.receives(fin | at(1) | ack(2));
    c.in(state::time_wait);
    c.expects(at(2) | ack(2));
}

CONVERSATION(text_and_fin_that_acknowledge_our_fin, "RFC 9293, 3.10.7.4; attack C04") {
    c.reaches(state::fin_wait_1);
    c.receives(data(1, "bye") | fin | ack(2));
    c.in(state::time_wait);
    c.expects(at(2) | ack(5));
    c.reads("bye");
    c.read_fails(error::end_of_stream);
}

CONVERSATION(last_ack_waits_for_the_ack_of_its_fin, "RFC 9293, 3.10.7.4, fifth; attack C08") {
    c.established();
    c.receives(fin | at(1) | ack(1));
    c.expects(ack(2));
    c.writes("abc");
    c.expects(data(1, "abc"));
    c.closes();
    c.expects(fin | at(4));
    c.in(state::last_ack);
    c.receives(at(2) | ack(4));  // the text, not the FIN
    c.in(state::last_ack);
    c.expects_after(1_s, fin | at(4) | ack(2));
    c.receives(at(2) | ack(5));
    c.in(state::closed);
    c.failed_with(error::none);
}

CONVERSATION(stale_ack_in_last_ack_and_closing_changes_nothing, "RFC 9293, 3.10.7.4, fifth; attack C19") {
    c.reaches(state::last_ack);
    for (int i = 0; i < 2; ++i) c.receives(at(2) | ack(1));  // the third would be a reason to send the FIN again
    c.in(state::last_ack);
    c.expects_nothing();
    c.receives(at(2) | ack(2));
    c.in(state::closed);
}

CONVERSATION(close_sends_what_was_written_first, "RFC 9293, 3.10.4; attack C11") {
    c.established();
    c.writes(5000);
    std::int64_t at_seq = 1;
    while (at_seq + c.full() < 5001) {
        c.expects(data(at_seq, c.full()));
        at_seq += c.full();
    }
    c.closes();
    c.in(state::fin_wait_1);
    // Nagle holds nothing back any more once the FIN is due.
    c.expects(data(at_seq, static_cast<std::size_t>(5001 - at_seq)) | fin);
}

CONVERSATION(second_close_is_refused_and_sends_no_second_fin, "RFC 9293, 3.10.4") {
    c.established();
    c.closes();
    c.expects(fin | at(1));
    c.closes(error::closing);
    c.shuts_down(error::closing);
    c.expects_nothing();
    c.write_fails(error::closing);
    c.receives(at(1) | ack(2));
    c.closes(error::closing);
    c.expects_nothing();
    c.in(state::fin_wait_2);
}

CONVERSATION(close_after_shutdown_is_no_error, "RFC 9293, 3.6") {
    c.reaches(state::fin_wait_2);
    c.closes();
    c.in(state::fin_wait_2);
    c.expects_nothing();
    c.receives(data(1, "x") | ack(2));  // RFC 2525, 2.17: now nobody reads
    c.expects(rst | at(2));
    c.in(state::closed);
}

CONVERSATION(half_close_delivers_a_megabyte, "RFC 9293, 3.6; attack C10") {
    c.reaches(state::fin_wait_2);
    std::int64_t at_seq = 1;
    while (at_seq < 1'000'000) {
        c.receives(data(at_seq, 1000) | ack(2));
        at_seq += 1000;
        c.receives(data(at_seq, 1000) | ack(2));
        at_seq += 1000;
        c.expects(ack(at_seq));
        c.reads(2000);
        c.ignores_the_rest();
    }
    c.receives(fin | at(at_seq) | ack(2));
    c.in(state::time_wait);
    c.expects(ack(at_seq + 1));
}

CONVERSATION(close_with_unread_text_sends_a_reset, "RFC 9293, 3.6.1, SHLD-3, MAY-1; RFC 2525, 2.17; attack C09") {
    c.established();
    c.receives(data(1, "unread"));
    c.closes();
    c.expects(rst | at(1));
    c.in(state::closed);
    c.expects_nothing();
    c.wait(10_s);
}

CONVERSATION(text_after_close_is_answered_by_a_reset, "RFC 9293, 3.6.1, SHLD-3, MAY-1; RFC 2525, 2.17; attack C09") {
    c.established();
    c.closes();
    c.expects(fin | at(1));
    c.receives(data(1, "too late") | ack(2));
    c.expects(rst | at(2));
    c.in(state::closed);
}

CONVERSATION(text_after_close_in_fin_wait_2, "RFC 2525, 2.17, SHLD-3; attack C09") {
    c.established();
    c.closes();
    c.expects(fin | at(1));
    c.receives(at(1) | ack(2));
    c.in(state::fin_wait_2);
    c.receives(data(1, "too late") | ack(2));
    c.expects(rst | at(2));
    c.in(state::closed);
}

CONVERSATION_IN(abort_sends_a_reset, "RFC 9293, 3.10.5", state::established, state::fin_wait_1, state::fin_wait_2, state::close_wait) {
    auto const n = c.reaches(s);
    c.aborts();
    c.expects(rst | at(n.snd));
    c.in(state::closed);
    c.failed_with(error::aborted);
    c.expects_nothing();
    c.wait(300_s);
    c.aborts(error::not_open);
}

CONVERSATION_IN(abort_when_both_have_finished_sends_nothing, "RFC 9293, 3.10.5: ok", state::closing, state::last_ack, state::time_wait) {
    c.reaches(s);
    c.aborts();
    c.in(state::closed);
    c.expects_nothing();
    c.wait(300_s);
}

CONVERSATION(abort_throws_away_what_was_not_sent, "RFC 9293, 3.10.5: all segments queued for transmission are flushed") {
    c.established(mss(1460) | window(1000));
    c.writes(3000);
    c.expects(data(1, 1000) | ack(1));
    c.aborts();
    c.expects(rst | at(1001));
    c.write_fails(error::aborted);
    c.read_fails(error::aborted);
    c.wait(10_s);
}

CONVERSATION_IN(resets_are_never_answered, "RFC 9293, 3.5.2; attack C16", SYNCHRONIZED_STATES) {
    auto const n = c.reaches(s);
    c.receives(rst | at(n.rcv) | ack(n.snd + 500));
    c.ignores_the_rest();
    c.receives(rst | at(n.rcv) | ack(n.snd));
    c.receives(rst | at(n.rcv));
    c.expects_nothing();
}

CONVERSATION(fin_wait_2_waits_for_ever_where_no_limit_is_set, "RFC 9293, figure 5", composition::unchecked) {
    c.established();
    c.closes();
    c.expects(fin | at(1));
    c.receives(at(1) | ack(2));
    c.wait(100'000_s);
    c.in(state::fin_wait_2);
}

CONVERSATION(fin_wait_2_of_a_closed_connection_ends_after_a_minute, "common practice; attack C18") {
    c.established();
    c.closes();
    c.expects(fin | at(1));
    c.receives(at(1) | ack(2));
    c.wait(59_s);
    c.in(state::fin_wait_2);
    c.wait(2_s);
    c.in(state::closed);
    c.told(ready::closed);
    c.failed_with(error::timed_out);
}

CONVERSATION(fin_wait_2_of_a_half_close_has_no_limit, "RFC 9293, 3.6; attack C10", composition::impatient) {
    c.reaches(state::fin_wait_2);
    c.wait(100'000_s);
    c.in(state::fin_wait_2);
    c.receives(data(1, "late") | ack(2));
    c.reads("late");
    c.expects_after(200_ms, ack(5));
    c.closes();
    c.wait(59_s);
    c.in(state::fin_wait_2);
    c.wait(2_s);
    c.in(state::closed);
}

CONVERSATION(without_time_wait_the_end_is_at_once, "policy time_wait::none", composition::unchecked) {
    c.established();
    c.closes();
    c.expects(fin | at(1));
    c.receives(fin | at(1) | ack(2));
    c.expects(ack(2));
    c.wait(1_s);
    c.in(state::closed);
    c.failed_with(error::none);
}

// ---- without RFC 5961

CONVERSATION(syn_in_the_window_resets_without_rfc_5961, "RFC 9293, 3.10.7.4, fourth, RFC 793's way", composition::unchecked) {
    c.reaches(state::established);
    c.receives(syn | at(10));
    c.expects(rst);
    c.in(state::closed);
    c.failed_with(error::reset);
}

CONVERSATION(reset_in_the_window_resets_without_rfc_5961, "RFC 9293, 3.10.7.4, second", composition::unchecked) {
    c.reaches(state::established);
    c.receives(rst | at(10));
    c.in(state::closed);
    c.failed_with(error::reset);
}

// ---- use after an end (attack A02)

CONVERSATION(used_again_after_close, "attack A02") {
    for (std::uint32_t round = 0; round < 4; ++round) {
        c.established(round % 2 == 0 ? mss(1460) : mss(600) | scale(3));
        c.receives(data(3, "cd"));  // a gap that must not survive
        c.expects(ack(1));
        c.writes("abc");
        c.expects(data(1, "abc"));
        if (round % 2 == 0) {
            c.receives(rst | at(1));
        } else {
            c.aborts();
            c.expects(rst);
        }
        c.in(state::closed);
        c.wait(100_s);
        c.starts_afresh(c.with().iss + 1'000'000, c.with().irs + 123'456);
    }
    c.established();
    c.receives(data(1, "ab"));
    c.reads("ab");
    c.expects_after(200_ms, ack(3));
    c.writes("x");
    c.expects(data(1, "x") | ack(3));
}

BOOST_AUTO_TEST_SUITE_END()
