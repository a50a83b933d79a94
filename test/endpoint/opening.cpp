// SPDX-License-Identifier: BSL-1.0
// CLOSED, LISTEN, SYN-SENT, and who may be a peer (RFC 9293, 3.8.3, 3.10.7.1 to 3.10.7.3).
#include <boost/test/unit_test.hpp>

#include "support/conversation.hpp"

using namespace talk;

BOOST_AUTO_TEST_SUITE(endpoint_opening)

// ---- CLOSED. An endpoint answers for the address of its last connection only, so it has to have had one.

CONVERSATION(closed_answers_with_reset, "RFC 9293, 3.10.7.1, 9293-u15") {
    c.reaches(state::established);
    c.aborts();
    c.expects_reset();
    c.in(state::closed);
    c.receives(syn | at(500));
    c.expects(rst | ack(501) | at(-static_cast<std::int64_t>(static_cast<std::int32_t>(c.with().iss))));  // <SEQ=0><ACK=SEG.SEQ+SEG.LEN>
    c.receives(data(700, "xyz") | no_ack | fin);
    c.expects(rst | ack(704));
    c.receives(data(500, "x") | ack(77));
    c.expects(rst | at(77) | no_ack);  // <SEQ=SEG.ACK><CTL=RST>
    c.receives(syn | at(500) | ack(88));
    c.expects(rst | at(88) | no_ack);
    c.receives(rst | at(500));
    c.receives(rst | at(500) | ack(88));
    c.expects_nothing();  // attack C16
    c.in(state::closed);
}

// ---- LISTEN

CONVERSATION(listen_ignores_resets, "RFC 9293, 3.10.7.2, first; attack H11") {
    c.listens();
    c.receives(rst | at(0));
    c.receives(rst | at(0) | ack(1));
    c.receives(syn | rst | at(0));
    c.in(state::listen);
    c.expects_nothing();
}

CONVERSATION(listen_answers_an_ack_with_reset, "RFC 9293, 3.10.7.2, second; attack H11") {
    c.listens();
    c.receives(at(5) | ack(42));
    c.expects(rst | at(42) | no_ack);
    c.receives(syn | at(5) | ack(43));
    c.expects(rst | at(43) | no_ack);
    c.receives(data(5, "abc") | fin | ack(44));
    c.expects(rst | at(44) | no_ack);
    c.in(state::listen);
}

CONVERSATION(listen_drops_everything_else, "RFC 9293, 3.10.7.2, fourth") {
    c.listens();
    c.receives(data(1, "abc") | no_ack);
    c.receives(fin | at(1) | no_ack);
    c.receives(at(1) | no_ack);
    c.receives(psh | urg(3) | at(1) | no_ack);
    c.in(state::listen);
    c.expects_nothing();
}

CONVERSATION(text_and_fin_on_a_syn_are_not_delivered_before_the_handshake, "RFC 9293, 3.10.7.2, third; attacks H04 and P13") {
    c.listens();
    c.receives(syn | fin | data(0, "early") | no_ack);
    c.in(state::syn_received);
    c.expects(syn | at(0) | ack(1));
    c.holds(c.endpoint().readable() == 0, "text was delivered before the handshake");
    c.receives(at(1) | ack(1));
    c.in(state::established);
    c.receives(data(1, "early"));
    c.reads("early");
    c.expects_after(200_ms, ack(6));
}

CONVERSATION(close_in_listen, "RFC 9293, 3.10.4") {
    c.listens();
    c.closes();
    c.in(state::closed);
    c.failed_with(error::none);
    c.closes(error::not_open);
}

CONVERSATION(abort_in_listen, "RFC 9293, 3.10.5") {
    c.listens();
    c.aborts();
    c.in(state::closed);
    c.expects_nothing();
}

CONVERSATION(listen_can_become_an_active_open, "RFC 9293, 3.10.1; figure 5") {
    c.listens();
    c.connects();
    c.in(state::syn_sent);
    c.expects(syn | at(0) | no_ack);
    c.receives(syn | ack(1) | mss(1460));
    c.expects(ack(1));
    c.in(state::established);
    c.aborts();
    c.expects_reset();
    c.in(state::closed);
}

