// SPDX-License-Identifier: BSL-1.0
// Full tables: each that turns somebody away counts it, by cause and nothing else. And addresses that nobody can listen at.
#include <boost/test/unit_test.hpp>

#include <memory>

#include <host/scene.hpp>
#include <tenon/policy/network/both.hpp>
#include <tenon/policy/network/ipv6.hpp>

namespace tenon {
namespace {

using namespace tenon::test;

BOOST_AUTO_TEST_SUITE(host_full)

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_not_full_counts_nothing, P, demuxes) {
    auto s = std::make_unique<waiting_scene<P>>();
    BOOST_TEST((s->server.turned_away() == full_tables{}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(entries_that_make_room, P, demuxes) {
    auto s = std::make_unique<scene<P>>();
    for (std::uint16_t port = 1; port <= 8 + 3; ++port) {
        s->ends.local_port = port;
        s->peer.send(s->ends, syn, {1000});
        BOOST_TEST(s->answer().has_value());
    }
    BOOST_TEST((s->server.turned_away() == full_tables{.half_open_displaced = 3}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(syns_and_last_acks_to_a_full_backlog, P, demuxes) {
    auto s = std::make_unique<scene<P>>();
    s->ends.local_port = 1;
    s->peer.send(s->ends, syn, {1000});
    auto const half = s->answer();
    s->open(2);
    s->open(3);
    s->ends.local_port = 4;
    s->peer.send(s->ends, syn, {1000});
    BOOST_TEST(!s->answer().has_value());
    BOOST_TEST((s->server.turned_away() == full_tables{.syns_without_backlog = 1}));
    s->ends.local_port = 1;
    s->peer.send(s->ends, ack, {1001}, half->tcp.seq + 1);
    BOOST_TEST(!s->answer().has_value());
    BOOST_TEST((s->server.turned_away() == full_tables{.syns_without_backlog = 1, .acks_without_backlog = 1}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_syn_to_time_wait_with_a_full_backlog, P, demuxes) {
    auto s = std::make_unique<waiting_scene<P>>();
    s->open(2);
    s->open(3);
    s->ends.local_port = 5000;
    s->peer.send(s->ends, syn, {5000});
    BOOST_TEST(!s->answer().has_value());
    BOOST_TEST(s->server.time_wait_count() == 1u);
    BOOST_TEST((s->server.turned_away() == full_tables{.syns_without_backlog = 1}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(connections_without_a_slot, P, demuxes) {
    auto s = std::make_unique<scene<P>>();
    for (std::uint16_t port = 1; port <= 4; ++port) {
        s->open(port);
        BOOST_REQUIRE(bool(s->server.accept(s->listener)));
    }
    s->open(5);
    BOOST_TEST((s->server.turned_away() == full_tables{.acks_without_slot = 1}));
    BOOST_TEST((s->server.connect(s->far, s->now, {server_address, 0}, {client_address, 9}).status == error::no_room));
    BOOST_TEST((s->server.turned_away() == full_tables{.acks_without_slot = 1, .connects_without_slot = 1}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(connections_without_a_port, P, demuxes) {
    auto s = std::make_unique<scene<P>>();
    s->server.use_ports({7, 7});
    BOOST_TEST(bool(s->server.connect(s->far, s->now, {server_address, 0}, {client_address, 9})));
    BOOST_TEST((s->server.connect(s->far, s->now, {server_address, 0}, {client_address, 9}).status == error::no_ports));
    BOOST_TEST((s->server.turned_away() == full_tables{.connects_without_port = 1}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(records_that_make_room, P, demuxes) {
    auto s = std::make_unique<scene<P>>();
    for (std::uint16_t port = 1; port <= 4 + 2; ++port) {
        sequence const iss = s->open(port);
        BOOST_REQUIRE((s->server.close(*s->server.accept(s->listener)) == error::none));
        (void)s->answer();
        s->peer.send(s->ends, fin_ack, {1001}, iss + 2);
        (void)s->answer();
    }
    BOOST_TEST((s->server.turned_away() == full_tables{.time_wait_displaced = 2}));
    s->now += 300_s;
    s->poll();
    BOOST_TEST(s->server.time_wait_count() == 0u);
    BOOST_TEST(s->server.turned_away().time_wait_displaced == 2u);  // those that had their time do not count
}

// ---- RFC 9293, 3.9.2.3, MUST-57: no segment to a multicast or broadcast address is taken: whoever listened there would wait in vain.

template <class Network>
struct with : small {
    using network = Network;
};
template <class Network>
error listen_at(typename Network::address const& a) {
    auto h = std::make_unique<host<with<Network>, wire_end>>();
    return h->listen({a, 80}).status;
}

BOOST_AUTO_TEST_CASE(addresses_that_are_nobodys_are_refused) {
    using network::both, network::ipv6;
    for (auto const a : {tenon::ipv4(224, 0, 0, 1), tenon::ipv4(239, 255, 255, 255), tenon::ipv4(255, 255, 255, 255)}) {
        BOOST_TEST((listen_at<network::ipv4>(a) == error::invalid_address));
        BOOST_TEST((listen_at<both>(to_mapped(a)) == error::invalid_address));
    }
    BOOST_TEST((listen_at<both>(to_mapped(ipv4_address{})) == error::invalid_address));  // any of ours is ::
    BOOST_TEST((listen_at<both>(tenon::ipv6(0xff02, 0, 0, 0, 0, 0, 0, 1)) == error::invalid_address));
    BOOST_TEST((listen_at<ipv6>(tenon::ipv6(0xff02, 0, 0, 0, 0, 0, 0, 1)) == error::invalid_address));
    // Without IPv4 there is nobody at a mapped address.
    BOOST_TEST((listen_at<ipv6>(to_mapped(server_address)) == error::invalid_address));
    BOOST_TEST((listen_at<ipv6>(to_mapped(ipv4_address{})) == error::invalid_address));

    BOOST_TEST((listen_at<network::ipv4>({}) == error::none));
    BOOST_TEST((listen_at<network::ipv4>(server_address) == error::none));
    BOOST_TEST((listen_at<both>({}) == error::none));
    BOOST_TEST((listen_at<both>(to_mapped(server_address)) == error::none));
    BOOST_TEST((listen_at<both>(tenon::ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)) == error::none));
    BOOST_TEST((listen_at<ipv6>({}) == error::none));
}

BOOST_AUTO_TEST_CASE(a_refused_address_takes_no_listener) {
    auto h = std::make_unique<host<small, wire_end, host_size{.connections = 1, .listeners = 1, .half_open = 1, .time_wait = 1}>>();
    BOOST_TEST((h->listen({tenon::ipv4(224, 0, 0, 1), 80}).status == error::invalid_address));
    BOOST_TEST(bool(h->listen({{}, 80})));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tenon
