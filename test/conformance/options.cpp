// SPDX-License-Identifier: BSL-1.0
// Timestamps and SACK, requirement by requirement, where the RFCs' figures leave something to ask (RFC 7323, 3 to 5; RFC 2018;
// RFC 2883).
#include <boost/test/unit_test.hpp>

#include "support/conversation.hpp"

using namespace talk;

namespace {

void agree_on(conversation& c, segment const& more) {
    c.listens();
    c.receives(syn | at(0) | mss(1000) | more);
    c.expects(syn | at(0) | ack(1));
    segment third = at(1) | ack(1);
    third.stamped = more.stamped;
    c.receives(third);
    c.expects_nothing();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(conformance_options)

CONVERSATION(an_echo_without_ack_means_nothing, "RFC 7323, 3.2, 7323-12") {
    c.listens();
    c.receives(syn | at(0) | mss(1000) | ts(100, 7));  // as a sample it would be an hour
    c.expects(syn | at(0) | ack(1) | ts({}, 100));
    c.expects_after(1_s, syn | at(0) | ack(1));
    c.expects_after(2_s - 5_ms, syn | at(0) | ack(1));
}

CONVERSATION(timestamps_follow_the_time, "RFC 7323, 4.1 and 5.4, 7323-18, 7323-29") {
    agree_on(c, ts(100));
    auto const stamp = [&c] {
        c.receives(data(0, "x"));  // old, so that it is answered at once
        return *c.takes().stamped->value;
    };
    auto const first = stamp();
    c.wait(100_s);
    auto const second = stamp();
    c.wait(1000_s);
    auto const third = stamp();
    c.holds(second - first >= 100 && second - first <= 100'000, "a tick is between a millisecond and a second");
    auto const ratio = 1000 * (third - second) / (second - first);
    c.holds(ratio > 9990 && ratio < 10'010, "ten times the time, ten times the ticks");
}

CONVERSATION(what_waits_is_not_judged_by_its_timestamp_again, "RFC 7323, 5.3, 7323-27, 7323-21") {
    agree_on(c, ts(100));
    c.receives(data(4, "def") | ts(110));
    c.expects(ack(1) | ts({}, 100));
    c.receives(data(1, "abc") | ts(200));  // TS.Recent is now later than what waits
    c.expects(ack(7) | ts({}, 200));
    c.reads("abcdef");
}

CONVERSATION(what_paws_refuses_may_be_reported_as_a_duplicate, "RFC 2883, 4.3, 2883-8") {
    agree_on(c, ts(100) | sack_permitted);
    c.receives(data(1, 100) | ts(110));
    c.expects_after(200_ms, ack(101));
    c.receives(data(1, 100) | ts(105));
    c.expects(ack(101) | ts({}, 110) | sack({{1, 101}}));
}

CONVERSATION(blocks_report_what_is_held_and_no_more, "RFC 2018, 8, 2018-16") {
    agree_on(c, sack_permitted);
    c.receives(data(65'001, 1000));  // the window ends at 65,536
    c.expects(ack(1) | sack({{65'001, 65'536}}));
}

CONVERSATION(what_is_reported_and_not_acknowledged_is_kept, "RFC 2018, 5 and 8, 2018-11, 2018-17") {
    agree_on(c, sack_permitted);
    c.writes(3000);
    c.takes_data();
    c.receives(ack(1) | sack({{1, 1001}, {2001, 3001}}));  // the peer takes it back
    c.expects_after(1_s, data(1, 1000));
    c.receives(ack(2001));
    c.expects(data(2001, 1000));
    c.receives(ack(3001));
}

BOOST_AUTO_TEST_SUITE_END()
