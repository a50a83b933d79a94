// SPDX-License-Identifier: BSL-1.0
// What the receiver tells by SACK and D-SACK (RFC 2018, 4; RFC 2883, 4).
#include <boost/test/unit_test.hpp>

#include "support/conversation.hpp"

using namespace talk;

BOOST_AUTO_TEST_SUITE(endpoint_selective)

namespace {

void selective(conversation& c, segment const& more = {}) {
    c.listens();
    c.receives(syn | at(0) | mss(1000) | sack_permitted | more);
    c.expects(syn | at(0) | ack(1) | sack_permitted);
    c.receives(at(1) | ack(1));
    c.expects_nothing();
}
// Numbers of the RFCs' examples: the first octet of ours is their 5000.
constexpr std::int64_t n(std::int64_t theirs) { return theirs - 4999; }

}  // namespace

CONVERSATION(sack_is_permitted_by_both_or_not_sent, "RFC 2018, 2, 2018-1 and 2018-2") {
    c.connects();
    c.expects(syn | at(0) | sack_permitted);
    c.receives(syn | ack(1) | at(0) | mss(1000));
    c.expects(ack(1));
    c.receives(data(1001, 500));
    c.expects(ack(1) | no_sack);
}

CONVERSATION(rfc_2018_case_1_the_first_four_arrive_the_last_four_do_not, "RFC 2018, 7, case 1") {
    selective(c);
    for (int i = 0; i < 4; ++i) {
        c.receives(data(n(5000 + 500 * i), 500));
        c.ignores_the_rest();
    }
    c.wait(1_s);
    c.ignores_the_rest();
    c.receives(data(n(5000), 500));
    c.expects(ack(n(7000)) | sack({{n(5000), n(5500)}}));  // RFC 2883: it came twice
}

CONVERSATION(rfc_2018_case_2_the_first_is_lost, "RFC 2018, 7, case 2; 2018-3 to 2018-6") {
    selective(c);
    for (int i = 1; i < 8; ++i) {
        c.receives(data(n(5000 + 500 * i), 500));
        c.expects(ack(n(5000)) | sack({{n(5500), n(6000 + 500 * (i - 1))}}));
    }
}

CONVERSATION(rfc_2018_case_3_every_second_is_lost, "RFC 2018, 7, case 3; 2018-6 to 2018-8") {
    selective(c);
    c.receives(data(n(5000), 500));
    c.expects_after(200_ms, ack(n(5500)));
    c.receives(data(n(6000), 500));
    c.expects(ack(n(5500)) | sack({{n(6000), n(6500)}}));
    c.receives(data(n(7000), 500));
    c.expects(ack(n(5500)) | sack({{n(7000), n(7500)}, {n(6000), n(6500)}}));
    c.receives(data(n(8000), 500));
    c.expects(ack(n(5500)) | sack({{n(8000), n(8500)}, {n(7000), n(7500)}, {n(6000), n(6500)}}));
    c.receives(data(n(6500), 500));
    c.expects(ack(n(5500)) | sack({{n(6000), n(7500)}, {n(8000), n(8500)}}));
    c.receives(data(n(5500), 500));
    c.expects(ack(n(7500)) | sack({{n(8000), n(8500)}}));
}

CONVERSATION(four_blocks_without_timestamps_and_three_with, "RFC 2018, 3, 2018-7") {
    selective(c);
    for (int i = 1; i <= 5; ++i) {
        c.receives(data(1 + 1000 * i, 100));
        if (i != 5) c.ignores_the_rest();
    }
    c.expects(ack(1) | sack({{5001, 5101}, {4001, 4101}, {3001, 3101}, {2001, 2101}}));
}

CONVERSATION(three_blocks_beside_timestamps, "RFC 2018, 3, 2018-7") {
    selective(c, ts(1));
    for (int i = 1; i <= 5; ++i) {
        c.receives(data(1 + 1000 * i, 100));
        if (i != 5) c.ignores_the_rest();
    }
    c.expects(ack(1) | sack({{5001, 5101}, {4001, 4101}, {3001, 3101}}));
}

CONVERSATION(data_makes_room_for_blocks, "RFC 2018, 4, 2018-4; RFC 9293, 3.7.1, MUST-16") {
    selective(c);
    c.receives(data(1001, 500));
    c.expects(ack(1) | sack({{1001, 1501}}));
    c.writes(1000);
    c.expects(data(1, 988) | ack(1) | sack({{1001, 1501}}));
    c.receives(ack(989));
    c.expects(data(989, 12) | sack({{1001, 1501}}));
}

