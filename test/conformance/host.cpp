// SPDX-License-Identifier: BSL-1.0
// What an application may ask of opens (RFC 9293, 3.9.1.1), of a host with many connections.
#include <tenon/wire/option.hpp>

#include <array>
#include <set>

#include <boost/test/unit_test.hpp>

#include "host/scene.hpp"
#include "support/requirement.hpp"

namespace tenon {
namespace {

using namespace tenon::test;

constexpr auto other_address = ipv4(192, 0, 2, 77);

BOOST_AUTO_TEST_SUITE(conformance_host)

BOOST_TEST_DECORATOR(*requirement("MUST-41"))
BOOST_AUTO_TEST_CASE_TEMPLATE(a_passive_open_leaves_other_records_alone, P, demuxes) {
    auto s = std::make_unique<scene<P>>();
    sequence const iss = s->open(5000);
    auto const c = s->server.accept(s->listener);
    BOOST_REQUIRE(bool(c));
    BOOST_TEST((s->server.listen({server_address, 80}).status == error::address_in_use));
    BOOST_REQUIRE(bool(s->server.listen({{}, 80})));  // a new record
    BOOST_REQUIRE(bool(s->server.listen({server_address, 81})));
    BOOST_TEST((s->server.state(*c) == state::established));
    s->peer.send(s->ends, psh_ack, {1001}, iss + 1, "still here");
    s->poll();
    BOOST_TEST(text_of(s->server, *c) == "still here");
    s->open(5001);  // and the first listener listens on
    BOOST_TEST(bool(s->server.accept(s->listener)));
}

BOOST_TEST_DECORATOR(*requirement("MUST-42"))
BOOST_AUTO_TEST_CASE_TEMPLATE(a_port_can_be_listened_at_while_others_open_with_it, P, demuxes) {
    auto s = std::make_unique<scene<P>>();
    auto const opening = s->server.connect(s->far, s->now, {server_address, 81}, {client_address, 7000});  // SYN-SENT
    BOOST_REQUIRE(bool(opening));
    auto const ours = s->answer();
    BOOST_REQUIRE((ours && ours->tcp.control == syn));
    s->peer.send(s->ends, syn, {1000});  // SYN-RECEIVED, port 80
    auto const half = s->answer();
    BOOST_REQUIRE((half && half->tcp.control == syn_ack));

    auto const l = s->server.listen({server_address, 81});
    BOOST_REQUIRE(bool(l));
    BOOST_REQUIRE(bool(s->server.listen({{}, 80})));

    engine::tuple<ipv4_address> const stranger_at_81{client_address, server_address, 6000, 81};
    s->peer.send(stranger_at_81, syn, {3000});
    auto const a = s->answer();
    BOOST_REQUIRE((a && a->tcp.control == syn_ack));
    s->peer.send(stranger_at_81, ack, {3001}, a->tcp.seq + 1);
    s->poll();
    BOOST_TEST(bool(s->server.accept(*l)));

    // Those that were on their way arrive.
    s->peer.send({client_address, server_address, 7000, 81}, syn_ack, {9000}, ours->tcp.seq + 1);
    s->peer.send(s->ends, ack, {1001}, half->tcp.seq + 1);
    s->poll();
    BOOST_TEST((s->server.state(*opening) == state::established));
    BOOST_TEST(bool(s->server.accept(s->listener)));
}

BOOST_TEST_DECORATOR(*requirement("MUST-43, MUST-44"))
BOOST_AUTO_TEST_CASE_TEMPLATE(an_open_can_name_the_local_address, P, demuxes) {
    auto s = std::make_unique<scene<P>>();
    auto const here = s->server.listen({server_address, 81});
    auto const there = s->server.listen({other_address, 81});
    BOOST_REQUIRE((here && there));
    auto const open = [&](ipv4_address to, std::uint16_t port) {
        engine::tuple<ipv4_address> const e{client_address, to, port, 81};
        s->peer.send(e, syn, {1000});
        auto const a = s->answer();
        BOOST_REQUIRE((a && a->tcp.control == syn_ack));
        s->peer.send(e, ack, {1001}, a->tcp.seq + 1);
        s->poll();
    };
    open(other_address, 1);
    BOOST_TEST(!s->server.accept(*here));
    auto const one = s->server.accept(*there);
    BOOST_REQUIRE(bool(one));
    BOOST_TEST((s->server.local(*one).address == other_address));
    open(server_address, 2);
    BOOST_TEST(!s->server.accept(*there));
    BOOST_TEST(bool(s->server.accept(*here)));

    auto const active = s->server.connect(s->far, s->now, {other_address, 0}, {client_address, 9});
    BOOST_REQUIRE(bool(active));
    auto const ours = s->answer();
    BOOST_REQUIRE((ours && ours->tcp.control == syn));
    BOOST_TEST((ours->ends.remote == other_address));
    // Nobody chooses one for who names none.
    BOOST_TEST((s->server.connect(s->far, s->now, {{}, 0}, {client_address, 9}).status == error::invalid_address));
}

BOOST_TEST_DECORATOR(*requirement("MUST-45"))
BOOST_AUTO_TEST_CASE_TEMPLATE(a_connection_keeps_its_local_address, P, demuxes) {
    auto s = std::make_unique<scene<P>>();
    auto const any = s->server.listen({{}, 81});
    BOOST_REQUIRE(bool(any));
    engine::tuple<ipv4_address> const e{client_address, other_address, 5000, 81};
    auto const from_there = [&] {
        auto const a = s->answer();
        return a && a->ends.remote == other_address;
    };
    s->peer.send(e, syn, {1000});
    auto const a = s->answer();
    BOOST_REQUIRE((a && a->ends.remote == other_address));
    s->peer.send(e, ack, {1001}, a->tcp.seq + 1);
    s->poll();
    auto const c = s->server.accept(*any);
    BOOST_REQUIRE(bool(c));
    BOOST_TEST((s->server.local(*c).address == other_address));
    BOOST_TEST(s->server.send(*c, octets("text")).count == 4u);
    BOOST_TEST(from_there());
    s->now += 1100_ms;
    BOOST_TEST(from_there());  // the same again
    s->peer.send(e, psh_ack, {1001}, a->tcp.seq + 5, "answer");
    s->poll();
    s->now += 300_ms;
    BOOST_TEST(from_there());  // an ACK
    BOOST_TEST(text_of(s->server, *c) == "answer");
    BOOST_TEST((s->server.close(*c) == error::none));
    BOOST_TEST(from_there());  // a FIN
}

// The TSval of a SYN-ACK, to each of eight ports at one instant.
BOOST_TEST_DECORATOR(*requirement("7323-30"))
BOOST_AUTO_TEST_CASE_TEMPLATE(timestamps_of_connections_have_nothing_in_common, P, demuxes) {
    auto s = std::make_unique<scene<P>>();
    std::set<std::uint32_t> values;
    for (std::uint16_t port = 1; port <= 8; ++port) {
        s->ends.local_port = port;
        std::array<std::byte, 12> option{};
        wire::put_timestamps(wire::put_nop(wire::put_nop(option.data())), {100, 0});
        s->peer.send_with(s->ends, syn, {1000}, option);
        s->poll();
        transport::arrival room[1];
        auto const got = s->peer.end.arrivals(room);
        BOOST_REQUIRE(got.size() == 1u);
        engine::received<network::ipv4> in;
        BOOST_REQUIRE((engine::take_in<network::ipv4, checksum::internet, wire_end::most>(got[0], in) == engine::taken::segment));
        auto const read = wire::read_options<wire::option_set::timestamps>(in.tcp.options);
        BOOST_REQUIRE(read.has(wire::option_set::timestamps));
        values.insert(read.timestamps.value);
        s->peer.end.give_back(got[0]);
    }
    BOOST_TEST(values.size() == 8u);
    BOOST_TEST(*values.rbegin() - *values.begin() > 1u << 28);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tenon
