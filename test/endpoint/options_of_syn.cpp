// SPDX-License-Identifier: BSL-1.0
// What the SYNs agree on: the segment size and the window scale, and what becomes of options that are damaged or unknown
// (RFC 9293, 3.1, 3.7.1; RFC 7323, 2).
#include <boost/test/unit_test.hpp>

#include "support/conversation.hpp"

using namespace talk;

BOOST_AUTO_TEST_SUITE(endpoint_options_of_syn)

// ---- MSS (RFC 9293, 3.7.1)

CONVERSATION(without_mss_the_default_is_assumed, "RFC 9293, 3.7.1, MUST-15; attack H05") {
    c.established(segment{});
    unsigned const n = c.with().v6 ? 1220 : 536;
    c.writes(2 * n);
    c.expects(data(1, n));
    c.expects(data(1 + n, n));
}

CONVERSATION(mss_of_the_peer_is_kept, "RFC 9293, 3.7.1, MUST-16, MUST-14") {
    c.established(mss(700));
    c.writes(1400);
    c.expects(data(1, 700));
    c.expects(data(701, 700));
}

CONVERSATION(mss_larger_than_the_mtu, "RFC 9293, 3.7.1, MUST-16; attack O03") {
    c.wire().mtu = 576;
    c.established(mss(65'535));
    unsigned const n = c.with().v6 ? 516 : 536;
    c.writes(3 * n);
    for (unsigned i = 0; i < 3; ++i) c.expects(data(1 + i * n, n));
}

CONVERSATION(mss_of_zero_makes_no_empty_segments, "RFC 9293, 3.7.1; attack O01") {
    c.established(mss(0));
    c.writes(600);
    auto const first = c.takes();
    c.holds(first.text.size() >= 48 && first.text.size() <= 1220, "a segment worth sending");
    c.ignores_the_rest();
}

CONVERSATION(tiny_mss_is_raised, "attack O02") {
    for (unsigned const m : {1u, 12u, 47u, 48u}) {
        c.established(mss(m));
        c.writes(100);
        c.expects(data(1, 48));
        c.expects(data(49, 48));
        c.ignores_the_rest();
        c.aborts();
        c.expects(rst);
        c.starts_afresh(c.with().iss + 77'000, c.with().irs + 99'000);
    }
}

CONVERSATION(our_syn_tells_the_mss_of_the_interface, "RFC 9293, 3.7.1, MUST-14 and MUST-67, SHLD-5, MAY-3") {
    c.wire().mtu = 1400;
    if (c.with().active) {
        c.connects();
        c.expects(syn | mss(c.with().v6 ? 1340 : 1360));
    } else {
        c.listens();
        c.receives(syn);
        c.expects(syn | mss(c.with().v6 ? 1340 : 1360));
    }
}

CONVERSATION(damaged_options_of_a_syn_are_as_if_absent, "RFC 9293, 3.1, MUST-7, MUST-68; attacks P01 to P04") {
    octets const bad[]{{2, 0, 0, 0}, {2, 1, 5, 180}, {2, 3, 1, 0}, {2, 5, 1, 0, 0, 0, 0, 0}, {2, 40, 5, 180}, {1, 1, 1, 2},
                       {0x50, 0, 0, 0}, {0xff, 0xff, 0, 0}, {3, 2, 14, 0}, {1, 1, 1, 3}};
    std::uint32_t n = 0;
    for (auto const& o : bad) {
        c.established(options(o));
        c.writes(1300);
        c.expects(data(1, c.with().v6 ? 1220u : 536u));
        c.ignores_the_rest();
        c.aborts();
        c.expects(rst);
        n += 80'000;
        c.starts_afresh(c.with().iss + n, c.with().irs + n);
    }
}

CONVERSATION(forty_octets_of_no_operation, "RFC 9293, 3.1, MUST-4; attack P12") {
    c.established(options(octets(40, 1)));
    c.writes("x");
    c.expects(data(1, "x"));
}

CONVERSATION(unknown_options_are_skipped, "RFC 9293, 3.1, MUST-6, MUST-64, MUST-68") {
    c.established(options({0xfd, 6, 1, 2, 3, 4, 2, 4, 2, 0}));
    c.writes(600);
    c.expects(data(1, 512));
    c.ignores_the_rest();
}

// ---- window scale (RFC 7323, 2)

CONVERSATION(window_scale_only_in_answer_to_one, "RFC 7323, 2.2, 7323-1, 7323-3, 7323-5; attack H12", composition::roomy) {
    c.listens();
    c.receives(syn | mss(1460));
    auto const answer = c.takes();
    c.holds(answer.has(syn_bit | ack_bit) && !answer.scale, "no window scale was asked for");
    c.holds(answer.window == 65'535, "the window of a SYN is not scaled");
    c.receives(at(1) | ack(1));
    c.receives(data(1, 1000));
    c.expects_after(200_ms, ack(1001) | window(64'535));  // octets; not worth an update yet
}

CONVERSATION(window_scale_is_offered_and_used, "RFC 7323, 2.2, 7323-1, 7323-3, 7323-4, 7323-7", composition::roomy) {
    if (c.with().active) {
        c.connects();
        c.expects(syn | scale(5) | window(65'535));
        c.receives(syn | ack(1) | mss(1460) | scale(3) | window(1000));
        c.expects(at(1) | ack(1) | window(32'768)  /* 1 MiB */);
    } else {
        c.listens();
        c.receives(syn | mss(1460) | scale(3) | window(1000));
        c.expects(syn | ack(1) | scale(5) | window(65'535));
        c.receives(at(1) | ack(1) | window(1000));
        c.receives(data(1, 1460));
        c.receives(data(1461, 1460));
        c.expects(ack(2921));
    }
}

CONVERSATION(window_of_a_syn_is_not_scaled, "RFC 7323, 2.2, 7323-3; attack H12") {
    if (c.with().active) {
        c.connects();
        c.expects(syn);
        c.receives(syn | ack(1) | mss(1460) | scale(7) | window(2000));
        c.expects(ack(1));
    } else {
        c.listens();
        c.receives(syn | mss(1460) | scale(7) | window(2000));
        c.expects(syn | ack(1));
        c.receives(at(1) | ack(1) | window(2000 >> 7));
    }
    c.writes(4000);
    c.expects(data(1, c.full()));
    if (c.with().active) {
        c.expects_nothing();  // 2000 octets, not 256,000
        c.receives(ack(1 + c.full()) | window(100));
    } else {
        c.receives(ack(1 + c.full()) | window(100));
    }
    c.expects(data(1 + c.full(), c.full()));
    c.ignores_the_rest();
}

CONVERSATION(window_scale_is_limited_to_fourteen, "RFC 7323, 2.3, 7323-6, 7323-7; attacks H13 and W07") {
    for (unsigned const shift : {14u, 15u, 31u, 32u, 255u}) {
        c.established(mss(1460) | scale(shift) | window(65'535));
        c.receives(ack(1) | window(1));  // 16,384 octets
        c.writes(40'000);
        std::size_t octets = 0;
        while (c.said() != 0) octets += c.takes().text.size();
        c.holds(octets == 10 * c.full(), "the initial window");
        c.receives(ack(1 + static_cast<std::int64_t>(octets)) | window(1));
        octets = 0;
        while (c.said() != 0) octets += c.takes().text.size();
        c.holds(octets <= 16'384 && octets >= 16'384 - c.full(), "a window of 1 << 14");
        c.aborts();
        c.expects(rst);
        c.starts_afresh(c.with().iss + 100'000, c.with().irs + 100'000);
    }
}

BOOST_AUTO_TEST_SUITE_END()
