// SPDX-License-Identifier: BSL-1.0
// Passive opens, met by a stranger that writes its segments by hand.
#include <boost/test/unit_test.hpp>

#include <memory>

#include <host/scene.hpp>
#include <tenon/policy/random/splitmix64.hpp>

#include "support/requirement.hpp"

namespace tenon {
namespace {

using namespace tenon::test;
using verdict = half_open_verdict;

BOOST_AUTO_TEST_SUITE(host_passive)

BOOST_AUTO_TEST_CASE(a_half_open_entry_fits_in_64_octets) {
    BOOST_TEST(sizeof(half_open<ipv4_address, options::offer{.window_scale = true}>) <= 28u);
}

BOOST_AUTO_TEST_CASE(verdicts_on_segments_for_a_half_open_entry) {
    half_open<ipv4_address, options::standard::offered> e{};
    e.iss = {0xffff'ffff};
    e.irs = {7};
    auto const judge = [&](wire::flags control, sequence seq, sequence a, bool payload = false) {
        static std::byte const octet[1]{};
        wire::segment s{.seq = seq, .ack = a, .control = control};
        if (payload) s.payload = octet;
        return judge_half_open(e, s, 100);
    };
    BOOST_TEST((judge(ack, {8}, {0}) == verdict::complete));
    BOOST_TEST((judge(ack, {108}, {0}, true) == verdict::acknowledge));
    BOOST_TEST((judge(ack, {108}, {0}) == verdict::drop));
    BOOST_TEST((judge(ack, {20}, {0}, true) == verdict::complete));         // H07: the ACK is lost, data comes
    BOOST_TEST((judge(ack, {8}, {1}) == verdict::reset_peer));
    BOOST_TEST((judge(ack, {8}, {0xffff'ffff}) == verdict::reset_peer));   // SND.UNA < SEG.ACK
    BOOST_TEST((judge(fin_ack, {8}, {0}) == verdict::complete));           // H08
    BOOST_TEST((judge(rst, {8}, {}) == verdict::remove));                  // H09
    BOOST_TEST((judge(rst, {9}, {}) == verdict::drop));
    BOOST_TEST((judge(syn, {7}, {}) == verdict::repeat));                  // H06
    BOOST_TEST((judge(syn_ack, {7}, {0}) == verdict::drop));
    BOOST_TEST((judge(wire::flags{wire::flag::psh}, {8}, {}) == verdict::drop));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_same_syn_gets_the_same_answer, P, demuxes) {  // H06
    auto s = std::make_unique<scene<P>>();
    s->peer.send(s->ends, syn, {1000});
    auto const one = s->answer();
    s->now += 100_ms;
    s->peer.send(s->ends, syn, {1000});
    auto const two = s->answer();
    BOOST_REQUIRE((one && two));
    BOOST_TEST((one->tcp.seq == two->tcp.seq));
    BOOST_TEST((two->tcp.ack == sequence{1001}));
    BOOST_TEST(s->server.half_open_count() == 1u);
    BOOST_TEST(s->server.connection_count() == 0u);
}

BOOST_TEST_DECORATOR(*tenon::test::requirement("MUST-23"))
BOOST_AUTO_TEST_CASE_TEMPLATE(a_syn_ack_goes_out_again_at_doubling_intervals_and_then_never, P, demuxes) {
    auto s = std::make_unique<scene<P>>();
    s->peer.send(s->ends, syn, {1000});
    BOOST_REQUIRE(s->answer().has_value());
    instant const begin = s->now;
    std::vector<std::int64_t> at;
    while (auto const next = s->server.next_deadline(s->now)) {
        s->now = *next;
        if (s->answer()) at.push_back((s->now - begin).nanoseconds / 1'000'000'000);
    }
    // RFC 6298, 2.1 and 5.5; RFC 9293, MUST-23: at least three minutes.
    BOOST_TEST((at == std::vector<std::int64_t>{1, 3, 7, 15, 31, 63, 127}));
    BOOST_TEST(s->server.half_open_count() == 0u);
    BOOST_TEST((s->now - begin).nanoseconds / 1'000'000'000 == 255);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(only_a_rst_at_the_exact_number_removes_an_entry, P, demuxes) {
    auto s = std::make_unique<scene<P>>();
    s->peer.send(s->ends, syn, {1000});
    BOOST_REQUIRE(s->answer().has_value());
    s->peer.send(s->ends, rst, {1002});
    BOOST_TEST(!s->answer().has_value());
    BOOST_TEST(s->server.half_open_count() == 1u);
    s->peer.send(s->ends, rst, {1001});
    BOOST_TEST(!s->answer().has_value());
    BOOST_TEST(s->server.half_open_count() == 0u);
    BOOST_TEST(!s->server.next_event().has_value());  // H02
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_ack_of_what_was_never_sent_is_reset, P, demuxes) {
    auto s = std::make_unique<scene<P>>();
    s->peer.send(s->ends, syn, {1000});
    auto const a = s->answer();
    s->peer.send(s->ends, ack, {1001}, a->tcp.seq + 2);
    auto const r = s->answer();
    BOOST_REQUIRE(r.has_value());
    BOOST_TEST(r->tcp.has(wire::flag::rst));
    BOOST_TEST((r->tcp.seq == a->tcp.seq + 2));
    BOOST_TEST(s->server.half_open_count() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(data_with_the_last_ack_is_delivered, P, demuxes) {  // H07
    auto s = std::make_unique<scene<P>>();
    s->peer.send(s->ends, syn, {1000});
    auto const a = s->answer();
    s->peer.send(s->ends, psh_ack, {1001}, a->tcp.seq + 1, "hi");
    s->poll();
    auto const c = s->server.accept(s->listener);
    BOOST_REQUIRE(bool(c));
    BOOST_TEST(text_of(s->server, *c) == "hi");
    auto const e = s->server.next_event();  // acceptable
    BOOST_REQUIRE(e.has_value());
    BOOST_TEST((e->bits == ready::acceptable));
    auto const f = s->server.next_event();
    BOOST_REQUIRE(f.has_value());
    BOOST_TEST((f->connection == *c));
    BOOST_TEST((f->bits == ready::readable));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_full_backlog_takes_no_syn_and_no_last_ack, P, demuxes) {
    auto s = std::make_unique<scene<P>>();
    s->open(5000);
    s->ends.local_port = 5001;
    s->peer.send(s->ends, syn, {1000});
    auto const waiting = s->answer();
    s->open(5002);
    BOOST_TEST(s->server.connection_count() == 2u);  // the backlog
    s->ends.local_port = 5001;
    s->peer.send(s->ends, ack, {1001}, waiting->tcp.seq + 1);
    BOOST_TEST(!s->answer().has_value());
    BOOST_TEST(s->server.half_open_count() == 1u);   // the entry stays
    s->ends.local_port = 5003;
    s->peer.send(s->ends, syn, {1000});
    BOOST_TEST(!s->answer().has_value());
    BOOST_TEST(s->server.half_open_count() == 1u);   // no state for a SYN
    BOOST_REQUIRE(bool(s->server.accept(s->listener)));
    s->ends.local_port = 5001;
    s->peer.send(s->ends, ack, {1001}, waiting->tcp.seq + 1);
    s->poll();
    BOOST_TEST(s->server.half_open_count() == 0u);
    BOOST_TEST(s->server.connection_count() == 3u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(with_no_slot_the_last_ack_is_dropped_and_the_entry_stays, P, demuxes) {
    auto s = std::make_unique<scene<P>>();
    for (std::uint16_t port = 1; port <= 4; ++port) {
        s->open(port);
        BOOST_REQUIRE(bool(s->server.accept(s->listener)));
    }
    s->open(5);
    BOOST_TEST(s->server.connection_count() == 4u);
    BOOST_TEST(s->server.half_open_count() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(closing_a_listener_resets_what_was_not_accepted, P, demuxes) {  // C20
    auto s = std::make_unique<scene<P>>();
    sequence const iss = s->open(5000);
    s->ends.local_port = 5001;
    s->peer.send(s->ends, syn, {1000});
    auto const half = s->answer();
    BOOST_TEST((s->server.close(s->listener) == error::none));
    BOOST_TEST((s->server.close(s->listener) == error::not_open));
    BOOST_TEST((s->server.accept(s->listener).status == error::not_open));
    auto r = s->answer();
    BOOST_REQUIRE(r.has_value());
    BOOST_TEST(r->tcp.has(wire::flag::rst));
    BOOST_TEST((r->tcp.seq == iss + 1));
    s->peer.send(s->ends, ack, {1001}, half->tcp.seq + 1);
    r = s->answer();
    BOOST_REQUIRE(r.has_value());
    BOOST_TEST(r->tcp.has(wire::flag::rst));
    BOOST_TEST(s->server.connection_count() == 0u);
    BOOST_TEST(s->server.half_open_count() == 0u);
    BOOST_TEST(!s->server.next_event().has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_connection_reset_before_it_is_accepted_is_gone, P, demuxes) {
    auto s = std::make_unique<scene<P>>();
    s->open(5000);
    s->peer.send(s->ends, rst, {1001});
    s->poll();
    BOOST_TEST(s->server.connection_count() == 0u);
    BOOST_TEST((s->server.accept(s->listener).status == error::would_block));
    s->open(5001);
    s->open(5002);
    BOOST_TEST(s->server.connection_count() == 2u);  // the backlog is whole again
}

BOOST_AUTO_TEST_CASE_TEMPLATE(nobody_answers_for_a_closed_port_but_with_a_rst_and_never_to_a_rst, P, demuxes) {  // C16
    auto s = std::make_unique<scene<P>>();
    s->ends.remote_port = 81;
    s->peer.send(s->ends, syn, {1000});
    auto const r = s->answer();
    BOOST_REQUIRE(r.has_value());
    BOOST_TEST((r->tcp.control == (wire::flag::rst | wire::flag::ack)));
    BOOST_TEST((r->tcp.ack == sequence{1001}));
    s->peer.send(s->ends, rst, {1000});
    BOOST_TEST(!s->answer().has_value());
    s->ends.remote_port = 80;
    s->peer.send(s->ends, rst, {1000});
    BOOST_TEST(!s->answer().has_value());
    s->peer.send(s->ends, ack, {1000}, {77});  // H11
    auto const q = s->answer();
    BOOST_REQUIRE(q.has_value());
    BOOST_TEST((q->tcp.seq == sequence{77}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_packet_from_the_host_to_itself_is_dropped, P, demuxes) {  // H15
    auto s = std::make_unique<scene<P>>();
    s->peer.send({server_address, server_address, 80, 80}, syn, {1000});
    BOOST_TEST(!s->answer().has_value());
    BOOST_TEST(s->server.half_open_count() == 0u);
    BOOST_TEST((s->server.connect(s->far, s->now, {server_address, 80}, {server_address, 80}).status == error::invalid_address));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_flood_of_syns_leaves_a_transfer_and_a_newcomer_unharmed, P, demuxes) {
    auto s = std::make_unique<scene<P>>();
    auto const c = s->connect();
    s->run(1_ms);
    auto const h = s->server.accept(s->listener);
    BOOST_REQUIRE(bool(h));
    constexpr std::uint64_t seed = 10'000;
    random::splitmix64 r;
    r.seed(seed);
    BOOST_TEST_MESSAGE("seed " << seed);
    std::size_t received = 0, written = 0;
    std::string const text(1000, 'x');
    for (int n = 0; n < 10'000; ++n) {
        s->peer.send({{0x0a00'0000 | (r.next() >> 8)}, server_address, static_cast<std::uint16_t>(r.next() >> 16 | 1), 80}, syn, {r.next()});
        if (n % 100 == 0) written += s->client.send(*c, octets(text)).count;
        s->client.poll(s->near, s->now);
        s->poll();
        received += text_of(s->server, *h).size();
        s->now += 100_us;
        BOOST_REQUIRE(s->server.half_open_count() <= 8u);
    }
    s->client.poll(s->near, s->now);
    s->run(10_ms);
    received += text_of(s->server, *h).size();
    BOOST_TEST(written == 100'000u);
    BOOST_TEST(received == written);
    auto const newcomer = s->connect();
    s->run(1_ms);
    BOOST_TEST((s->client.state(*newcomer) == state::established));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tenon
