// SPDX-License-Identifier: BSL-1.0
// SEGMENT ARRIVES in the states that have received a SYN (RFC 9293, 3.10.7.4): what each kind of segment does in each of
// them. RFC 5961 applies, and RFC 1337 in TIME-WAIT.
#include <boost/test/unit_test.hpp>

#include "support/conversation.hpp"

using namespace talk;

namespace {
bool takes_text(state s) { return s == state::established || s == state::fin_wait_1 || s == state::fin_wait_2; }
// What the peer may acknowledge without acknowledging our FIN.
std::int64_t una(state s) { return s == state::fin_wait_2 || s == state::time_wait ? 2 : 1; }
}  // namespace

BOOST_AUTO_TEST_SUITE(endpoint_arrivals)

CONVERSATION_IN(reset_at_rcv_nxt_closes, "RFC 9293, 3.10.7.4, second, MUST-12, 9293-u2, 5961-1, 5961-3; RFC 5961, 3.2", state::established, state::fin_wait_1,
                state::fin_wait_2, state::close_wait, state::closing, state::last_ack) {
    auto const n = c.reaches(s);
    c.receives(rst | at(n.rcv));
    c.in(state::closed);
    c.told(ready::closed);
    bool const over = s == state::closing || s == state::last_ack;
    c.failed_with(over ? error::none : error::reset);
    c.wait(300_s);
}

CONVERSATION_IN(reset_with_ack_at_rcv_nxt_closes, "RFC 9293, 3.10.7.4, second", state::established, state::fin_wait_1,
                state::fin_wait_2, state::close_wait, state::closing, state::last_ack) {
    auto const n = c.reaches(s);
    c.receives(rst | at(n.rcv) | ack(n.snd));
    c.in(state::closed);
}

CONVERSATION_IN(reset_within_the_window_is_challenged, "RFC 5961, 3.2, 9293-u3, 9293-u4, 5961-1, 5961-4, 5961-5", state::established, state::fin_wait_1, state::fin_wait_2,
                state::close_wait, state::closing, state::last_ack) {
    auto const n = c.reaches(s);
    c.receives(rst | at(n.rcv + 1));
    c.in(s);
    c.expects(at(n.snd) | ack(n.rcv));
    c.receives(rst | at(n.rcv + 1000));
    c.in(s);
    c.expects(at(n.snd) | ack(n.rcv));
    c.receives(rst | at(n.rcv));  // the peer's answer to the challenge
    c.in(state::closed);
}

