// SPDX-License-Identifier: BSL-1.0
// ICMP, keep-alive, blind attacks, deadlines (RFC 9293, 3.8.4, 3.9.2.2; RFC 1191; RFC 5927; invariant I11).
#include <boost/test/unit_test.hpp>

#include "support/conversation.hpp"

using namespace talk;

BOOST_AUTO_TEST_SUITE(endpoint_environment)

// ---- ICMP

CONVERSATION(hard_error_ends_an_attempt_to_open, "RFC 9293, 3.9.2.2, SHLD-26, MUST-54") {
    c.connects();
    c.expects(syn | at(0));
    c.receives(icmp{.what = complaint::port_unreachable, .seq = 0});
    c.in(state::closed);
    c.told(ready::closed);
    c.failed_with(error::unreachable);
    c.wait(100_s);
}

CONVERSATION(soft_errors_do_not_end_an_attempt_to_open, "RFC 9293, 3.9.2.2, MUST-56; RFC 5927, 5") {
    c.connects();
    c.expects(syn | at(0));
    for (auto const what : {complaint::host_unreachable, complaint::network_unreachable, complaint::time_exceeded, complaint::parameter_problem})
        c.receives(icmp{.what = what, .seq = 0});
    c.in(state::syn_sent);
    c.receives(syn | ack(1) | mss(1460));
    c.expects(ack(1));
    c.in(state::established);
}

CONVERSATION_IN(errors_end_nothing_that_is_open, "RFC 5927, 5.2, MUST-56; RFC 9293, 3.9.2.2", SYNCHRONIZED_STATES) {
    c.reaches(s);
    for (auto const what : {complaint::port_unreachable, complaint::protocol_unreachable, complaint::host_unreachable,
                            complaint::network_unreachable, complaint::time_exceeded, complaint::parameter_problem})
        for (std::int64_t const seq : {0, 1, 2}) c.receives(icmp{.what = what, .seq = seq});
    c.in(s);
    c.expects_nothing();
}

CONVERSATION(soft_errors_are_reported_and_the_connection_goes_on, "RFC 9293, 3.9.2.2, SHLD-25, MUST-47, MUST-54, MUST-56, 9293-u1") {
    c.established();
    c.writes("x");
    c.expects(data(1, "x"));
    c.not_told(ready::troubled);
    c.receives(icmp{.what = complaint::host_unreachable, .seq = 1});
    c.told(ready::troubled);
    c.receives(ack(2));
    c.wait(1000_s);
    c.in(state::established);
}

CONVERSATION(peer_that_falls_silent_after_an_error_is_unreachable, "RFC 9293, 3.9.2.2, SHLD-25, MUST-54; 3.8.3: the user learns why") {
    c.connects();
    c.expects(syn | at(0));
    c.receives(icmp{.what = complaint::host_unreachable, .seq = 0});
    c.told(ready::troubled);
    c.wait(1000_s);
    c.ignores_the_rest();
    c.in(state::closed);
    c.failed_with(error::unreachable);
}

