// SPDX-License-Identifier: BSL-1.0
// The small parts: episode, round-trip sampler, deadlines, path, replies, judge_listen, readiness bits.
#include <tenon/engine/deadlines.hpp>
#include <tenon/engine/episode.hpp>
#include <tenon/engine/handshake.hpp>
#include <tenon/engine/path.hpp>
#include <tenon/engine/ready.hpp>
#include <tenon/engine/replies.hpp>
#include <tenon/engine/round_trip.hpp>

#include <array>
#include <cstdint>

#include <boost/test/unit_test.hpp>

#include "support/requirement.hpp"

using namespace tenon::literals;
using tenon::bytes;
using tenon::instant;
using tenon::sequence;
using tenon::congestion::cause;
using tenon::congestion::context;
using tenon::congestion::phase;
using tenon::wire::flag;
using tenon::wire::flags;
namespace engine = tenon::engine;

namespace {

struct listener {  // to an episode
    unsigned losses{}, timeouts{}, repeated{}, exits{};
    constexpr void on_congestion(context const&, cause why) noexcept {
        ++(why == cause::loss ? losses : why == cause::timeout ? timeouts : repeated);
    }
    constexpr void on_recovery_exit(context const&) noexcept { ++exits; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_episode)

BOOST_AUTO_TEST_CASE(recovery_lasts_until_its_point_is_acknowledged) {
    engine::episode e;
    listener l;
    e.start({100});
    BOOST_TEST(e.may_begin({101}));
    e.begin(l, {}, {1101});
    BOOST_TEST((e.repairing() && e.now() == phase::recovery && e.point() == sequence{1101}));
    BOOST_TEST(!e.may_begin({500}));
    BOOST_TEST(!e.on_ack(l, {}, {1100}));
    BOOST_TEST(l.exits == 0u);
    BOOST_TEST(e.on_ack(l, {}, {1101}));
    BOOST_TEST((l.losses == 1u && l.exits == 1u && e.now() == phase::open));
    // RFC 6582, 3.2, step 2: only beyond what the last one covered.
    BOOST_TEST(!e.may_begin({1101}));
    BOOST_TEST(e.may_begin({1102}));
}

// RFC 6582, 3.2, step 4: a timeout ends fast recovery; what was sent before it begins no other one. Its own end is no
// "exit of recovery": slow start goes on.
BOOST_AUTO_TEST_CASE(a_timeout_takes_the_place_of_recovery) {
    engine::episode e;
    listener l;
    e.start({0xffff'ff00});
    e.begin(l, {}, {0x100});
    e.time_out(l, {}, {0x200}, false);
    e.time_out(l, {}, {0x200}, true);
    BOOST_TEST((e.now() == phase::loss && !e.repairing() && !e.may_begin({0x201})));
    BOOST_TEST(!e.on_ack(l, {}, {0x1ff}));
    BOOST_TEST(e.on_ack(l, {}, {0x200}));
    BOOST_TEST((l.losses == 1u && l.timeouts == 1u && l.repeated == 1u && l.exits == 0u));
    BOOST_TEST(!e.may_begin({0x200}));
    BOOST_TEST(e.may_begin({0x201}));
}

// Gigabytes without a loss: the point is not left behind by more than half a circle, where it would seem to lie ahead.
BOOST_AUTO_TEST_CASE(the_point_follows_a_long_connection) {
    engine::episode e;
    listener l;
    e.start({7});
    sequence una{8};
    for (int i = 0; i < 1000; ++i) {
        una += 99'999'999;
        e.on_ack(l, {}, una);
        BOOST_REQUIRE(e.may_begin(una));
        BOOST_REQUIRE(una - e.point() <= bytes{1} << 30);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(engine_round_trip)

using sampler = engine::round_trip<10>;

// RFC 6298, 3: one sample per round trip is enough; the ACK that covers the timed segment gives it.
BOOST_AUTO_TEST_CASE(times_one_segment_at_a_time, *tenon::test::requirement("6298-13")) {
    sampler r;
    instant const t0{tenon::from_s(1).nanoseconds};
    r.on_sent({1000}, t0);
    r.on_sent({2000}, t0 + 5_ms);
    BOOST_TEST(!r.on_ack({999}, t0 + 10_ms).has_value());
    auto const sample = r.on_ack({1000}, t0 + 20_ms);
    BOOST_REQUIRE(sample.has_value());
    BOOST_TEST((*sample > 20_ms - 2_us && *sample < 20_ms + 2_us));
    BOOST_TEST(!r.on_ack({2000}, t0 + 30_ms).has_value());
    r.on_sent({3000}, t0 + 40_ms);
    BOOST_TEST(r.on_ack({5000}, t0 + 50_ms).has_value());
}

// Karn: "RTT samples MUST NOT be made using segments that were retransmitted".
BOOST_AUTO_TEST_CASE(nothing_that_was_sent_again_is_a_sample, *tenon::test::requirement("6298-11, 6298-12")) {
    sampler r;
    r.on_sent({1000}, {});
    r.on_resent();
    BOOST_TEST(!r.on_ack({1000}, instant{} + 1_s).has_value());
    r.on_sent({2000}, instant{} + 1_s);
    BOOST_TEST(r.on_ack({2000}, instant{} + 2_s).has_value());
}

BOOST_AUTO_TEST_CASE(sequence_numbers_and_ticks_may_wrap) {
    sampler r;
    instant const near_the_wrap{(std::int64_t{1} << 42) - 1000};
    r.on_sent({5}, near_the_wrap);
    BOOST_TEST(!r.on_ack({0xffff'fff0}, near_the_wrap).has_value());
    auto const sample = r.on_ack({6}, near_the_wrap + 100_ms);
    BOOST_REQUIRE(sample.has_value());
    BOOST_TEST((*sample > 99_ms && *sample < 101_ms));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(engine_deadlines)

using slot = engine::deadline_slot<16>;

BOOST_AUTO_TEST_CASE(a_timer_is_due_from_its_deadline_on_and_never_before) {
    // Also where 32-bit ticks wrap.
    for (std::int64_t const now : {std::int64_t{0}, std::int64_t{12'345'678'901}, (std::int64_t{1} << 48) - 5, (std::int64_t{1} << 47) - 1})
        for (tenon::duration const wait : {tenon::duration{}, 1_ns, 65'536_ns, 65'537_ns, 1_ms, 500_ms, 60_s, tenon::from_s(36 * 3600)}) {
            slot s;
            s.arm(engine::timer::persist, {now}, wait);
            BOOST_TEST((s.armed() && s.kind() == engine::timer::persist));
            auto const at = s.next({now});
            BOOST_REQUIRE(at.has_value());
            BOOST_TEST((*at >= instant{now} + wait && *at < instant{now} + wait + 65'537_ns));
            BOOST_TEST(s.due(*at));
            BOOST_TEST(s.due(*at + 1_s));
            BOOST_TEST(!s.due(*at - 1_ns));
            BOOST_TEST((s.next(*at + 1_s) == at));  // late: still the instant that has passed
        }
}

BOOST_AUTO_TEST_CASE(a_disarmed_slot_is_never_due) {
    slot s;
    BOOST_TEST((!s.armed() && !s.due({}) && !s.next({})));
    s.arm(engine::timer::retransmit, {}, 1_s);
    s.disarm();
    BOOST_TEST((!s.armed() && !s.due(instant{} + 2_s) && !s.next({})));
    BOOST_TEST((s.kind() == engine::timer::none));
}

BOOST_AUTO_TEST_CASE(the_earlier_of_two) {
    std::optional<instant> const none, a{instant{1}}, b{instant{2}};
    BOOST_TEST((!engine::earliest(none, none)));
    BOOST_TEST((engine::earliest(a, none) == a && engine::earliest(none, a) == a));
    BOOST_TEST((engine::earliest(a, b) == a && engine::earliest(b, a) == a));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(engine_path)

constexpr engine::path agreed(bytes link, bytes fallback, bytes peer) {
    engine::path p;
    p.start({.mss = link, .fallback = fallback});
    p.agree(peer);
    return p;
}

// RFC 9293, 3.7.1: the least of what both ends can; MUST-15: 536 (IPv4) or 1220 (IPv6) where the peer says nothing.
BOOST_AUTO_TEST_CASE(the_mss_is_what_both_ends_can) {
    static_assert(agreed(1460, 536, 1460).mss() == 1460 && agreed(1460, 536, 8960).mss() == 1460);
    static_assert(agreed(1460, 536, 1000).mss() == 1000);
    static_assert(agreed(1460, 536, 0).mss() == 536 && agreed(1440, 1220, 0).mss() == 1220);
    static_assert(agreed(200, 536, 0).mss() == 200);
    BOOST_TEST(agreed(100'000, 536, 65'535).mss() == 65'535u);
}

// Attack O02: a peer cannot ask for segments of an octet.
BOOST_AUTO_TEST_CASE(no_peer_makes_segments_tiny) {
    for (bytes peer = 1; peer <= 48; ++peer) BOOST_TEST(agreed(1460, 536, peer).mss() == 48u);
    BOOST_TEST(agreed(1460, 536, 49).mss() == 49u);
}

BOOST_AUTO_TEST_CASE(reports_of_the_path_only_lower_it) {
    for (bytes const link : {28u, 47u, 48u, 100u, 1460u}) {
        auto p = agreed(link, 536, 1460);
        for (bytes const said : {1460u, 1000u, 1200u, 536u, 49u, 48u, 20u, 0u}) {
            bytes const before = p.mss();
            bool const lowered = p.lower(said);
            BOOST_TEST(p.mss() <= before);
            BOOST_TEST(lowered == (p.mss() < before));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(engine_replies)

// RFC 9293, 3.10.7.1: "<SEQ=SEG.ACK><CTL=RST>" or "<SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>".
BOOST_AUTO_TEST_CASE(a_reset_fits_the_segment_it_answers, *tenon::test::requirement("9293-u15")) {
    std::array<std::byte, 5> const text{};
    tenon::wire::segment s{.source = 1, .destination = 2, .seq = {0xffff'fffe}, .ack = {77}, .control = flag::ack | flag::syn, .payload = text};
    auto const by_ack = engine::reset_for(s);
    BOOST_TEST((by_ack.source == 2 && by_ack.destination == 1 && by_ack.seq == sequence{77} && by_ack.control == flags{flag::rst}));
    s.control = flag::syn | flag::fin;
    auto const by_length = engine::reset_for(s);
    BOOST_TEST((by_length.seq == sequence{0} && by_length.ack == sequence{5} && by_length.control == (flag::rst | flag::ack)));
    BOOST_TEST((by_length.window == 0 && by_length.options == 0));
}

// RFC 9293, 3.10.7.2: first RST, second ACK, third SYN, fourth everything else.
BOOST_AUTO_TEST_CASE(listen_looks_at_rst_then_ack_then_syn) {
    using engine::listen_verdict;
    for (std::uint16_t bits = 0; bits < 512; ++bits) {
        flags const c{bits};
        auto const expected = c.has(flag::rst) ? listen_verdict::ignore : c.has(flag::ack) ? listen_verdict::reset_peer
                              : c.has(flag::syn) ? listen_verdict::syn : listen_verdict::ignore;
        BOOST_TEST((engine::judge_listen({.control = c}) == expected));
    }
}

BOOST_AUTO_TEST_CASE(readiness_is_a_set) {
    using tenon::ready;
    ready r = ready::none;
    BOOST_TEST(!has(r, ready::opened));
    r |= ready::opened | ready::writable;
    BOOST_TEST((has(r, ready::opened) && has(r, ready::writable) && !has(r, ready::readable)));
    BOOST_TEST(((r & ready::writable) == ready::writable));
}

BOOST_AUTO_TEST_SUITE_END()
