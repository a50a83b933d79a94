// SPDX-License-Identifier: BSL-1.0
// Receiving: acknowledgments and their delay, reassembly, the window we advertise, urgent data (RFC 9293, 3.8.5, 3.8.6;
// RFC 5681, 4.2; attacks R01 to R08, W09, W10, W14, O15).
#include <boost/test/unit_test.hpp>

#include "support/conversation.hpp"

using namespace talk;

BOOST_AUTO_TEST_SUITE(endpoint_receiving)

// ---- delayed acknowledgments (RFC 9293, 3.8.6.3)

CONVERSATION(lone_segment_is_acknowledged_after_the_delay, "RFC 9293, 3.8.6.3, SHLD-18 and MUST-40, 5681-28; attack T12") {
    c.established();
    c.receives(data(1, 1000));
    c.expects_after(200_ms, at(1) | ack(1001));
    c.wait(10_s);
}

CONVERSATION(every_second_segment_is_acknowledged_at_once, "RFC 5681, 4.2, RFC 9293, 3.8.6.3, SHLD-19, 5681-27; attack T12") {
    c.established();
    for (int i = 0; i < 10; ++i) {
        c.receives(data(1 + i * 1000, 1000));
        if (i % 2 == 1) c.expects(ack(1001 + i * 1000));
        else c.expects_nothing();
        c.wait(50_ms);
    }
    c.wait(10_s);
}

CONVERSATION(acknowledgment_rides_on_data, "RFC 9293, 3.10.7.4, seventh: piggybacked") {
    c.established();
    c.receives(data(1, "question"));
    c.writes("answer");
    c.expects(data(1, "answer") | ack(9));
    c.wait(900_ms);  // no ACK on its own
    c.receives(ack(7));
    c.wait(10_s);
}

