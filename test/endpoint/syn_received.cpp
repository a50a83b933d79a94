// SPDX-License-Identifier: BSL-1.0
// Segments and calls in SYN-RECEIVED, from LISTEN and by a simultaneous open (RFC 9293, 3.10.7.4; RFC 5961, 3.2).
#include <boost/test/unit_test.hpp>

#include "support/conversation.hpp"

using namespace talk;

namespace {
// From LISTEN, or by a simultaneous open.
void half_open(conversation& c) {
    if (c.with().active) {
        c.connects();
        c.expects(syn | no_ack);
        c.receives(syn | at(0) | mss(1460));
    } else {
        c.listens();
        c.receives(syn | at(0) | mss(1460));
    }
    c.expects(syn | at(0) | ack(1));
    c.in(state::syn_received);
}
}  // namespace

BOOST_AUTO_TEST_SUITE(endpoint_syn_received)

CONVERSATION(unacceptable_ack_in_syn_received_is_reset, "RFC 9293, 3.10.7.4, fifth; attack S09") {
    half_open(c);
    for (std::int64_t const a : {0, -5, 2, 1000}) {
        c.receives(at(1) | ack(a));
        c.expects(rst | at(a) | no_ack);
        c.in(state::syn_received);
    }
    c.receives(at(1) | ack(1));
    c.in(state::established);
}

CONVERSATION(text_with_the_ack_of_our_syn_opens_and_is_delivered, "RFC 9293, 3.10.7.4, fifth; attack H07") {
    half_open(c);
    c.receives(data(1, "hello") | ack(1));
    c.in(state::established);
    c.told(ready::opened);
    c.told(ready::readable);
    c.reads("hello");
    c.expects_after(200_ms, at(1) | ack(6));
}

CONVERSATION(fin_with_the_ack_of_our_syn_leads_to_close_wait, "RFC 9293, 3.10.7.4, eighth; attack H08") {
    half_open(c);
    c.receives(data(1, "hello") | fin | ack(1));
    c.in(state::close_wait);
    c.expects(at(1) | ack(7));
    c.reads("hello");
    c.read_fails(error::end_of_stream);
}

CONVERSATION(bare_fin_with_the_ack_of_our_syn_leads_to_close_wait, "RFC 9293, 3.10.7.4, eighth") {
    half_open(c);
    c.receives(fin | at(1) | ack(1));
    c.in(state::close_wait);
    c.expects(at(1) | ack(2));
}

CONVERSATION(without_ack_in_syn_received_is_dropped, "RFC 9293, 3.10.7.4, fifth") {
    half_open(c);
    c.receives(data(1, "hello") | no_ack);
    c.receives(fin | at(1) | no_ack);
    c.in(state::syn_received);
    c.expects_nothing();
}

CONVERSATION(reset_in_syn_received, "RFC 9293, 3.10.7.4, second, MUST-11; attacks H02 and H09") {
    half_open(c);
    c.receives(rst | at(2));
    c.expects(ack(1));  // RFC 5961, 3.2
    c.in(state::syn_received);
    c.receives(rst | at(1));
    c.expects_nothing();
    if (c.with().active) {
        c.in(state::closed);
        c.told(ready::closed);
        c.failed_with(error::refused);
    } else {  // "return this connection to the LISTEN state [...] The user need not be informed."
        c.in(state::listen);
        c.not_told(ready::closed);
        c.receives(syn | at(7000));
        c.expects(syn | at(0) | ack(7001));
    }
}

CONVERSATION(repeated_syn_in_syn_received_is_answered, "RFC 9293, 3.10.7.4, first; attack H06") {
    half_open(c);
    c.receives(syn | at(0) | mss(1460));
    c.in(state::syn_received);
    c.expects(ack(1));
    c.receives(at(1) | ack(1));
    c.in(state::established);
}

CONVERSATION(syn_in_the_window_of_syn_received, "RFC 9293, 3.10.7.4, fourth, MUST-11, 9293-u12; erratum 8710") {
    half_open(c);
    c.receives(syn | at(200));
    if (c.with().active) {  // "Otherwise, handle per the directions for synchronized states"
        c.in(state::syn_received);
        c.expects(ack(1));
        return;
    }
    c.in(state::listen);
    c.expects_nothing();
    c.receives(syn | at(200));
    c.expects(syn | at(0) | ack(201));
}

CONVERSATION(close_in_syn_received_sends_fin, "RFC 9293, 3.10.4; figure 5") {
    half_open(c);
    c.closes();
    c.in(state::fin_wait_1);
    c.ignores_the_rest();  // whether the FIN goes before or after the ACK of our SYN is not prescribed
    c.receives(at(1) | ack(1));
    if (c.said() != 0) c.expects(fin | at(1) | ack(1));
    c.receives(at(1) | ack(2));
    c.in(state::fin_wait_2);
    c.receives(fin | at(1) | ack(2));
    c.expects(at(2) | ack(2));
    c.in(state::time_wait);
}

CONVERSATION(abort_in_syn_received_sends_reset, "RFC 9293, 3.10.5") {
    half_open(c);
    c.aborts();
    c.expects(rst | at(1));
    c.in(state::closed);
    c.failed_with(error::aborted);
}

CONVERSATION(syn_ack_is_sent_again_and_given_up_after_three_minutes, "RFC 9293, 3.8.3, MUST-23, MUST-22; RFC 6298, 5") {
    half_open(c);
    c.expects_after(1_s, syn | at(0) | ack(1));
    c.expects_after(2_s - 5_ms, syn | at(0) | ack(1));
    c.expects_after(4_s - 5_ms, syn | at(0) | ack(1));
    c.expects_after(8_s - 5_ms, syn | at(0) | ack(1));
    c.expects_after(16_s - 5_ms, syn | at(0) | ack(1));
    c.expects_after(32_s - 5_ms, syn | at(0) | ack(1));
    c.expects_after(60_s - 5_ms, syn | at(0) | ack(1));
    c.in(state::syn_received);
    c.wait(61_s);
    c.ignores_the_rest();
    if (c.with().active) {
        c.in(state::closed);
        c.failed_with(error::timed_out);
    } else {
        c.in(state::listen);
        c.failed_with(error::none);
        c.receives(syn | at(90));
        c.expects(syn | at(0) | ack(91));
        c.receives(at(91) | ack(1));
        c.in(state::established);
    }
}

BOOST_AUTO_TEST_SUITE_END()
