// SPDX-License-Identifier: BSL-1.0
// RFC 9293, 3.4 (the acceptability test) against a model that looks at every octet, and 3.8.6 (the window).
#include <tenon/engine/receive_space.hpp>
#include <tenon/policy/random/splitmix32.hpp>

#include <algorithm>
#include <cstdint>

#include <boost/test/unit_test.hpp>

#include "support/requirement.hpp"

using tenon::bytes;
using tenon::sequence;
using tenon::engine::receive_space;

namespace {

bool in_window(receive_space const& r, sequence s) {
    for (bytes i = 0; i < r.window(); ++i)
        if (r.nxt + i == s) return true;
    return false;
}

// Table 6, in its four rows.
bool acceptable(receive_space const& r, sequence seq, bytes length) {
    if (length == 0) return r.window() == 0 ? seq == r.nxt : in_window(r, seq);
    return r.window() != 0 && (in_window(r, seq) || in_window(r, seq + length - 1));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_receive_space)

BOOST_AUTO_TEST_CASE(acceptability_for_every_segment_around_small_windows, *tenon::test::requirement("9293-u11")) {
    for (std::uint32_t const nxt : {0u, 3u, 0x7fff'fffdu, 0xffff'fffdu})
        for (bytes window = 0; window <= 9; ++window) {
            receive_space const r{.front = {nxt}, .nxt = {nxt}, .edge = {nxt + window}};
            for (std::int32_t away = -14; away <= 14; ++away)
                for (bytes length = 0; length <= 13; ++length) {
                    sequence const seq{nxt + static_cast<std::uint32_t>(away)};
                    BOOST_REQUIRE_MESSAGE(r.acceptable(seq, length) == acceptable(r, seq, length),
                                          "RCV.NXT " << nxt << " RCV.WND " << window << " SEG.SEQ " << away << " SEG.LEN " << length);
                }
        }
}

BOOST_AUTO_TEST_CASE(the_largest_window_accepts_its_last_octet_and_not_the_next) {
    for (std::uint32_t const nxt : {0u, 0x8000'0000u, 0xffff'ffffu}) {
        bytes const window = bytes{1} << 30;
        receive_space const r{.front = {nxt}, .nxt = {nxt}, .edge = {nxt + window}};
        BOOST_TEST(r.acceptable({nxt + window - 1}, 1));
        BOOST_TEST(r.acceptable({nxt + window - 1}, 1460));
        BOOST_TEST(!r.acceptable({nxt + window}, 0));
        BOOST_TEST(!r.acceptable({nxt + window}, 1));
        BOOST_TEST(!r.acceptable({nxt - 1}, 1));
        BOOST_TEST(r.acceptable({nxt - 1}, 2));
    }
}

// RFC 9293, SHLD-14: "a TCP receiver SHOULD NOT shrink the window".
BOOST_AUTO_TEST_CASE(the_edge_never_moves_left_and_promises_no_more_than_there_is, *tenon::test::requirement("SHLD-14")) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        tenon::random::splitmix32 random;
        random.seed(seed);
        receive_space r;
        bytes const capacity = 1 + tenon::random::below(random, 200'000);
        bytes const shift = tenon::random::below(random, 5);
        bytes const largest = 65'535u << shift;
        r.start({static_cast<std::uint32_t>(0u - tenon::random::below(random, 100'000))}, 0);
        for (int i = 0; i < 500; ++i) {
            bytes const promise = tenon::random::below(random, 4) == 0 ? tenon::random::below(random, capacity) : capacity;
            sequence const edge = r.possible_edge(promise, largest);
            BOOST_REQUIRE_MESSAGE(edge - r.edge < bytes{1} << 31, "moved left: seed " << seed << ", step " << i);
            BOOST_REQUIRE_MESSAGE(edge == r.edge || edge - r.front <= promise, "too much: seed " << seed << ", step " << i);
            BOOST_REQUIRE_MESSAGE(edge == r.edge || edge - r.nxt <= largest, "not to be said: seed " << seed << ", step " << i);
            if (r.worth_telling(edge, promise, 1460)) r.edge = edge;
            r.nxt += tenon::random::below(random, r.window() + 1);
            r.front += tenon::random::below(random, r.readable() + 1);
        }
    }
}

// RFC 9293, 3.8.6.2.2: "RCV.BUFF - RCV.USER - RCV.WND >= min (Fr * RCV.BUFF, Eff.snd.MSS)", Fr = 1/2.
BOOST_AUTO_TEST_CASE(the_edge_moves_in_steps_worth_telling, *tenon::test::requirement("MUST-39, 9293-u17")) {
    receive_space r;
    r.start({100}, 10'000);
    auto const step = [&](bytes n, bytes promise) { return r.worth_telling(r.edge + n, promise, 1460); };
    BOOST_TEST(!step(0, 10'000));
    BOOST_TEST(!step(1459, 10'000));
    BOOST_TEST(step(1460, 10'000));
    BOOST_TEST(!step(499, 1000));
    BOOST_TEST(step(500, 1000));
    BOOST_TEST(step(1, 1));
    BOOST_TEST(!step(1, 3));
}

BOOST_AUTO_TEST_SUITE_END()
