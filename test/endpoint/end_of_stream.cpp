// SPDX-License-Identifier: BSL-1.0
// FIN and text: where the stream ends, and what may still be read then (RFC 9293, 3.10.3, 3.10.7.4; attacks C05 to C07, A09, A11).
#include <boost/test/unit_test.hpp>

#include "support/conversation.hpp"

using namespace talk;

BOOST_AUTO_TEST_SUITE(endpoint_end_of_stream)

CONVERSATION(text_after_fin_is_ignored, "RFC 9293, 3.10.7.4, seventh; attack C06") {
    c.established();
    c.receives(data(1, "abc") | fin);
    c.expects(ack(5));
    c.receives(data(5, "more"));
    c.receives(fin | at(9));
    c.in(state::close_wait);
    c.reads("abc");
    c.ignores_the_rest();
    c.read_fails(error::end_of_stream);
    c.read_fails(error::end_of_stream);
}

CONVERSATION(fin_before_the_gap_is_filled, "RFC 9293, 3.10.7.4; attack C07") {
    c.established();
    c.receives(data(2, "cd") | fin);
    c.expects(ack(1));
    c.in(state::established);
    c.not_told(ready::end_of_stream);
    c.receives(data(1, "b"));
    c.told(ready::end_of_stream);
    c.in(state::close_wait);
    c.expects(ack(5));
    c.reads("bcd");
    c.read_fails(error::end_of_stream);
}

CONVERSATION(octets_behind_a_fin_that_waits_do_not_exist, "attack C06") {
    c.established();
    c.receives(data(2, "cd") | fin);
    c.expects(ack(1));
    c.receives(data(2, "cdefgh"));
    c.expects(ack(1));
    c.receives(data(1, "b"));
    c.expects(ack(5));
    c.in(state::close_wait);
    c.reads("bcd");
    c.read_fails(error::end_of_stream);
}

CONVERSATION(fin_beyond_the_window_is_not_taken, "RFC 9293, 3.10.7.4; attack C05", composition::small) {
    c.established();
    c.receives(data(1, 4000));
    c.expects_after(200_ms, ack(4001) | window(96));
    c.receives(data(4001, 96) | fin);
    c.in(state::established);
    c.expects_after(200_ms, ack(4097) | window(0));
    c.reads(4096);
    c.expects(ack(4097) | window(4096));
    c.receives(fin | at(4097));
    c.in(state::close_wait);
    c.expects(ack(4098));
}

CONVERSATION(end_of_stream_after_the_last_text_however_late_it_is_read, "RFC 9293, 3.10.3; attack A11") {
    c.established();
    c.receives(data(1, "last words") | fin);
    c.expects(ack(12));
    c.wait(100_s);
    c.reads("last ");
    c.reads("words");
    c.read_fails(error::end_of_stream);
    c.closes();
    c.expects(fin | at(1));
    c.receives(at(12) | ack(2));
    c.in(state::closed);
}

CONVERSATION(text_written_in_close_wait_is_delivered, "RFC 9293, 3.10.2") {
    c.reaches(state::close_wait);
    c.writes("answer");
    c.expects(data(1, "answer") | ack(2));
    c.receives(at(2) | ack(7));
    c.closes();
    c.expects(fin | at(7) | ack(2));
    c.receives(at(2) | ack(8));
    c.in(state::closed);
}

CONVERSATION(unread_text_survives_a_regular_end, "RFC 9293, 3.10.3") {
    c.established();
    c.receives(data(1, "abc") | fin);
    c.expects(ack(5));
    c.shuts_down();
    c.expects(fin | at(1));
    c.receives(at(5) | ack(2));
    c.in(state::closed);
    c.reads("abc");
    c.read_fails(error::end_of_stream);
}

CONVERSATION(unread_text_is_gone_after_a_reset, "RFC 9293, 3.10.7.4, second: all segment queues should be flushed; attack A09") {
    c.established();
    c.receives(data(1, "abc"));
    c.receives(rst | at(4));
    c.in(state::closed);
    c.read_fails(error::reset);
}

BOOST_AUTO_TEST_SUITE_END()