CONVERSATION(out_of_order_segments_are_acknowledged_at_once, "RFC 5681, 4.2, SHLD-31, MAY-13, 5681-16") {
    c.established();
    for (int i = 0; i < 5; ++i) {
        c.receives(data(1001 + i * 1000, 1000));
        c.expects(at(1) | ack(1) | window(65'535));  // duplicates, all alike
    }
    c.receives(data(1, 1000));
    c.expects(ack(6001));  // the gap is filled: at once
    c.reads(6000);
    c.expects(ack(6001) | window(65'535));
}

CONVERSATION(each_out_of_order_segment_has_its_own_duplicate, "RFC 5681, 4.2 and 3.2, 5681-16: a sender counts them") {
    c.established();
    c.receives_together({data(1001, 1000), data(2001, 1000), data(3001, 1000)});
    for (int i = 0; i < 3; ++i) c.expects(at(1) | ack(1));
}

// The second and later ones once had two: the duplicate, and the ACK that a gap calls for at once.
CONVERSATION(one_ack_for_each_segment_while_a_gap_is_open, "RFC 5681, 4.2, 5681-29: MUST NOT generate more than one ACK for every incoming segment") {
    c.established();
    auto const one_duplicate = [&c](segment const& s) {
        c.receives(s);
        c.holds(c.said() == 1, "exactly one ACK");
        c.expects(at(1) | ack(1) | window(65'535));
    };
    for (int i : {1, 2, 5, 9, 4}) one_duplicate(data(1 + i * 1000, 1000));  // blocks that grow, and new ones
    one_duplicate(data(2001, 1000));   // held already
    one_duplicate(data(4501, 1000));   // held already, in two blocks
    one_duplicate(data(10'001, 1000) | fin);
    c.receives_together({data(7001, 1000), data(7001, 1000), data(8001, 500)});
    c.holds(c.said() == 3, "three segments, three ACKs");
    for (int i = 0; i < 3; ++i) c.expects(at(1) | ack(1) | window(65'535));
    c.wait(10_s);  // and none later
    c.receives(data(1, 1000));  // fills one gap of three
    c.holds(c.said() == 1, "exactly one ACK");
    c.expects(at(1) | ack(3001));
    c.wait(10_s);
}

CONVERSATION(partly_filled_gap_is_acknowledged_at_once, "RFC 5681, 4.2, 5681-17") {
    c.established();
    c.receives(data(1001, 1000));
    c.expects(ack(1));
    c.receives(data(3001, 1000));
    c.expects(ack(1));
    c.receives(data(1, 1000));
    c.expects(ack(2001));
    c.receives(data(2001, 1000));
    c.expects(ack(4001));
}

CONVERSATION(immediate_acknowledgment_where_the_policy_says_so, "policy acknowledgement::immediate", composition::unchecked) {
    c.established();
    for (int i = 0; i < 3; ++i) {
        c.receives(data(1 + i * 100, 100));
        c.expects(ack(101 + i * 100));
    }
}

// ---- reassembly

CONVERSATION(overlaps_keep_what_came_first, "RFC 9293, 3.10.7.4; attack R01") {
    c.established();
    c.receives(data(6, "YYYYY"));
    c.expects(ack(1));
    c.receives(data(1, "xxxxxxxxxx"));
    c.expects(ack(11));
    c.reads("xxxxxYYYYY");
    c.receives(data(6, "zzzzzzzzzz"));  // 6 to 10 are long delivered
    c.reads("zzzzz");
    c.ignores_the_rest();
    c.wait(200_ms);
    c.ignores_the_rest();
}

CONVERSATION(overlaps_in_the_other_order, "attack R01") {
    c.established();
    c.receives(data(1, "xxxxxxxxxx"));
    c.receives(data(6, "yyyyyyyyyy"));
    c.expects(ack(16));
    c.reads("xxxxxxxxxxyyyyy");
}

CONVERSATION(overlap_across_several_blocks, "attack R02") {
    c.established();
    struct piece {
        std::int64_t from;
        std::size_t length;
    };
    for (piece const p : {piece{30, 10}, {20, 10}, {10, 10}, {0, 10}, {60, 10}, {70, 10}, {40, 25}}) {
        c.receives(data(1 + p.from, p.length));
        c.ignores_the_rest();
    }
    c.holds(c.endpoint().readable() == 80, "contiguous up to 80");
    c.reads(80);
    c.wait(1_s);
    c.ignores_the_rest();
}

CONVERSATION(octets_at_every_second_place, "attack R03") {
    c.established();
    for (int i = 400; i > 0; i -= 2) {
        c.receives(data(1 + i, 1));
        c.expects(at(1) | ack(1));
    }
    // Whatever of them was kept: in order data is always taken (attack R04), and the end is right.
    c.receives(data(1, 500));
    c.expects(ack(501));
    c.reads(500);
}

CONVERSATION(without_reassembly_the_rest_comes_again, "policy reassembly::in_order_only; attack R05", composition::small) {
    c.established();
    c.receives(data(1001, 1000));
    c.expects(ack(1));
    c.receives(data(1, 1000));
    c.expects_after(200_ms, ack(1001));
    c.receives(data(1001, 1000));
    c.reads(2000);
    c.ignores_the_rest();
    c.wait(1_s);
    c.ignores_the_rest();
}

CONVERSATION(what_waits_is_forgotten_at_a_reset, "attack R06") {
    for (std::uint32_t round = 0; round < 20; ++round) {
        c.established();
        for (int i = 0; i < 10; ++i) {
            c.receives(data(101 + i * 200, 100));
            c.expects(ack(1));
        }
        c.receives(rst | at(1));
        c.in(state::closed);
        c.starts_afresh(c.with().iss + 1'000'000, c.with().irs + 50);
    }
    c.established();
    c.receives(data(1, 100));
    c.holds(c.endpoint().readable() == 100, "nothing of an earlier connection");
    c.reads(100);
    c.expects_after(200_ms, ack(101));
}

CONVERSATION(a_hole_of_one_octet, "attack R08") {
    for (std::size_t const more : {0u, 1u, 2u, 500u}) {
        c.established();
        c.receives(data(1, 99));
        c.receives(data(101, 300));
        c.expects(ack(100));
        c.receives(data(100, 1 + more));
        c.expects(ack(more < 300 ? 401 : 601));
        c.holds(c.endpoint().readable() == (more < 300 ? 400u : 600u), "all of it");
        c.receives(rst | at(more < 300 ? 401 : 601));
        c.starts_afresh(c.with().iss + 100'000, c.with().irs + 100'000);
    }
}

// ---- the window we advertise

CONVERSATION(window_shrinks_by_what_is_not_read_and_its_edge_stays, "RFC 9293, 3.8.6, SHLD-14; attack W14", composition::small) {
    c.established();
    c.receives(data(1, 1000));
    c.expects_after(200_ms, ack(1001) | window(3096));
    c.receives(data(1001, 1000));
    c.receives(data(2001, 1000));
    c.expects(ack(3001) | window(1096));
    c.receives(data(3001, 1096));
    c.expects_after(200_ms, ack(4097) | window(0));
}

CONVERSATION(reader_of_single_octets_opens_no_silly_window, "RFC 9293, 3.8.6.2.2, MUST-39, 9293-u17; attack W09", composition::small) {
    c.established();
    c.receives(data(1, 2000));
    c.receives(data(2001, 2096));
    c.expects(ack(4097) | window(0));
    unsigned read = 0;
    while (c.said() == 0 && read < 4096) {
        c.reads(1);
        ++read;
    }
    c.holds(read >= std::min(2048u, c.full()), "min(half of the buffer, MSS)");
    c.expects(ack(4097) | window(read));
    for (unsigned i = 0; i < 400; ++i) c.reads(1);
    c.expects_nothing();
}

CONVERSATION(window_that_was_closed_opens_as_soon_as_it_is_worth_it, "RFC 9293, 3.8.6.2.2; attack W10", composition::small) {
    c.established();
    c.receives(data(1, 2000));
    c.receives(data(2001, 2096));
    c.expects(ack(4097) | window(0));
    c.reads(4096);
    c.expects(ack(4097) | window(4096));
    c.receives(data(4097, 1000));
    c.expects_after(200_ms, ack(5097));
}

CONVERSATION(probes_into_our_closed_window_are_answered, "RFC 9293, 3.8.6.1, MAY-8", composition::small) {
    c.established();
    c.receives(data(1, 2000));
    c.receives(data(2001, 2096));
    c.expects(ack(4097) | window(0));
    for (int i = 0; i < 20; ++i) {
        c.receives(data(4097, 1));
        c.expects(ack(4097) | window(0));
        c.wait(1_s);
    }
    c.in(state::established);
}

// ---- urgent (RFC 9293, 3.8.5; attack O15)

CONVERSATION(urgent_data_is_told_and_delivered_in_line, "RFC 9293, 3.8.5, 9293-u1") {
    c.established();
    c.receives(data(1, "abc") | urg(2));
    c.told(ready::urgent);
    c.told(ready::readable);
    c.reads("abc");
    c.expects_after(200_ms, ack(4));
}

CONVERSATION(urgent_pointers_of_any_value, "RFC 9293, 3.8.5; attack O15") {
    c.established();
    std::int64_t seq = 1;
    for (unsigned const up : {0u, 1u, 3u, 4u, 1000u, 65'535u}) {
        c.receives(data(seq, "abc") | urg(up));
        c.ignores_the_rest();
        c.reads("abc");
        seq += 3;
        c.receives(at(seq) | urg(up));
        c.ignores_the_rest();
    }
    c.wait(1_s);
    c.ignores_the_rest();
    c.in(state::established);
    c.receives(fin | at(seq) | urg(65'535));
    c.in(state::close_wait);
    c.expects(ack(seq + 1));
}

BOOST_AUTO_TEST_SUITE_END()