CONVERSATION(trouble_that_is_over_is_not_the_cause, "RFC 9293, 3.8.3: the user learns why") {
    c.established();
    c.writes("x");
    c.expects(data(1, "x"));
    c.receives(icmp{.what = complaint::host_unreachable, .seq = 1});
    c.receives(ack(2));
    c.writes("y");
    c.expects(data(2, "y"));
    c.wait(10'000_s);
    c.ignores_the_rest();
    c.in(state::closed);
    c.failed_with(error::timed_out);
}

CONVERSATION(errors_about_what_is_not_in_flight_are_ignored, "RFC 5927, 4.1") {
    c.connects();
    c.expects(syn | at(0));
    for (std::int64_t const seq : {1LL, -1LL, 1000LL, 1LL << 31}) c.receives(icmp{.what = complaint::port_unreachable, .seq = seq});
    c.receives(icmp{.what = complaint::port_unreachable, .seq = 0, .port = std::uint16_t{50'001}});
    c.in(state::syn_sent);
    c.receives(icmp{.what = complaint::port_unreachable, .seq = 0});
    c.in(state::closed);
}

CONVERSATION(too_big_lowers_the_mss_and_sends_again, "RFC 1191, 6.4, MUST-54, MUST-16; RFC 9293, 3.7.2") {
    c.established(mss(1460));
    unsigned const large = c.full();
    c.writes(2 * large);
    c.expects(data(1, large));
    c.expects(data(1 + large, large));
    c.receives(icmp{.what = complaint::too_big, .seq = 1, .mtu = 1400});
    unsigned const n = c.with().v6 ? 1340 : 1360;
    c.expects(data(1, n));
    c.ignores_the_rest();
    c.receives(ack(1 + 2 * std::int64_t{large}));
    c.writes(2 * n);
    c.expects(data(1 + 2 * std::int64_t{large}, n));
    c.ignores_the_rest();
}

CONVERSATION(too_big_about_what_is_not_in_flight_is_ignored, "RFC 5927, 7.2") {
    c.established(mss(1460));
    unsigned const large = c.full();
    c.writes(large);
    c.expects(data(1, large));
    c.receives(icmp{.what = complaint::too_big, .seq = 1 + std::int64_t{large}, .mtu = 1300});
    c.receives(icmp{.what = complaint::too_big, .seq = 0, .mtu = 1300});
    c.expects_nothing();
    c.receives(ack(1 + large));
    c.writes(large);
    c.expects(data(1 + large, large));
}

CONVERSATION(too_big_does_not_go_below_what_every_path_carries, "RFC 5927, 7.2; RFC 8201, 4") {
    c.established(mss(1460));
    unsigned const large = c.full();
    c.writes(large);
    c.expects(data(1, large));
    c.receives(icmp{.what = complaint::too_big, .seq = 1, .mtu = 68});
    unsigned const least = c.with().v6 ? 1220 : 536;
    c.expects(data(1, least));
    c.ignores_the_rest();
    c.receives(icmp{.what = complaint::too_big, .seq = 1, .mtu = 1450});  // never up again
    c.receives(ack(1 + large));
    c.writes(2 * least);
    c.expects(data(1 + large, least));
    c.ignores_the_rest();
}

CONVERSATION(cwnd_shrinks_with_the_segments, "RFC 5681, 3.1, 5681-6") {
    c.established(mss(1460));
    unsigned const large = c.full();
    c.writes(30'000);
    c.ignores_the_rest();
    auto const before = c.endpoint().congestion_window();
    c.receives(icmp{.what = complaint::too_big, .seq = 1, .mtu = c.with().v6 ? 1280u : 770u});
    unsigned const n = c.with().v6 ? 1220 : 730;
    c.ignores_the_rest();
    c.holds(c.endpoint().congestion_window() <= before * n / large + n, "by the ratio of the segment sizes");
}

// ---- keep-alive

CONVERSATION(keep_alive_is_off_by_default, "RFC 9293, 3.8.4, MUST-25") {
    c.established();
    c.wait(tenon::from_s(100'000));
    c.in(state::established);
}

CONVERSATION(keep_alive_probes_after_two_hours_and_gives_up_after_ten, "RFC 9293, 3.8.4, MUST-28, MUST-29, SHLD-12, MAY-5; attack T09") {
    c.established();
    c.keeps_alive(true);
    c.wait(7195_s);
    c.expects_nothing();
    c.wait(10_s);
    c.expects(at(0) | ack(1));  // SND.NXT - 1
    for (int i = 0; i < 9; ++i) c.expects_after(75_s - (i == 0 ? 5_s : 5_ms), at(0) | ack(1));
    c.in(state::established);
    c.wait(76_s);
    c.in(state::closed);
    c.told(ready::closed);
    c.failed_with(error::timed_out);
}

CONVERSATION(answered_keep_alive_waits_two_hours_again, "RFC 9293, 3.8.4, MUST-24, MUST-26") {
    c.established();
    c.keeps_alive(true);
    for (int i = 0; i < 5; ++i) {
        c.wait(7201_s);
        c.expects(at(0) | ack(1));
        c.receives(ack(1));
        c.expects_nothing();
    }
    c.in(state::established);
    c.wait(7100_s);
    c.receives(data(1, "x"));
    c.reads("x");
    c.expects_after(200_ms, ack(2));
    c.wait(7190_s);  // since the last arrival, not since the last probe
    c.keeps_alive(false);
    c.wait(tenon::from_s(100'000));
}

CONVERSATION(keep_alive_that_no_transport_takes_asks_nobody, "RFC 9293, 3.8.4, MUST-29: only unanswered probes tell") {
    c.established();
    c.keeps_alive(true);
    c.wire().broken = true;
    c.wait(tenon::from_s(100'000));
    c.in(state::established);
    c.wire().broken = false;
    c.polls();
    c.expects(at(0) | ack(1));
    c.wait(76_s);
    c.ignores_the_rest();
    c.in(state::established);
}

CONVERSATION(keep_alive_of_the_peer_is_answered, "RFC 9293, 3.8.4; A.2; attack S13") {
    c.established();
    for (int i = 0; i < 5; ++i) {
        c.receives(at(0) | ack(1));
        c.expects(at(1) | ack(1));
        c.wait(75_s);
    }
    c.receives(data(0, "g") | ack(1));  // with one octet of garbage
    c.expects(at(1) | ack(1));
    c.holds(c.endpoint().readable() == 0, "garbage was taken");
}

CONVERSATION(keep_alive_waits_while_data_is_in_flight, "RFC 9293, 3.8.4, MUST-26: only when nothing has been sent or received") {
    c.established();
    c.keeps_alive(true);
    c.wait(7199_s);
    c.writes("x");
    c.expects(data(1, "x"));
    c.expects_after(1_s, data(1, "x"));
    c.receives(ack(2));
    c.wait(7199_s);
    c.expects_nothing();
    c.wait(2_s);
    c.expects(at(1) | ack(1));
}

// ---- two ends that disagree must not talk for ever (attacks S13, C17)

CONVERSATION(simultaneous_probes_into_closed_windows, "RFC 9293, A.2; attack S13", composition::small) {
    c.established(mss(1000) | window(0));
    c.receives(data(1, 2000) | window(0));
    c.receives(data(2001, 2096) | window(0));
    c.expects(ack(4097) | window(0));
    c.writes("abc");
    c.wait(1001_ms);
    c.expects(data(1, 1));
    c.receives(data(4097, 1) | ack(2) | window(0));  // the peer's probe acknowledges ours
    c.expects(ack(4097) | window(0));
    c.wait(2_s);
    c.ignores_the_rest();
    c.receives(at(4097) | ack(2) | window(1000));
    c.expects(data(2, "b"));  // the octet of the last probe first
    c.receives(at(4097) | ack(3) | window(1000));
    c.expects(data(3, "c"));
}

CONVERSATION(acks_that_nobody_needs_are_not_answered, "RFC 9293, 3.10.7.4; attack X12") {
    c.established();
    for (int i = 0; i < 50; ++i) c.receives(at(1) | ack(1));
    c.expects_nothing();
}

CONVERSATION(idle_connection_has_no_deadline, "invariant I11") {
    c.established();
    c.holds(!c.endpoint().next_deadline(c.now()), "nothing to wait for");
    c.receives(data(1, "x"));
    auto const d = c.endpoint().next_deadline(c.now());
    c.holds(d && *d - c.now() <= 201_ms && *d - c.now() >= 199_ms, "the delayed ACK");
    c.expects_after(200_ms, ack(2));
    c.holds(!c.endpoint().next_deadline(c.now()), "nothing to wait for");
    c.writes("y");
    c.expects(data(1, "y"));
    auto const r = c.endpoint().next_deadline(c.now());
    c.holds(r && *r - c.now() <= 1001_ms && *r - c.now() >= 999_ms, "the RTO");
    c.receives(ack(2));
    c.holds(!c.endpoint().next_deadline(c.now()), "nothing to wait for");
}

BOOST_AUTO_TEST_SUITE_END()
