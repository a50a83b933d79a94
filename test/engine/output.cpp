// SPDX-License-Identifier: BSL-1.0
// The order in which what may go out goes out, and why nothing does: seen through a connection, without a transport.
#include <tenon/connection.hpp>

#include <array>
#include <memory>
#include <vector>

#include <boost/test/unit_test.hpp>

using namespace tenon::literals;
using tenon::bytes;
using tenon::instant;
using tenon::sequence;
using tenon::engine::limit;
using tenon::engine::plan;
using tenon::engine::sending;
using tenon::wire::flag;
using tenon::wire::flags;

namespace {

struct policies : tenon::default_policies {
    using options = tenon::options::minimal;
    using coalescing = tenon::coalescing::nagle;
};

constexpr bytes mss = 1000;

// A connection and its peer's side of the conversation; sequence numbers relative to both SYNs, ours near the wrap.
struct subject {
    tenon::connection<policies> tcp{};
    tenon::buffer::nothing none{};
    instant now{from_s_(10)};
    static constexpr sequence iss{0xffff'fffa}, irs{7000};

    static constexpr std::int64_t from_s_(std::int64_t s) { return tenon::from_s(s).nanoseconds; }
    tenon::homes<policies> homes() { return {none, none}; }

    plan look() { return tcp.next(homes()); }
    plan take() {
        auto const p = look();
        if (p) tcp.sent(now, p);
        else tcp.settle(now, p.why);
        return p;
    }
    std::vector<plan> take_all() {
        std::vector<plan> all;
        for (auto p = take(); p; p = take()) all.push_back(p);
        return all;
    }
    tenon::ready hear(flags control, bytes seq, bytes ack, bytes text = 0, std::uint16_t window = 60'000) {
        static constexpr std::array<std::byte, 2000> octets{};
        return tcp.input(homes(), now, {.seq = irs + seq, .ack = iss + ack, .control = control, .window = window,
                                        .payload = std::span{octets}.first(text)});
    }
    void write(bytes n) {
        std::vector<std::byte> const octets(n);
        BOOST_REQUIRE(tcp.write(homes(), octets).count == n);
    }
    void open() {
        BOOST_REQUIRE((tcp.open(homes(), {iss, 0}, {.mss = mss, .fallback = 536}) == tenon::error::none));
        BOOST_REQUIRE((take().kind == sending::syn));
        std::array<std::byte, 4> option{};
        tenon::wire::put_mss(option.data(), mss);
        tcp.input(homes(), now, {.seq = irs, .ack = iss + 1, .control = flag::syn | flag::ack, .window = 60'000, .options = option});
        BOOST_REQUIRE((take().kind == sending::acknowledgement));
    }
};
using tcp_subject = std::unique_ptr<subject>;
tcp_subject opened() {
    auto s = std::make_unique<subject>();
    s->open();
    return s;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_output)

BOOST_AUTO_TEST_CASE(a_closed_or_listening_connection_sends_nothing) {
    auto const s = std::make_unique<subject>();
    BOOST_TEST(!s->look());
    BOOST_TEST((s->tcp.listen(s->homes()) == tenon::error::none));
    BOOST_TEST(!s->look());
}

BOOST_AUTO_TEST_CASE(a_plan_that_is_dropped_leaves_no_trace) {
    auto const s = opened();
    s->write(100);
    auto const first = s->look(), second = s->look();
    BOOST_TEST((first.kind == sending::fresh && second.kind == sending::fresh));
    BOOST_TEST((first.header.seq == second.header.seq && first.length == second.length));
}

BOOST_AUTO_TEST_CASE(one_syn_until_its_timer_fires) {
    auto const s = std::make_unique<subject>();
    BOOST_REQUIRE((s->tcp.open(s->homes(), {s->iss, 0}, {.mss = mss, .fallback = 536}) == tenon::error::none));
    auto const syn = s->take();
    BOOST_TEST((syn.kind == sending::syn && syn.header.seq == s->iss && syn.header.control == flags{flag::syn}));
    BOOST_TEST(!s->take());
    s->now += 2_s;
    s->tcp.expire(s->homes(), s->now);
    BOOST_TEST((s->take().header.seq == s->iss));
    BOOST_TEST(!s->take());
}

// RFC 5681, 4.2: out-of-order segments each owe a duplicate ACK, before any data that would make it none.
BOOST_AUTO_TEST_CASE(duplicates_go_first_then_data_that_carries_the_ack) {
    auto const s = opened();
    s->write(2500);
    s->hear(flag::ack, 1001, 1, 10);
    s->hear(flag::ack, 1011, 1, 10);
    s->hear(flag::ack, 1, 1, 10);
    for (int i = 0; i < 2; ++i) {
        auto const p = s->take();
        BOOST_TEST((p.kind == sending::acknowledgement && p.length == 0 && p.header.ack == s->irs + 11));
    }
    auto const all = s->take_all();
    BOOST_REQUIRE(all.size() == 2u);  // Nagle keeps the rest
    BOOST_TEST((all[0].kind == sending::fresh && all[0].length == mss && all[0].header.ack == s->irs + 11));
    BOOST_TEST((s->look().why == limit::coalescing));
}

BOOST_AUTO_TEST_CASE(a_pure_ack_goes_only_where_nothing_carries_it) {
    auto const s = opened();
    s->hear(flag::ack, 1, 1, 1000);
    s->hear(flag::ack, 1001, 1, 1000);
    BOOST_TEST((s->take().kind == sending::acknowledgement));
    BOOST_TEST((!s->look() && s->look().why == limit::no_data));
    s->hear(flag::ack, 2001, 1, 1000);
    s->hear(flag::ack, 3001, 1, 1000);
    s->write(10);
    auto const p = s->take();
    BOOST_TEST((p.kind == sending::fresh && p.length == 10 && p.has(flag::psh) && p.header.ack == s->irs + 4001));
    BOOST_TEST(!s->look());
}

BOOST_AUTO_TEST_CASE(the_reason_why_nothing_goes) {
    auto const s = opened();
    BOOST_TEST((s->look().why == limit::no_data));
    s->write(20'000);
    BOOST_TEST(s->take_all().size() == 10u);  // RFC 6928: the initial window
    BOOST_TEST((s->look().why == limit::window));
    s->hear(flag::ack, 1, 10'001, 0, 0);
    BOOST_TEST((s->look().why == limit::peer_window));
}

// Of a FIN the data goes first, and the last of it carries it.
BOOST_AUTO_TEST_CASE(a_fin_rides_on_the_last_octet) {
    auto const s = opened();
    s->write(1500);
    BOOST_TEST((s->tcp.shutdown() == tenon::error::none));
    auto const all = s->take_all();
    BOOST_REQUIRE(all.size() == 2u);
    BOOST_TEST((all[0].length == mss && !all[0].has(flag::fin) && !all[0].has(flag::psh)));
    BOOST_TEST((all[1].length == 500 && all[1].has(flag::fin) && all[1].has(flag::psh)));
}

// RFC 9293, 3.10.5: "all queued SENDs and RECEIVEs should be given "connection reset" notification", and a RST is sent.
BOOST_AUTO_TEST_CASE(a_reset_goes_before_and_instead_of_everything) {
    auto const s = opened();
    s->write(2000);
    s->hear(flag::ack, 1001, 1, 10);
    BOOST_TEST((s->tcp.abort(s->homes()) == tenon::error::none));
    auto const p = s->take();
    BOOST_TEST((p.kind == sending::reset && p.has(flag::rst) && p.header.seq == s->iss + 1 && p.length == 0));
    BOOST_TEST(!s->take());
}

// RFC 5681, 3.2: limited transmit, the third duplicate, and what is lost goes first, whatever the window says.
BOOST_AUTO_TEST_CASE(the_third_duplicate_lets_the_lost_segment_out_first) {
    auto const s = opened();
    s->write(20'000);
    BOOST_TEST(s->take_all().size() == 10u);
    for (int i = 0; i < 2; ++i) {
        s->hear(flag::ack, 1, 1);
        auto const out = s->take_all();
        BOOST_REQUIRE(out.size() == 1u);
        BOOST_TEST((out[0].kind == sending::fresh && out[0].header.seq == s->iss + 10'001 + static_cast<bytes>(i) * mss));
    }
    s->hear(flag::ack, 1, 1);
    auto const out = s->take_all();
    BOOST_REQUIRE(!out.empty());
    BOOST_TEST((out[0].kind == sending::again && out[0].header.seq == s->iss + 1 && out[0].length == mss));
    // Step 2: "additional data sent in limited transmit MUST NOT be included in this calculation".
    BOOST_TEST(s->tcp.sending().congestion().slow_start_threshold() == 5000u);
}

BOOST_AUTO_TEST_SUITE_END()
