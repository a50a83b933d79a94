// SPDX-License-Identifier: BSL-1.0
// Timestamps and PAWS (RFC 7323, 3 to 5).
#include <boost/test/unit_test.hpp>

#include "support/conversation.hpp"

using namespace talk;

BOOST_AUTO_TEST_SUITE(endpoint_timestamps)

namespace {

// The peer's SYN has the option with this TSval.
void stamped(conversation& c, std::uint32_t value = 100) {
    c.listens();
    c.receives(syn | at(0) | mss(1000) | ts(value));
    c.expects(syn | at(0) | ack(1) | ts({}, value));
    c.receives(at(1) | ack(1) | ts(value));
    c.expects_nothing();
}

}  // namespace

CONVERSATION(timestamps_are_offered_and_used_if_both_ends_do, "RFC 7323, 3.2, 7323-13, 7323-14, 7323-11") {
    c.connects();
    c.expects(syn | at(0) | ts({}, 0));
    c.receives(syn | ack(1) | at(0) | mss(1000) | ts(500));
    c.expects(ack(1) | ts({}, 500));
    c.writes("x");
    c.expects(data(1, "x") | ts({}, 500));
    c.receives(ack(2) | at(1) | ts(501));
    c.shuts_down();
    c.expects(fin | at(2) | ts({}, 501));
}

CONVERSATION(timestamps_are_not_used_if_the_peer_does_not, "RFC 7323, 3.2, 7323-17") {
    c.connects();
    c.expects(syn | at(0) | ts({}, 0));
    c.receives(syn | ack(1) | at(0) | mss(1000));
    c.expects(ack(1) | no_ts);
    c.writes(1000);
    c.expects(data(1, 1000) | no_ts);
    c.receives(ack(1001) | at(1) | ts(7));  // 7323-17: what was not negotiated is ignored
    c.receives(data(1, "y") | ts(3));
    c.reads("y");
    c.expects_after(200_ms, ack(2) | no_ts);
}

CONVERSATION(timestamps_take_their_place_from_the_data, "RFC 9293, 3.7.1, MUST-16") {
    stamped(c);
    c.writes(2000);
    c.expects(data(1, 988));
    c.expects(data(989, 988));
    c.receives(ack(1977));
    c.expects(data(1977, 24));
}

CONVERSATION(delayed_ack_echoes_the_first_segment_that_it_answers, "RFC 7323, 4.3, 7323-20 and 7323-22") {
    stamped(c);
    c.receives(data(1, 500) | ts(110));
    c.expects_nothing();
    c.receives(data(501, 600) | ts(120));
    c.expects(ack(1101) | ts({}, 110));
    c.receives(data(1101, 600) | ts(130));
    c.expects_after(200_ms, ack(1701) | ts({}, 130));
}

// RFC 7323, 4.3, example: A, B lost, C, D lost, E; then B, D.
CONVERSATION(figure_of_holes_and_their_timestamps, "RFC 7323, 4.3, 7323-21: the segment that fills a hole is echoed") {
    stamped(c, 0x100);
    c.receives(data(1, 988) | ts(0x101));
    c.receives(data(989, 988) | ts(0x101));  // two full ones are acknowledged at once
    c.expects(ack(1977) | ts({}, 0x101));
    c.receives(data(2965, 988) | ts(0x103));
    c.expects(ack(1977) | ts({}, 0x101));
    c.receives(data(1977, 988) | ts(0x102));
    c.expects(ack(3953) | ts({}, 0x102));
    c.receives(data(4941, 988) | ts(0x105));
    c.expects(ack(3953) | ts({}, 0x102));
    c.receives(data(3953, 988) | ts(0x104));
    c.expects(ack(5929) | ts({}, 0x104));
}

CONVERSATION(old_timestamp_is_acknowledged_and_dropped, "RFC 7323, 5.3, 7323-23, 7323-24; attack P01") {
    stamped(c, 1000);
    c.receives(data(1, "abc") | ts(1010));
    c.reads("abc");
    c.expects_after(200_ms, ack(4));
    c.receives(data(4, "old") | ts(1009));
    c.expects(ack(4) | ts({}, 1010));
    c.holds(c.endpoint().readable() == 0, "what an earlier incarnation may have sent was taken");
    c.receives(data(4, "new") | ts(1010));
    c.reads("new");
    c.expects_after(200_ms, ack(7));
}

CONVERSATION(timestamps_wrap, "RFC 7323, 5.2: compared as sequence numbers are") {
    stamped(c, 0xffff'fff0u);
    c.receives(data(1, "a") | ts(0xffff'ffffu));
    c.reads("a");
    c.expects_after(200_ms, ack(2));
    c.receives(data(2, "b") | ts(5));
    c.reads("b");
    c.expects_after(200_ms, ack(3) | ts({}, 5));
    c.receives(data(3, "c") | ts(0xffff'fffeu));
    c.expects(ack(3));
    c.holds(c.endpoint().readable() == 0, "older across the wrap");
}

CONVERSATION(segment_without_its_timestamp_is_dropped_in_silence, "RFC 7323, 3.2, 7323-15 and 7323-16") {
    stamped(c);
    c.receives(data(1, "x") | no_ts);
    c.expects_nothing();
    c.holds(c.endpoint().readable() == 0, "taken");
    c.in(state::established);
    c.receives(data(1, "x"));
    c.reads("x");
    c.expects_after(200_ms, ack(2));
}

CONVERSATION(resets_are_exempt, "RFC 7323, 5.2, 7323-25") {
    stamped(c, 1000);
    c.receives(data(1, "x") | ts(2000));
    c.reads("x");
    c.expects_after(200_ms, ack(2));
    c.receives(rst | at(2) | no_ts);
    c.in(state::closed);
    c.failed_with(error::reset);
}

CONVERSATION(reset_with_an_old_timestamp_counts_too, "RFC 7323, 5.2, 7323-25") {
    stamped(c, 1000);
    c.receives(rst | at(1) | ts(1));
    c.in(state::closed);
}

CONVERSATION(after_24_days_of_silence_any_timestamp_counts, "RFC 7323, 5.5, 7323-28") {
    stamped(c, 0x8000'0000u);
    c.wait(tenon::from_s(23 * 86'400));
    c.receives(data(1, "x") | ts(0x7000'0000u));
    c.expects(ack(1));
    c.wait(tenon::from_s(2 * 86'400));
    c.receives(data(1, "x") | ts(0x7000'0000u));
    c.reads("x");
    c.expects_after(200_ms, ack(2) | ts({}, 0x7000'0000u));
}

CONVERSATION(retransmission_is_measured_by_its_echo, "RFC 7323, 4.1, 7323-19; RFC 6298, 3") {
    stamped(c);
    c.wait(50_ms);
    c.writes("x");
    c.expects(data(1, "x"));
    c.expects_after(1_s, data(1, "x"));
    c.expects_after(2_s - 5_ms, data(1, "x"));
    c.expects_after(4_s - 5_ms, data(1, "x"));
    c.wait(50_ms);
    c.receives(ack(2) | at(1));  // echoes the last one: without timestamps nobody could tell, and the back-off would stay
    c.writes("y");
    c.expects(data(2, "y"));
    c.expects_after(1_s, data(2, "y"));
    c.receives(ack(3));
}

CONVERSATION(segment_to_nobody_gets_its_timestamp_back, "RFC 7323, 5.2, 7323-26") {
    c.listens();
    c.receives(at(5) | ack(9) | ts(77, 88));
    c.expects(rst | at(9) | ts(0, 77));
}

BOOST_AUTO_TEST_SUITE_END()
