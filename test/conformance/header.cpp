// SPDX-License-Identifier: BSL-1.0
// The header, requirement by requirement (RFC 9293, 3.1, 3.2, 3.5.3): window, checksum, options.
#include <boost/test/unit_test.hpp>

#include "support/conversation.hpp"

using namespace talk;

namespace {

// Acknowledges a segment at a time, with this window field, and writes as much again; what is in flight in the end.
std::int64_t in_flight_after(conversation& c, unsigned field, int acknowledgments) {
    std::int64_t acked = 1;
    for (int i = 0; i < acknowledgments; ++i) {
        acked += 1000;
        c.receives(ack(acked) | window(field));
        c.ignores_the_rest();
        c.writes_some(1000);
        c.ignores_the_rest();
    }
    return c.sent_up_to() - acked;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(conformance_header)

CONVERSATION(a_window_of_more_than_32767_is_no_negative_one, "RFC 9293, 3.1, MUST-1") {
    with_thousands(c, 40'000);
    c.writes(60'000);
    c.ignores_the_rest();
    c.holds(in_flight_after(c, 40'000, 60) == 40'000, "all of the window is used");
}

CONVERSATION(windows_are_kept_in_32_bits, "RFC 9293, 3.1, REC-1", composition::roomy) {
    c.established(mss(1000) | scale(5) | window(4000));
    c.writes(500'000);
    c.ignores_the_rest();
    c.holds(in_flight_after(c, 4000, 200) == 128'000, "4000 << 5");
}

// The strict reader computes each sum anew.
CONVERSATION(every_kind_of_segment_has_its_checksum, "RFC 9293, 3.1, MUST-2") {
    c.established();  // SYN, or SYN-ACK; an ACK
    c.receives(data(1, "odd"));
    c.expects_after(200_ms, at(1) | ack(4));
    c.writes("abc");
    c.expects(data(1, "abc"));
    c.shuts_down();
    c.expects(fin | at(4));
    c.aborts();
    c.expects(rst | at(5));
}

CONVERSATION(the_mandatory_options_are_understood, "RFC 9293, 3.1, MUST-4, MUST-64") {
    c.listens();
    // No-operation, so that the MSS does not stand on a word; behind the end of the list a window scale that is none.
    c.receives(syn | at(0) | options({1, 1, 1, 2, 4, 1, 0xf4, 0, 3, 3, 14, 0}));
    c.holds(!c.takes().scale, "what stands behind the end of the list does not count");
    c.receives(at(1) | ack(1));
    c.writes(1000);
    c.expects(data(1, 500));
    c.expects(data(501, 500));
}

CONVERSATION(options_may_be_in_any_segment, "RFC 9293, 3.1, MUST-5, MUST-6") {
    octets const unknown{1, 1, 0xfd, 6, 1, 2, 3, 4};
    c.established();
    c.receives(data(1, "abc") | options(unknown));
    c.reads("abc");
    c.expects_after(200_ms, at(1) | ack(4));
    c.writes("x");
    c.expects(data(1, "x"));
    c.receives(at(4) | ack(2) | options(unknown));
    c.wait(10_s);  // nothing is sent again
    c.receives(fin | at(4) | options(unknown));
    c.in(state::close_wait);
    c.expects(at(2) | ack(5));
    c.receives(rst | at(5) | options(unknown));
    c.in(state::closed);
}

CONVERSATION(the_mss_option_is_in_syns_alone, "RFC 9293, 3.2, MUST-65, MAY-3") {
    c.wire().mtu = c.with().v6 ? 1280 : 576;  // what the option says is the default, and it is there all the same
    auto const says_mss = [&c] { return c.takes().mss.has_value(); };
    if (c.with().active) {
        c.connects();
        c.holds(says_mss(), "a SYN");
        c.receives(syn | ack(1) | mss(500));
        c.holds(!says_mss(), "an ACK");
    } else {
        c.listens();
        c.receives(syn | mss(500));
        c.holds(says_mss(), "a SYN-ACK");
        c.receives(at(1) | ack(1));
    }
    c.writes("abc");
    c.holds(!says_mss(), "data");
    c.receives(data(1, 500));
    c.receives(data(501, 500));
    c.holds(!says_mss(), "an ACK");
    c.shuts_down();
    c.holds(!says_mss(), "a FIN");
    c.aborts();
    c.holds(!says_mss(), "a RST");
}

CONVERSATION(a_reset_may_carry_data, "RFC 9293, 3.5.3, SHLD-2") {
    c.established();
    c.receives(rst | data(1, "because"));
    c.in(state::closed);
    c.failed_with(error::reset);
    c.expects_nothing();
}

BOOST_AUTO_TEST_SUITE_END()
