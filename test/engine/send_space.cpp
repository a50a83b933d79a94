// SPDX-License-Identifier: BSL-1.0
// RFC 9293, 3.4 and 3.10.7.4, fifth, on a circle that is tested where it closes.
#include <tenon/engine/send_space.hpp>

#include <array>
#include <cstdint>

#include <boost/test/unit_test.hpp>

#include "support/requirement.hpp"

using tenon::bytes;
using tenon::sequence;
using tenon::engine::ack_kind;
using tenon::engine::send_space;

namespace {

// Where numbers wrap: the circle's end, its half, and elsewhere.
constexpr auto starts = std::to_array<std::uint32_t>({0, 1, 0x7fff'fff0, 0x7fff'ffff, 0x8000'0000, 0xffff'fff0, 0xffff'ffff, 12'345});

constexpr send_space at(std::uint32_t una, bytes outstanding, bytes window) {
    return {.una = {una}, .nxt = {una + outstanding}, .end = {una + outstanding}, .window = window, .max_window = window};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_send_space)

BOOST_AUTO_TEST_CASE(an_ack_is_judged_by_its_distance) {
    for (auto const start : starts)
        for (bytes const outstanding : {0u, 1u, 1000u, 1u << 30}) {
            auto const s = at(start, outstanding, 1000);
            BOOST_TEST((s.classify({start}) == ack_kind::repeated));
            BOOST_TEST((s.classify({start - 1}) == ack_kind::old));
            BOOST_TEST((s.classify({start - 0x3fff'ffff}) == ack_kind::old));
            BOOST_TEST((s.classify({start + outstanding + 1}) == ack_kind::beyond));
            BOOST_TEST((s.classify({start + outstanding + 0x3fff'ffff}) == ack_kind::beyond));
            if (outstanding == 0) continue;
            BOOST_TEST((s.classify({start + 1}) == ack_kind::advances));
            BOOST_TEST((s.classify({start + outstanding}) == ack_kind::advances));
        }
}

// RFC 9293, MUST-34: a sender must be robust against a window that shrinks.
BOOST_AUTO_TEST_CASE(a_shrunk_window_leaves_nothing_usable, *tenon::test::requirement("MUST-34")) {
    for (auto const start : starts) {
        BOOST_TEST(at(start, 1000, 5000).usable() == 4000u);
        BOOST_TEST(at(start, 1000, 1000).usable() == 0u);
        BOOST_TEST(at(start, 1000, 999).usable() == 0u);
        BOOST_TEST(at(start, 1000, 0).usable() == 0u);
        BOOST_TEST(at(start, 1u << 30, 0).usable() == 0u);
        BOOST_TEST(at(start, 0, 1u << 30).usable() == 1u << 30);
        BOOST_TEST(at(start, 1u << 30, (1u << 30) + 1).usable() == 1u);
    }
}

// "SND.WL1 < SEG.SEQ or (SND.WL1 = SEG.SEQ and SND.WL2 =< SEG.ACK)".
BOOST_AUTO_TEST_CASE(an_old_segment_does_not_overwrite_a_newer_window, *tenon::test::requirement("9293-u10")) {
    for (auto const start : starts) {
        sequence const seq{start}, ack{start + 77};
        auto const fresh = [&] {
            send_space s;
            s.set_window(seq, ack, 100);
            return s;
        };
        struct row {
            sequence seq, ack;
            bool     taken;
        };
        for (auto const& r : {row{seq, ack, true}, row{seq, ack + 1, true}, row{seq, ack - 1, false}, row{seq + 1, ack, true},
                              row{seq + 1, ack - 1, true}, row{seq - 1, ack, false}, row{seq - 1, ack + 1, false}}) {
            auto s = fresh();
            BOOST_TEST(s.update_window(r.seq, r.ack, 5) == r.taken);
            BOOST_TEST(s.window == (r.taken ? 5u : 100u));
            BOOST_TEST(s.max_window == 100u);
            BOOST_TEST((s.wl1 == (r.taken ? r.seq : seq) && s.wl2 == (r.taken ? r.ack : ack)));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_largest_window_is_remembered) {
    send_space s;
    s.start({5});
    for (bytes w : {10u, 500u, 0u, 499u}) BOOST_TEST(s.update_window({1}, {1}, w));
    BOOST_TEST(s.max_window == 500u);
    BOOST_TEST(s.window == 499u);
}

// The SYN stands before the first octet, the FIN behind the last.
BOOST_AUTO_TEST_CASE(syn_octets_and_fin_in_their_order) {
    for (auto const start : starts) {
        send_space s;
        s.start({start});
        BOOST_TEST(s.outstanding() == 0u);
        s.nxt += 1;  // SYN
        s.end += 10;
        BOOST_TEST(s.unsent() == 10u);
        s.una += 1;
        s.nxt += 10;
        BOOST_TEST(s.unsent() == 0u);
        BOOST_TEST((!s.fin_sent() && !s.fin_acknowledged()));
        s.nxt += 1;
        BOOST_TEST((s.fin_sent() && !s.fin_acknowledged()));
        BOOST_TEST(s.unsent() == 0u);
        s.una += 10;
        BOOST_TEST(!s.fin_acknowledged());
        s.una += 1;
        BOOST_TEST(s.fin_acknowledged());
    }
}

BOOST_AUTO_TEST_SUITE_END()