CONVERSATION(data_cannot_be_sent_in_listen_or_closed, "RFC 9293, 3.10.2") {
    c.write_fails(error::not_open);
    c.read_fails(error::not_open);
    c.closes(error::not_open);
    c.aborts(error::not_open);
    c.shuts_down(error::not_open);
    c.listens();
    c.write_fails(error::not_open);
    c.read_fails(error::not_open);
    c.shuts_down(error::not_open);
}

CONVERSATION(open_of_an_open_connection_fails, "RFC 9293, 3.10.1: connection already exists") {
    c.reaches(state::established);
    c.holds(c.endpoint().listen(c.with().v6) == error::already_open, "listen");
    c.holds(c.endpoint().connect(c.now(), c.with().v6) == error::already_open, "connect");
    c.in(state::established);
    c.writes("x");
    c.expects(data(1, "x"));
}

// ---- SYN-SENT

CONVERSATION(syn_sent_answers_unacceptable_acks_with_reset, "RFC 9293, 3.10.7.3, first, 5961-6; attack S10") {
    c.connects();
    c.expects(syn | at(0));
    for (std::int64_t const a : {0LL, -1LL, 2LL, 100'000LL, (1LL << 31) - 1}) {
        c.receives(at(70) | ack(a));
        c.expects(rst | at(a) | no_ack);
        c.receives(syn | at(70) | ack(a));
        c.expects(rst | at(a) | no_ack);
        c.receives(rst | at(70) | ack(a));  // "(unless the RST bit is set, if so drop the segment and return)"
        c.expects_nothing();
        c.in(state::syn_sent);
    }
}

CONVERSATION(connection_refused, "RFC 9293, 3.10.7.3, second, 5961-6; attack H10") {
    c.connects();
    c.expects(syn | at(0));
    c.receives(rst | at(0));  // acknowledges nothing
    c.in(state::syn_sent);
    c.receives(rst | at(0) | ack(1));
    c.in(state::closed);
    c.told(ready::closed);
    c.failed_with(error::refused);
    c.read_fails(error::refused);
    c.write_fails(error::refused);
    c.expects_nothing();
    c.wait(10_s);
}

CONVERSATION(syn_sent_drops_what_is_neither_syn_nor_rst, "RFC 9293, 3.10.7.3, fifth") {
    c.connects();
    c.expects(syn | at(0));
    c.receives(data(0, "abc") | ack(1));
    c.receives(fin | at(0) | ack(1));
    c.receives(data(0, "abc") | no_ack);
    c.in(state::syn_sent);
    c.expects_nothing();
}

CONVERSATION(syn_sent_text_on_the_syn_ack, "RFC 9293, 3.10.7.3, fourth; attack H04") {
    c.connects();
    c.expects(syn | at(0));
    c.receives(syn | data(0, "hello") | ack(1));
    c.in(state::established);
    c.told(ready::opened);
    c.expects(at(1) | ack(6));
    c.reads("hello");
}

CONVERSATION(close_in_syn_sent, "RFC 9293, 3.10.4") {
    c.connects();
    c.expects(syn | at(0));
    c.closes();
    c.in(state::closed);
    c.expects_nothing();
    c.receives(syn | at(0) | ack(1));  // nobody waits for it any more
    c.expects(rst | at(1) | no_ack);
    c.wait(10_s);
}

CONVERSATION(abort_in_syn_sent_sends_nothing, "RFC 9293, 3.10.5") {
    c.connects();
    c.expects(syn | at(0));
    c.aborts();
    c.in(state::closed);
    c.failed_with(error::aborted);
    c.expects_nothing();
}

CONVERSATION(what_is_written_in_syn_sent_goes_out_after_the_handshake, "RFC 9293, 3.10.2, 9293-u9: queue the data") {
    c.connects();
    c.expects(syn | at(0));
    c.writes("hello");
    c.expects_nothing();
    c.receives(syn | at(0) | ack(1));
    c.expects(data(1, "hello") | ack(1));
}

CONVERSATION(shutdown_in_syn_sent_takes_effect_after_the_handshake, "RFC 9293, 3.10.4, of SYN-RECEIVED: queue") {
    c.connects();
    c.expects(syn | at(0));
    c.writes("hello");
    c.shuts_down();
    c.expects_nothing();
    c.receives(syn | at(0) | ack(1));
    c.in(state::fin_wait_1);
    c.expects(data(1, "hello") | fin | ack(1));
    c.receives(at(1) | ack(7));
    c.in(state::fin_wait_2);
}

CONVERSATION(syn_sent_gives_up_after_three_minutes, "RFC 9293, 3.8.3, MUST-23, MUST-22, 6298-2, 6298-10; RFC 6298, 2.1 and 5.5") {
    c.connects();
    c.expects(syn | at(0));
    c.expects_after(1_s, syn | at(0) | no_ack);
    c.expects_after(2_s - 5_ms, syn | at(0));
    c.expects_after(4_s - 5_ms, syn | at(0));
    c.expects_after(8_s - 5_ms, syn | at(0));
    c.expects_after(16_s - 5_ms, syn | at(0));
    c.expects_after(32_s - 5_ms, syn | at(0));
    c.expects_after(60_s - 5_ms, syn | at(0));
    c.wait(56_s);  // 179 s in all
    c.in(state::syn_sent);
    c.wait(8_s);
    c.in(state::closed);
    c.told(ready::closed);
    c.failed_with(error::timed_out);
}

CONVERSATION(a_transport_that_takes_nothing_does_not_stop_the_clock, "RFC 9293, 3.8.3; attack H17", composition::standard, true) {
    c.wire().broken = true;
    c.connects();
    c.in(state::syn_sent);
    c.wait(400_s);
    c.in(state::closed);
    c.failed_with(error::timed_out);
}

CONVERSATION(rto_is_three_seconds_after_a_lost_syn, "RFC 6298, 5.7, 6298-22, 5681-5") {
    if (c.with().active) {
        c.connects();
        c.expects(syn | at(0));
        c.expects_after(1_s, syn | at(0));
        c.receives(syn | at(0) | ack(1) | mss(1460));
        c.expects(ack(1));
    } else {
        c.listens();
        c.receives(syn | at(0) | mss(1460));
        c.expects(syn | at(0) | ack(1));
        c.expects_after(1_s, syn | at(0) | ack(1));
        c.receives(at(1) | ack(1));
    }
    // RFC 5681, 3.1: one segment, when the SYN or SYN-ACK was lost.
    c.holds(c.endpoint().congestion_window() == c.full(), "the initial window after a lost SYN");
    c.writes("x");
    c.expects(data(1, "x"));
    c.expects_after(3_s, data(1, "x"));
}

CONVERSATION(syn_ack_that_comes_twice_is_acknowledged_twice, "RFC 9293, 3.10.7.4, first; attack H07") {
    c.established_actively();
    c.receives(syn | at(0) | ack(1) | mss(1460));
    c.in(state::established);
    c.expects(at(1) | ack(1));
}

// ---- who may be a peer

CONVERSATION(another_peer_is_refused_while_one_is_connected, "RFC 9293, 3.10.7.1") {
    c.reaches(state::established);
    c.receives(syn | at(0) | port(50'001));
    c.expects(rst | ack(1) | port(50'001));
    c.receives(at(0) | ack(9) | port(50'001));
    c.expects(rst | at(9) | no_ack | port(50'001));
    c.receives(rst | at(0) | port(50'001));
    c.expects_nothing();
    c.in(state::established);
}

CONVERSATION(damaged_segments_are_dropped, "RFC 9293, 3.1, MUST-3; attacks P05 to P09") {
    c.reaches(state::established);
    octets const good = c.octets_of(data(1, "hello"));
    std::size_t const tcp = c.with().v6 ? 40 : 20;
    for (std::size_t i = tcp; i < good.size(); ++i)
        for (unsigned bit = 0; bit < 8; ++bit) {
            octets o = good;
            o[i] = static_cast<std::uint8_t>(o[i] ^ 1u << bit);
            c.receives_octets(o);
        }
    for (std::size_t n = 0; n < good.size(); ++n) c.receives_octets(octets(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n)));
    c.in(state::established);
    c.holds(c.endpoint().readable() == 0, "damaged text was taken");
    c.expects_nothing();
    c.receives_octets(good);
    c.reads("hello");
    c.expects_after(200_ms, ack(6));
}

BOOST_AUTO_TEST_SUITE_END()
