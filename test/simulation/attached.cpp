// SPDX-License-Identifier: BSL-1.0
// An endpoint, or a host, as a node of the run loop: its deadlines are met to the nanosecond, its application is called.
#include <tenon/simulation/network.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <string>

#include <boost/test/unit_test.hpp>
#include <tenon/endpoint.hpp>
#include <tenon/host.hpp>
#include <tenon/policy/observer/counters.hpp>
#include <tenon/simulation/port.hpp>

namespace {

using namespace tenon;
using namespace tenon::simulation;

struct counted : default_policies {
    using observer = tenon::observer::counters;
};
using tcp     = endpoint<counted, port<>>;
using address = tcp::address;

static_assert(pollable<attached<tcp, port<>>>);
static_assert(!pollable<tcp>, "without a transport it is no node");

address end_of(unsigned host, std::uint16_t number) { return {ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, static_cast<std::uint16_t>(host)), number}; }

struct path {
    simulation::network net{};
    simulation::link there, back;
    port<> left{there, back, net.time()}, right{back, there, net.time()};
    std::unique_ptr<tcp> client{std::make_unique<tcp>()}, server{std::make_unique<tcp>()};

    explicit path(link_options o, any_loss loss = {}) : there{(o.seed = 1, o), {}, loss}, back{(o.seed = 2, o), {}, loss} {
        net.add(there), net.add(back);
    }
    void opens() {
        server->listen(end_of(2, 7));
        BOOST_TEST((client->connect(left, net.now(), end_of(1, 49'152), end_of(2, 7)) == error::none));
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(simulation_attached)

BOOST_AUTO_TEST_CASE(a_handshake_takes_a_round_trip_and_then_all_is_quiet) {
    path p{{.delay = 20_ms}};
    attached client{*p.client, p.left}, server{*p.server, p.right};
    p.net.add(client), p.net.add(server);
    p.opens();
    BOOST_TEST((p.net.run(instant{} + 1_s, [&] { return p.client->state() == state::established; }) == outcome::done));
    BOOST_TEST((p.net.now() == instant{} + 40_ms));
    BOOST_TEST((p.net.run(instant{} + 1_s) == outcome::quiet));
    BOOST_TEST((p.server->state() == state::established));
    BOOST_TEST((p.net.now() == instant{} + 60_ms));
}

BOOST_AUTO_TEST_CASE(a_listener_has_nothing_to_do) {
    path p{{}};
    attached server{*p.server, p.right};
    p.net.add(server);
    p.server->listen(end_of(2, 7));
    BOOST_TEST((p.net.run(instant{} + 1_s) == outcome::quiet));
    BOOST_TEST(p.net.steps() <= 1u);  // listen may ask for one poll
}

// RFC 6298, 2.1 and 5.5; RFC 9293, 3.8.3: a SYN is given up after 180 s at least.
BOOST_AUTO_TEST_CASE(timers_run_when_they_are_due_though_nothing_arrives) {
    path p{{}, bernoulli_loss{percent(100)}};
    attached client{*p.client, p.left};
    p.net.add(client);
    p.opens();
    std::uint64_t sent = 1;
    for (auto const at : {1_s, 3_s, 7_s, 15_s, 31_s, 63_s, 123_s}) {
        p.net.run(instant{} + at - 1_ms);
        BOOST_TEST(p.there.counts()[happening::lose] == sent);
        p.net.run(instant{} + at + 2_ms);
        BOOST_TEST(p.there.counts()[happening::lose] == ++sent);
    }
    BOOST_TEST((p.net.run(instant{} + 1000_s) == outcome::quiet));
    BOOST_TEST((p.client->failure() == error::timed_out));
    BOOST_TEST((p.net.now() >= instant{} + 180_s));
    BOOST_TEST(p.net.steps() < 100u);  // nobody asks again and again
}

// Seed of the faults: 1 there, 2 back.
BOOST_AUTO_TEST_CASE(the_application_is_called_and_every_octet_arrives) {
    path p{{.rate = 10'000'000, .delay = 10_ms, .reorder = percent(2), .reorder_delay = 4_ms, .duplicate = percent(2)}, bernoulli_loss{percent(3)}};
    std::string file(300'000, '\0'), came;
    for (std::size_t i = 0; i < file.size(); ++i) file[i] = static_cast<char>(i * i >> 7);
    octets_in rest = std::as_bytes(std::span{file});
    bool closed{}, ended{};
    ready heard{};
    attached client{*p.client, p.left, [&] {  // without the events
        if (closed) return;
        if (rest.empty()) closed = p.client->shutdown() == error::none;
        else if (p.client->writable() != 0) rest = rest.subspan(p.client->send(rest).count);
    }};
    attached server{*p.server, p.right, [&](ready events) {
        heard |= events;
        ended |= has(events, ready::end_of_stream);
        std::array<char, 4096> piece;
        while (p.server->readable() != 0) came.append(piece.data(), p.server->receive(std::as_writable_bytes(std::span{piece})).count);
    }};
    p.net.add(client), p.net.add(server);
    p.opens();
    BOOST_TEST((p.net.run(instant{} + 60_s, [&] { return ended; }) == outcome::done));
    BOOST_TEST((came == file));
    BOOST_TEST((has(heard, ready::opened) && has(heard, ready::readable)));
    BOOST_TEST(p.there.counts()[happening::lose] > 0u);
    BOOST_TEST(p.client->observer().SegsRetrans() > 0u);
    BOOST_TEST((p.net.now() > instant{} + 240_ms));  // 300,000 octets at 10 Mbit/s
}

BOOST_AUTO_TEST_CASE(a_host_is_a_node_too) {
    path p{{.delay = 20_ms}};
    using many = host<default_policies, port<>>;
    auto const there = std::make_unique<many>();
    auto const heard = there->listen(end_of(2, 7));
    unsigned accepted = 0;
    attached client{*p.client, p.left};
    attached server{*there, p.right, [&] { accepted += there->accept(*heard).status == error::none; }};
    p.net.add(client), p.net.add(server);
    BOOST_TEST((p.client->connect(p.left, p.net.now(), end_of(1, 49'152), end_of(2, 7)) == error::none));
    p.net.run(instant{} + 1_s, [&] { return accepted == 1; });
    BOOST_TEST(accepted == 1u);
    BOOST_TEST((p.net.now() == instant{} + 60_ms));
}

BOOST_AUTO_TEST_SUITE_END()
