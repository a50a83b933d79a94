// SPDX-License-Identifier: BSL-1.0
// The exchanges that RFC 9293 draws: figures 6 to 13 of sections 3.5 and 3.6.
#include <boost/test/unit_test.hpp>

#include "support/conversation.hpp"

using namespace talk;

BOOST_AUTO_TEST_SUITE(endpoint_figures)

CONVERSATION(figure_6_basic_handshake_seen_from_a, "RFC 9293, 3.5, figure 6") {
    c.connects();
    c.expects(syn | at(0) | no_ack);
    c.in(state::syn_sent);
    c.receives(syn | at(0) | ack(1));
    c.told(ready::opened);
    c.in(state::established);
    c.expects(at(1) | ack(1));
    c.writes("x");
    c.expects(data(1, "x") | ack(1));
}

CONVERSATION(figure_6_basic_handshake_seen_from_b, "RFC 9293, 3.5, figure 6") {
    c.listens();
    c.in(state::listen);
    c.receives(syn | at(0));
    c.in(state::syn_received);
    c.not_told(ready::opened);
    c.expects(syn | at(0) | ack(1));
    c.receives(at(1) | ack(1));
    c.told(ready::opened);
    c.in(state::established);
    c.expects_nothing();
    c.receives(data(1, "x") | ack(1));
    c.told(ready::readable);
    c.reads("x");
    c.expects_after(200_ms, ack(2));
}

CONVERSATION(figure_7_simultaneous_open, "RFC 9293, 3.5, figure 7, MUST-10") {
    c.connects();
    c.expects(syn | at(0) | no_ack);
    c.receives(syn | at(0));
    c.in(state::syn_received);
    c.expects(syn | at(0) | ack(1));
    c.not_told(ready::opened);
    c.receives(syn | at(0) | ack(1));
    c.told(ready::opened);
    c.in(state::established);
    c.expects(at(1) | ack(1));  // RFC 9293, 3.10.7.4, first: the SYN,ACK is a duplicate SYN here and is acknowledged
    c.writes("x");
    c.expects(data(1, "x") | ack(1));
}

CONVERSATION(figure_8_old_duplicate_syn_seen_from_the_listener, "RFC 9293, 3.5, figure 8") {
    c.listens();
    c.receives(syn | at(-90));
    c.expects(syn | at(0) | ack(-89));
    c.receives(rst | at(-89));
    c.in(state::listen);
    c.expects_nothing();
    c.receives(syn | at(0));
    c.in(state::syn_received);
    c.expects(syn | at(0) | ack(1));
    c.receives(at(1) | ack(1));
    c.told(ready::opened);
    c.in(state::established);
}

CONVERSATION(figure_8_old_duplicate_syn_seen_from_the_opener, "RFC 9293, 3.5, figure 8") {
    c.connects();
    c.expects(syn | at(0) | no_ack);
    c.receives(syn | at(0) | ack(-9));  // it acknowledges a SYN that is not ours
    c.expects(rst | at(-9) | no_ack);
    c.in(state::syn_sent);
    c.receives(syn | at(300) | ack(1));
    c.in(state::established);
    c.expects(at(1) | ack(301));
}

CONVERSATION(figure_9_half_open_discovered_by_the_one_that_crashed, "RFC 9293, 3.5.1, figure 9") {
    c.connects();
    c.expects(syn | at(0) | no_ack);
    c.receives(at(100) | ack(-300));  // the old connection: <ACK=...> that acknowledges nothing of ours
    c.expects(rst | at(-300) | no_ack);
    c.in(state::syn_sent);
    c.expects_after(1_s, syn | at(0));
}

CONVERSATION(figure_9_half_open_discovered_by_the_one_that_remained, "RFC 9293, 3.5.1, figure 9, 5961-10; RFC 5961, 4.2") {
    c.established();
    c.receives(syn | at(400));
    c.in(state::established);
    c.expects(at(1) | ack(1));
    c.receives(rst | at(1));
    c.in(state::closed);
    c.told(ready::closed);
    c.failed_with(error::reset);
    c.read_fails(error::reset);
    c.write_fails(error::reset);
}

CONVERSATION(figure_10_active_side_causes_half_open_discovery, "RFC 9293, 3.5.1, figure 10") {
    c.established();
    c.writes("abc");
    c.expects(data(1, "abc"));
    c.receives(rst | at(1));  // <SEQ=SEG.ACK><CTL=RST> of a peer that knows nothing
    c.in(state::closed);
    c.failed_with(error::reset);
}

CONVERSATION(figure_11_old_duplicate_syn_initiates_a_reset_on_two_passive_sockets, "RFC 9293, 3.5.1, figure 11") {
    c.listens();
    c.receives(syn | at(0));
    c.expects(syn | at(0) | ack(1));
    c.receives(rst | at(1));
    c.in(state::listen);
    c.expects_nothing();
    c.wait(300_s);
}

CONVERSATION(figure_12_normal_close_begun_here, "RFC 9293, 3.6, figure 12, MUST-12, MUST-13") {
    c.established();
    c.closes();
    c.in(state::fin_wait_1);
    c.expects(fin | at(1) | ack(1));
    c.receives(at(1) | ack(2));
    c.in(state::fin_wait_2);
    c.expects_nothing();
    c.receives(fin | at(1) | ack(2));
    c.in(state::time_wait);
    c.expects(at(2) | ack(2));
    c.wait(239_s);
    c.in(state::time_wait);
    c.wait(2_s);
    c.told(ready::closed);
    c.in(state::closed);
    c.failed_with(error::none);
}

CONVERSATION(figure_12_normal_close_begun_by_the_peer, "RFC 9293, 3.6, figure 12, MUST-12") {
    c.established();
    c.receives(fin | at(1) | ack(1));
    c.told(ready::end_of_stream);
    c.in(state::close_wait);
    c.expects(at(1) | ack(2));
    c.read_fails(error::end_of_stream);
    c.closes();
    c.in(state::last_ack);
    c.expects(fin | at(1) | ack(2));
    c.receives(at(2) | ack(2));
    c.told(ready::closed);
    c.in(state::closed);
    c.failed_with(error::none);
}

CONVERSATION(figure_13_simultaneous_close, "RFC 9293, 3.6, figure 13, 9293-u13") {
    c.established();
    c.closes();
    c.expects(fin | at(1) | ack(1));
    c.receives(fin | at(1) | ack(1));
    c.in(state::closing);
    c.expects(at(2) | ack(2));
    c.receives(at(2) | ack(2));
    c.in(state::time_wait);
    c.expects_nothing();
    c.wait(241_s);
    c.in(state::closed);
}

BOOST_AUTO_TEST_SUITE_END()