// ---- RFC 2883, 4: its examples, with the blocks above the numbers of the first segment

CONVERSATION(rfc_2883_example_1_duplicate_of_a_segment_below, "RFC 2883, 4.1, example 1; 2883-1 and 2883-4") {
    selective(c);
    c.receives(data(1, 500));
    c.receives(data(501, 500));
    c.ignores_the_rest();
    c.receives(data(1001, 1000));
    c.ignores_the_rest();
    c.wait(1_s);
    c.ignores_the_rest();
    c.receives(data(1, 500));
    c.expects(ack(2001) | sack({{1, 501}}));
}

CONVERSATION(rfc_2883_example_2_duplicate_and_a_hole, "RFC 2883, 4.1, example 2, 2883-6; 2883-2 and 2883-3") {
    selective(c);
    c.receives(data(1, 1000));
    c.ignores_the_rest();
    c.wait(1_s);
    c.ignores_the_rest();
    c.receives(data(2001, 500));
    c.expects(ack(1001) | sack({{2001, 2501}}));
    c.receives(data(1, 500));
    c.expects(ack(1001) | sack({{1, 501}, {2001, 2501}}));
    c.receives(data(2501, 500));
    c.expects(ack(1001) | sack({{2001, 3001}}));  // told once
}

CONVERSATION(rfc_2883_example_3_duplicate_of_data_above, "RFC 2883, 4.1, example 3; 2883-5") {
    selective(c);
    c.receives(data(1001, 500));
    c.ignores_the_rest();
    c.receives(data(1501, 500));
    c.ignores_the_rest();
    c.receives(data(1001, 500));
    c.expects(ack(1) | sack({{1001, 1501}, {1001, 2001}}));
}

CONVERSATION(rfc_2883_example_4_one_segment_repeats_part_of_two, "RFC 2883, 4.2, example 4") {
    selective(c);
    c.receives(data(1001, 500));
    c.ignores_the_rest();
    c.receives(data(1001, 1000));
    c.expects(ack(1) | sack({{1001, 1501}, {1001, 2001}}));
}

CONVERSATION(rfc_2883_example_5_only_the_first_of_two_stretches, "RFC 2883, 4.2.2, example 5; 2883-7") {
    selective(c);
    c.receives(data(1001, 200));
    c.ignores_the_rest();
    c.receives(data(1501, 200));
    c.ignores_the_rest();
    c.receives(data(1001, 1000));
    c.expects(ack(1) | sack({{1001, 1201}, {1001, 2001}}));
}

CONVERSATION(rfc_2883_example_6_below_and_above, "RFC 2883, 4.2.3, example 6 with erratum 365: the part below the ACK is reported") {
    selective(c);
    c.receives(data(1, 500));
    c.ignores_the_rest();
    c.wait(1_s);
    c.ignores_the_rest();
    c.receives(data(1, 1000));
    c.expects_after(200_ms, ack(1001) | sack({{1, 501}}));
}

CONVERSATION(segment_that_fills_a_hole_and_more, "RFC 2883, 4, 2883-1: the first stretch that came twice") {
    selective(c);
    c.receives(data(201, 100));
    c.ignores_the_rest();
    c.receives(data(501, 100));
    c.ignores_the_rest();
    c.receives(data(1, 400));
    c.expects(ack(401) | sack({{201, 301}, {501, 601}}));
}

CONVERSATION(smallest_mss_leaves_room_for_data_beside_options, "RFC 9293, 3.7.1, MUST-16; attack O02") {
    selective(c, mss(1) | ts(1));
    for (int i = 1; i <= 4; ++i) {
        c.receives(data(1 + 100 * i, 10));
        c.ignores_the_rest();
    }
    c.writes(100);
    c.holds(c.takes_data() != 0, "data in spite of timestamps and blocks");
    c.receives(ack(101));
    c.ignores_the_rest();
}

CONVERSATION(blocks_end_with_the_hole, "RFC 2018, 4: nothing above the cumulative ACK, nothing to tell") {
    selective(c);
    c.receives(data(1001, 500));
    c.ignores_the_rest();
    c.receives(data(1, 1000));
    c.expects(ack(1501) | no_sack);
    c.writes("x");
    c.expects(data(1, "x") | no_sack);
}

BOOST_AUTO_TEST_SUITE_END()
