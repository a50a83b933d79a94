// SPDX-License-Identifier: BSL-1.0
// Windows and what is owed to the peer, requirement by requirement (RFC 9293, 3.8.3, 3.8.6, 3.9.1.2, 3.10.7.4; RFC 7323, 2).
#include <boost/test/unit_test.hpp>

#include "support/conversation.hpp"

using namespace talk;

BOOST_AUTO_TEST_SUITE(conformance_windows)

CONVERSATION(window_scale_outside_a_syn_is_ignored, "RFC 7323, 2.2, 7323-2") {
    c.established(mss(1000) | scale(2) | window(60'000));
    c.receives(ack(1) | window(500) | options({3, 3, 7, 0}));
    c.writes(5000);
    c.holds(c.takes_data() == 2000, "500 << 2, not 500 << 7");
}

CONVERSATION(without_agreement_windows_are_not_shifted, "RFC 7323, 2.3, 7323-5", composition::roomy) {
    c.established(mss(1000) | window(2500));
    c.writes(60'000);
    c.holds(c.takes_data() == 2000, "2500 octets, whatever shift we had offered");
    c.receives(ack(2001) | window(3000));
    c.holds(c.takes_data() == 3000, "3000 octets");
}

CONVERSATION(a_segment_that_was_overtaken_does_not_change_the_window, "RFC 9293, 3.10.7.4, fifth, 9293-u10") {
    with_thousands(c, 2000);
    c.writes(10'000);
    c.holds(c.takes_data() == 2000, "the window");
    c.receives(data(11, 10) | ack(2001) | window(1000));
    c.holds(c.takes_data() == 1000, "the newer window");
    c.receives(data(1, 10) | ack(2001) | window(9000));  // in the window, and sent before
    c.holds(c.takes_data() == 0, "the older window");
    c.receives(at(21) | ack(2001) | window(9000));
    c.holds(c.takes_data() == 8000 - 1000, "a newer one");
}

CONVERSATION(data_behind_a_shrunk_window_ends_no_connection, "RFC 9293, 3.8.6, SHLD-17, MUST-37") {
    with_thousands(c, 4000);
    c.writes(4000);
    c.takes_data();
    for (int i = 0; i < 30; ++i) {  // half an hour; R2 is 100 seconds
        c.receives(ack(1001) | window(0));
        c.ignores_the_rest();
        c.wait(61_s);
        c.holds(c.said() != 0, "it is probed");
        c.ignores_the_rest();
    }
    c.in(state::established);
    c.receives(ack(1001) | window(4000));
    c.holds(c.takes_data() >= 1000, "and goes on");
    c.receives(ack(4001) | window(4000));
    c.wait(100_s);
}

CONVERSATION(a_queue_of_segments_has_one_ack, "RFC 9293, 3.10.7.4, MUST-58, MUST-59") {
    c.established();
    c.receives_together({data(1, 1000), data(1001, 1000), data(2001, 1000), data(3001, 1000)});
    c.holds(c.said() == 1, "one ACK for four segments that were there at once");
    c.expects(at(1) | ack(4001));
    c.wait(10_s);
}

CONVERSATION(writes_that_wait_become_one_segment_with_one_psh, "RFC 9293, 3.9.1.2, SHLD-27, MUST-61") {
    with_thousands(c);
    c.writes("a");
    c.expects(data(1, "a") | psh);
    for (char const* more : {"b", "c", "d"}) c.writes(more);
    c.expects_nothing();
    c.receives(ack(2));
    c.expects(data(2, "bcd") | psh);
}

CONVERSATION(a_syn_that_is_lost_reaches_r1_and_r2_as_data_does, "RFC 9293, 3.8.3, MUST-22, SHLD-9") {
    c.connects();
    c.expects(syn | at(0));
    c.expects_after(1_s, syn | at(0));
    c.not_told(ready::stalled);
    c.expects_after(2_s - 5_ms, syn | at(0));
    c.not_told(ready::stalled);
    c.expects_after(4_s - 5_ms, syn | at(0));
    c.told(ready::stalled);
    c.not_told(ready::closed);
    for (int i = 0; i < 10 && c.endpoint().state() != state::closed; ++i) {
        c.wait(30_s);
        c.ignores_the_rest();
    }
    c.in(state::closed);
    c.told(ready::closed);
    c.failed_with(error::timed_out);
}

BOOST_AUTO_TEST_SUITE_END()