CONVERSATION_IN(reset_outside_the_window_is_dropped, "RFC 9293, 3.10.7.4, first, 9293-u11, 5961-1, 5961-2", SYNCHRONIZED_STATES) {
    auto const n = c.reaches(s);
    for (std::int64_t const away : {-1LL, -1000LL, 70'000LL, 1LL << 31, -(1LL << 30)}) {
        c.receives(rst | at(n.rcv + away));
        c.in(s);
        c.expects_nothing();
        c.receives(rst | at(n.rcv + away) | ack(n.snd));
        c.in(s);
        c.expects_nothing();
    }
}

CONVERSATION(reset_is_ignored_in_time_wait, "RFC 1337, 3, F1; RFC 9293, 3.10.7.4; attack C13") {
    auto const n = c.reaches(state::time_wait);
    for (std::int64_t const away : {0, 1, 1000, -1}) {
        c.receives(rst | at(n.rcv + away));
        c.expects_nothing();
    }
    c.wait(238_s);
    c.in(state::time_wait);
    c.wait(3_s);
    c.in(state::closed);
}

CONVERSATION_IN(syn_is_challenged_wherever_it_lies, "RFC 5961, 4.2, 9293-u5, 9293-u6, 5961-7 to 5961-9; RFC 9293, 3.10.7.4, fourth", SYNCHRONIZED_STATES) {
    auto const n = c.reaches(s);
    for (std::int64_t const away : {0LL, 1LL, 1000LL, -1LL, -50'000LL, 70'000LL}) {
        c.receives(syn | at(n.rcv + away));
        c.in(s);
        c.expects(at(n.snd) | ack(n.rcv));
    }
    c.receives(syn | at(n.rcv) | ack(n.snd));
    c.in(s);
    c.expects(at(n.snd) | ack(n.rcv));
}

CONVERSATION_IN(without_ack_is_dropped, "RFC 9293, 3.10.7.4, fifth; attack S11", SYNCHRONIZED_STATES) {
    auto const n = c.reaches(s);
    c.receives(data(n.rcv, "x") | no_ack);
    c.receives(fin | at(n.rcv) | no_ack);
    c.receives(psh | at(n.rcv) | no_ack);
    c.receives(at(n.rcv) | no_ack);
    c.in(s);
    c.holds(c.endpoint().readable() == 0, "text without ACK was taken");
    c.expects_nothing();
}

CONVERSATION_IN(acknowledging_the_unsent_is_answered_and_dropped, "RFC 9293, 3.10.7.4, fifth, 9293-u7, 9293-u8, 5961-12, 5961-13; attack S07", SYNCHRONIZED_STATES) {
    auto const n = c.reaches(s);
    for (std::int64_t const beyond : {1LL, 2LL, 1000LL, (1LL << 31) - 1}) {
        c.receives(data(n.rcv, "x") | ack(n.snd + beyond));
        c.in(s);
        c.expects(at(n.snd) | ack(n.rcv));
        c.holds(c.endpoint().readable() == 0, "text was taken");
    }
}

CONVERSATION_IN(acknowledging_long_before_una_is_challenged, "RFC 5961, 5.2, MAY-12, 9293-u7, 9293-u8, 5961-11 to 5961-13; attack S08", SYNCHRONIZED_STATES) {
    auto const n = c.reaches(s);
    for (std::int64_t const before : {65'536LL, 100'000LL, 1LL << 30}) {
        c.receives(data(n.rcv, "x") | ack(una(s) - before));
        c.in(s);
        c.expects(at(n.snd) | ack(n.rcv));
        c.holds(c.endpoint().readable() == 0, "text was taken");
    }
}

CONVERSATION_IN(old_acknowledgment_within_the_range_is_ignored, "RFC 9293, 3.10.7.4, fifth, 9293-u7, 5961-12: it can be ignored", SYNCHRONIZED_STATES) {
    auto const n = c.reaches(s);
    c.receives(at(n.rcv) | ack(una(s) - 100));
    c.in(s);
    c.expects_nothing();
}

CONVERSATION_IN(text_in_the_window, "RFC 9293, 3.10.7.4, seventh", SYNCHRONIZED_STATES) {
    auto const n = c.reaches(s);
    c.receives(data(n.rcv, "hello") | ack(una(s)));
    c.in(s);
    if (!takes_text(s)) {  // "Ignore the segment text."
        c.holds(c.endpoint().readable() == 0, "text after FIN was taken");
        c.expects_nothing();
        return;
    }
    c.told(ready::readable);
    c.reads("hello");
    if (s == state::fin_wait_1) c.expects_after(200_ms, ack(n.rcv + 5));
    else c.expects_after(200_ms, at(n.snd) | ack(n.rcv + 5));
}

CONVERSATION_IN(old_text_is_acknowledged_at_once, "RFC 9293, 3.10.7.4, first, 9293-u11; attack S12", SYNCHRONIZED_STATES) {
    auto const n = c.reaches(s);
    for (int i = 0; i < 30; ++i) {  // however often: it is no attack, its ACK was lost
        c.receives(data(n.rcv - 3, "abc") | ack(una(s)));
        c.in(s);
        c.expects(at(n.snd) | ack(n.rcv));
    }
    c.holds(c.endpoint().readable() == 0, "old text was taken");
}

CONVERSATION_IN(text_beyond_the_window_is_acknowledged_and_dropped, "RFC 9293, 3.10.7.4, first, 9293-u11", SYNCHRONIZED_STATES) {
    auto const n = c.reaches(s);
    for (std::int64_t const away : {65'535LL, 65'536LL, 1LL << 20, 1LL << 31}) {
        c.receives(data(n.rcv + away, "x") | ack(una(s)));
        c.in(s);
        c.expects(at(n.snd) | ack(n.rcv));
    }
    c.holds(c.endpoint().readable() == 0, "text was taken");
}

CONVERSATION_IN(bare_segment_outside_the_window_is_acknowledged_within_the_allowance, "RFC 9293, 3.10.7.4, first, 9293-u11; RFC 5961, 7",
                SYNCHRONIZED_STATES) {
    auto const n = c.reaches(s);
    unsigned answered = 0;
    for (int i = 0; i < 40; ++i) {
        c.receives(at(n.rcv + 80'000) | ack(una(s)));
        if (c.said() != 0) {
            c.expects(at(n.snd) | ack(n.rcv));
            ++answered;
        }
    }
    c.in(s);
    c.holds(answered == 10, "ten in five seconds");
    // The allowance comes back, and the retransmissions of our FIN are no business of this script.
}

CONVERSATION_IN(text_that_straddles_the_left_edge_loses_its_old_part, "RFC 9293, 3.10.7.4; attack S04", state::established,
                state::fin_wait_1, state::fin_wait_2) {
    auto const n = c.reaches(s);
    c.receives(data(n.rcv - 3, "abcdef") | ack(una(s)));
    c.reads("def");
    c.expects_after(200_ms, ack(n.rcv + 3));
}

CONVERSATION(challenge_acks_are_limited_to_ten_in_five_seconds, "RFC 5961, 7, 5961-14", composition::standard, true) {
    c.established();
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 30; ++i) {
            c.receives(syn | at(100));
            if (i < 10) c.expects(at(1) | ack(1));
            else c.expects_nothing();
        }
        c.in(state::established);
        c.wait(5100_ms);
    }
}

CONVERSATION(challenge_ack_names_our_numbers_so_that_the_answer_is_exact, "RFC 5961, 3.2, 9293-u3, 5961-10; attack C17") {
    c.established();
    c.writes("abc");
    c.expects(data(1, "abc"));
    c.receives(rst | at(500));
    c.expects(at(4) | ack(1));
    c.receives(rst | at(1));
    c.in(state::closed);
}

CONVERSATION(text_that_straddles_the_right_edge_is_trimmed, "RFC 9293, 3.10.7.4, seventh; attack S05", composition::small) {
    c.established();
    c.receives(data(1, 1460));
    c.receives(data(1461, 1460));
    c.expects(ack(2921));
    c.receives(data(2921, 1460));  // 1176 fit
    c.expects_after(200_ms, ack(4097) | window(0));
    c.holds(c.endpoint().readable() == 4096, "what fits is kept, and no more");
    c.reads(4096);
    c.expects(ack(4097) | window(4096));
}

// Neither its first nor its last octet lies in the window, and the test asks for nothing else.
CONVERSATION(segment_that_begins_before_and_ends_behind_the_window_is_not_acceptable, "RFC 9293, 3.4, table 6", composition::small) {
    c.established();
    std::string const big(5000, 'z');
    c.receives(data(1, "ab"));
    c.expects_after(200_ms, ack(3));
    c.receives(data(1, big));
    c.expects(at(1) | ack(3));
    c.holds(c.endpoint().readable() == 2, "text was taken");
}

// Attack S06.
CONVERSATION(with_a_closed_window_acks_and_resets_are_heard_and_text_is_not, "RFC 9293, 3.10.7.4, first", composition::small) {
    c.established();
    c.writes("abc");
    c.expects(data(1, "abc"));
    for (int i = 0; i < 2; ++i) c.receives(data(1 + i * 1460, 1460));
    c.expects(ack(2921));
    c.receives(data(2921, 1176));
    c.expects_after(200_ms, ack(4097) | window(0));
    c.receives(data(4097, "x") | ack(4));  // a probe that acknowledges
    c.expects(at(4) | ack(4097) | window(0));
    c.holds(c.endpoint().readable() == 4096, "text was taken into a closed window");
    c.receives(fin | at(4097) | ack(4));
    c.in(state::established);
    c.expects(at(4) | ack(4097) | window(0));
    c.receives(at(4097) | ack(4));
    c.expects_nothing();
    c.wait(10_s);  // "abc" is acknowledged: nothing is sent again
    c.receives(rst | at(4097));
    c.in(state::closed);
    c.failed_with(error::reset);
}

BOOST_AUTO_TEST_SUITE_END()
