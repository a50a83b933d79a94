// SPDX-License-Identifier: BSL-1.0
// Many connections between two hosts: handles, events, fairness, ports, pools, loss, and nothing that leaks.
#include <boost/test/unit_test.hpp>

#include <map>
#include <memory>
#include <vector>

#include <host/scene.hpp>
#include <tenon/endpoint.hpp>
#include <tenon/policy/random/splitmix64.hpp>

#include "support/requirement.hpp"

namespace tenon {
namespace {

using namespace tenon::test;

// More than a linear search may have: with the hash alone.
constexpr host_size hundred{.connections = 128, .listeners = 4, .half_open = 128, .time_wait = 128};

struct couple {
    connection_handle near{}, far{};
};

// Opens one connection and accepts it.
template <class Pair>
couple open(Pair& p, listener_handle l, std::uint16_t to = 80) {
    auto const c = p.connect(to);
    BOOST_REQUIRE(bool(c));
    p.run(100_us);
    auto const s = p.server.accept(l);
    BOOST_REQUIRE(bool(s));
    return {*c, *s};
}

BOOST_AUTO_TEST_SUITE(host_many)

// The server knows of its connections by events alone.
template <class Pair>
void echo_events(Pair& p) {
    while (auto const e = p.server.next_event()) {
        if (has(e->bits, ready::acceptable))
            while (p.server.accept(e->listener)) {}
        if (has(e->bits, ready::readable)) (void)p.server.send(e->connection, octets(text_of(p.server, e->connection)));
        if (has(e->bits, ready::end_of_stream)) BOOST_TEST((p.server.close(e->connection) == error::none));
    }
}

bool drops_one_in_ten(void* state, octets_in) {
    auto& r = *static_cast<random::splitmix64*>(state);
    return random::below(r, 10) == 0;
}

BOOST_AUTO_TEST_CASE(a_hundred_connections_are_echoed_through_loss) {
    auto p = std::make_unique<pair<small, hundred>>();
    random::splitmix64 r;
    r.seed(99);  // replay: the same number
    p->near.drops = p->far.drops = drops_one_in_ten;
    p->near.state = p->far.state = &r;
    BOOST_REQUIRE(bool(p->server.listen({{}, 80}, {.backlog = 128})));
    std::vector<connection_handle> all;
    std::vector<std::string> sent, back(100);
    for (int i = 0; i < 100; ++i) {
        all.push_back(*p->connect());
        sent.push_back("connection " + std::to_string(i) + std::string(static_cast<std::size_t>(i) * 30, '.'));
    }
    for (std::size_t i = 0; i < 100; ++i) BOOST_TEST(p->client.send(all[i], octets(sent[i])).count == sent[i].size());
    for (int ms = 0; ms < 60'000 && back != sent; ms += 50) {
        p->run(50_ms);
        echo_events(*p);
        for (std::size_t i = 0; i < 100; ++i) back[i] += text_of(p->client, all[i]);
    }
    BOOST_TEST((back == sent));
    for (auto h : all) BOOST_TEST((p->client.close(h) == error::none));
    for (int ms = 0; ms < 600'000; ms += 1000) {
        p->run(1000_ms);
        echo_events(*p);
    }
    BOOST_TEST(p->server.connection_count() == 0u);
    BOOST_TEST(p->client.connection_count() == 0u);
    BOOST_TEST(p->client.time_wait_count() == 0u);
}

BOOST_TEST_DECORATOR(*tenon::test::requirement("MUST-10"))
BOOST_AUTO_TEST_CASE_TEMPLATE(two_hosts_that_open_at_once_make_one_connection, P, demuxes) {  // RFC 9293, 3.5; H01
    auto p = std::make_unique<pair<P, sixteen>>();
    auto const a = p->client.connect(p->near, p->now, {client_address, 7}, {server_address, 9});
    auto const b = p->server.connect(p->far, p->now, {server_address, 9}, {client_address, 7});
    BOOST_REQUIRE((a && b));
    p->run(10_ms);
    BOOST_TEST((p->client.state(*a) == state::established));
    BOOST_TEST((p->server.state(*b) == state::established));
    (void)p->client.send(*a, octets("x"));
    p->run(10_ms);
    BOOST_TEST(text_of(p->server, *b) == "x");
    BOOST_TEST((p->connect(9, 7).status == error::address_in_use));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_stale_handle_is_told_so_and_means_nobody_else, P, demuxes) {
    auto p = std::make_unique<pair<P, host_size{.connections = 1, .listeners = 1, .half_open = 4, .time_wait = 4}>>();
    auto const l = *p->server.listen({server_address, 80});
    auto const old = open(*p, l);
    p->client.close(old.near);
    p->run(1_ms);
    p->server.close(old.far);
    p->run(1_ms);
    auto const fresh = open(*p, l);
    BOOST_TEST(fresh.near.index == old.near.index);
    std::byte room[4];
    BOOST_TEST((p->client.send(old.near, octets("no")).status == error::not_open));
    BOOST_TEST((p->client.receive(old.near, room).status == error::not_open));
    BOOST_TEST((p->client.close(old.near) == error::not_open));
    BOOST_TEST((p->client.abort(old.near) == error::not_open));
    BOOST_TEST((p->client.shutdown(old.near) == error::not_open));
    BOOST_TEST((p->client.failure(old.near) == error::not_open));
    BOOST_TEST((p->client.connection(old.near) == nullptr));
    BOOST_TEST((p->client.state(fresh.near) == state::established));
    BOOST_TEST((p->client.send({}, octets("no")).status == error::not_open));
    BOOST_TEST((p->client.send({77, 1}, octets("no")).status == error::not_open));
    BOOST_TEST((p->connect().status == error::no_room));
}

BOOST_TEST_DECORATOR(*tenon::test::requirement("MUST-41"))
BOOST_AUTO_TEST_CASE_TEMPLATE(a_listener_handle_goes_stale_as_well, P, demuxes) {
    auto p = std::make_unique<pair<P, sixteen>>();
    auto const l = *p->server.listen({server_address, 80});
    BOOST_TEST((p->server.listen({server_address, 80}).status == error::address_in_use));
    BOOST_TEST(bool(p->server.listen({{}, 80})));
    BOOST_TEST((p->server.listen({server_address, 0}).status == error::invalid_address));
    BOOST_TEST((p->server.listen({server_address, 81}, {.backlog = 0}).status == error::invalid_option));
    p->server.close(l);
    auto const again = *p->server.listen({server_address, 80});
    BOOST_TEST(again.index == l.index);
    BOOST_TEST((p->server.accept(l).status == error::not_open));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(failure_is_told_until_the_handle_is_closed, P, demuxes) {
    auto p = std::make_unique<pair<P, sixteen>>();
    auto const refused = *p->connect(81);
    p->run(1_ms);
    auto const e = p->client.next_event();
    BOOST_REQUIRE(e.has_value());
    BOOST_TEST((e->connection == refused));
    BOOST_TEST(has(e->bits, ready::closed));
    BOOST_TEST((p->client.failure(refused) == error::refused));
    BOOST_TEST((p->client.close(refused) == error::none));
    BOOST_TEST((p->client.failure(refused) == error::not_open));
    BOOST_TEST(p->client.connection_count() == 0u);

    auto const l = *p->server.listen({server_address, 80});
    auto const c = open(*p, l);
    BOOST_TEST((p->server.abort(c.far) == error::none));
    BOOST_TEST((p->server.failure(c.far) == error::aborted));
    p->run(1_ms);
    BOOST_TEST((p->client.failure(c.near) == error::reset));
    BOOST_TEST((p->server.failure(c.far) == error::aborted));
    BOOST_TEST(p->server.connection_count() == 1u);
    p->server.close(c.far);
    p->client.close(c.near);
    BOOST_TEST(p->server.connection_count() == 0u);
    BOOST_TEST(p->client.connection_count() == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_has_arrived_stays_readable_after_a_regular_end, P, demuxes) {
    auto p = std::make_unique<pair<P, sixteen>>();
    auto const l = *p->server.listen({server_address, 80});
    auto const c = open(*p, l);
    p->client.shutdown(c.near);
    p->run(1_ms);
    (void)p->server.send(c.far, octets("the last words"));
    p->server.close(c.far);
    p->run(10_ms);
    BOOST_TEST(p->client.time_wait_count() == 1u);  // the client closed first
    BOOST_TEST(text_of(p->client, c.near) == "the last words");
    std::byte room[1];
    BOOST_TEST((p->client.receive(c.near, room).status == error::end_of_stream));
    BOOST_TEST((p->client.failure(c.near) == error::none));
    BOOST_TEST((p->client.close(c.near) == error::none));
    BOOST_TEST(p->client.connection_count() == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(no_port_is_left, P, demuxes) {
    auto p = std::make_unique<pair<P, sixteen>>();
    p->client.use_ports({40'000, 40'009});
    auto const l = *p->server.listen({server_address, 80}, {.backlog = 100});
    std::map<std::uint16_t, int> ports;
    couple last{};
    for (int i = 0; i < 10; ++i) {
        last = open(*p, l);
        ++ports[p->client.local(last.near).port];
    }
    BOOST_TEST(ports.size() == 10u);
    BOOST_TEST((p->connect().status == error::no_ports));
    BOOST_TEST(bool(p->connect(81)));  // towards another port they are all free
    p->client.close(last.near);
    p->run(1_ms);
    p->server.close(last.far);
    p->run(1_ms);
    BOOST_TEST((p->connect().status == error::no_ports));  // TIME-WAIT holds it
    p->run(241_s);
    BOOST_TEST(bool(p->connect()));
}

BOOST_TEST_DECORATOR(*tenon::test::requirement("MUST-46"))
BOOST_AUTO_TEST_CASE_TEMPLATE(an_invalid_end_is_refused, P, demuxes) {
    auto p = std::make_unique<pair<P, sixteen>>();
    auto const connect = [&](ipv4_address from, ipv4_address to, std::uint16_t port) { return p->client.connect(p->near, p->now, {from, 0}, {to, port}).status; };
    BOOST_TEST((connect(client_address, server_address, 0) == error::invalid_address));
    BOOST_TEST((connect({}, server_address, 80) == error::invalid_address));
    BOOST_TEST((connect(client_address, ipv4(224, 0, 0, 1), 80) == error::invalid_address));
    BOOST_TEST((connect(client_address, ipv4(255, 255, 255, 255), 80) == error::invalid_address));
    BOOST_TEST(p->client.connection_count() == 0u);
}

BOOST_AUTO_TEST_CASE(listeners_that_share_each_get_their_part) {
    auto p = std::make_unique<pair<small, host_size{.connections = 512, .listeners = 4, .half_open = 64, .time_wait = 4}>>();
    std::vector<listener_handle> l;
    for (int i = 0; i < 4; ++i) l.push_back(*p->server.listen({server_address, 80}, {.backlog = 500, .share = true}));
    BOOST_TEST((p->server.listen({server_address, 80}).status == error::address_in_use));
    for (int i = 0; i < 400; ++i) {
        BOOST_REQUIRE(bool(p->connect()));
        p->run(20_us);
    }
    for (auto h : l) {
        int n = 0;
        while (p->server.accept(h)) ++n;
        BOOST_TEST((n > 60 && n < 140), "one of four listeners got " << n << " of 400");
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_narrow_transport_is_shared_fairly, P, demuxes) {
    auto p = std::make_unique<pair<P, sixteen>>();
    auto const l = *p->server.listen({server_address, 80});
    std::vector<couple> all;
    for (int i = 0; i < 8; ++i) all.push_back(open(*p, l));
    std::string const much(4096, 'm');
    for (auto& c : all) (void)p->client.send(c.near, octets(much));
    std::map<std::uint16_t, int> packets;
    static std::map<std::uint16_t, int>* seen;
    seen = &packets;
    struct narrow {
        static bool counts(void*, octets_in packet) {
            ++(*seen)[static_cast<std::uint16_t>(std::to_integer<unsigned>(packet[20]) << 8 | std::to_integer<unsigned>(packet[21]))];
            return true;
        }
    };
    p->near.drops = narrow::counts;
    for (int room = 0; room < 16; ++room) {
        p->near.most_now = 1;
        p->client.poll(p->near, p->now);
        BOOST_TEST(!(p->client.next_deadline(p->now) == p->now));  // it waits for the transport, not for time
    }
    BOOST_TEST(packets.size() == 8u);
    for (auto const& [port, n] : packets) BOOST_TEST(n == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_connection_that_can_never_send_gives_up_in_time, P, demuxes) {  // H17
    auto p = std::make_unique<pair<P, sixteen>>();
    p->near.refuses = true;
    auto const a = *p->connect(80, 1000);
    auto const b = *p->connect(80, 1001);
    unsigned const polls = p->run(1000_s);
    BOOST_TEST(polls < 100u);
    BOOST_TEST((p->client.failure(a) == error::timed_out));
    BOOST_TEST((p->client.failure(b) == error::timed_out));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_next_deadline_is_exact, P, demuxes) {
    auto p = std::make_unique<pair<P, sixteen>>();
    BOOST_TEST(!p->client.next_deadline(p->now).has_value());
    auto const c = *p->connect();  // the SYN is lost: nobody polls the server
    BOOST_TEST((p->client.next_deadline(p->now) == p->now));
    p->client.poll(p->near, p->now);
    auto const next = p->client.next_deadline(p->now);
    BOOST_REQUIRE(next.has_value());
    BOOST_TEST((*next == *p->client.connection(c)->next_deadline(p->now)));
    unsigned const before = p->near.sent;
    p->client.poll(p->near, *next - 1_ns);
    BOOST_TEST(p->near.sent == before);
    p->client.poll(p->near, *next);
    BOOST_TEST(p->near.sent == before + 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_hundred_thousand_lives_leave_nothing_behind, P, demuxes) {  // A08
    auto p = std::make_unique<pair<P, host_size{.connections = 4, .listeners = 1, .half_open = 4, .time_wait = 8}>>();
    auto const l = *p->server.listen({server_address, 80}, {.backlog = 2});
    for (int i = 0; i < 100'000; ++i) {
        auto const c = *p->connect(static_cast<std::uint16_t>(i % 7 == 3 ? 81 : 80));
        p->run(50_us);
        auto const s = p->server.accept(l);
        switch (i % 5) {
            case 0: p->client.abort(c); break;
            case 1: if (s) p->server.abort(*s); break;
            case 2: p->client.shutdown(c); break;
            default: break;
        }
        if (i % 2 != 0) p->run(50_us);
        if (i % 3 != 0 && s) p->server.close(*s);
        BOOST_REQUIRE((p->client.close(c) == error::none));
        p->run(50_us);
        if (i % 3 == 0 && s) p->server.close(*s);
        p->run(50_us);
        BOOST_REQUIRE_EQUAL(p->client.connection_count(), 0u);
        BOOST_REQUIRE_EQUAL(p->server.connection_count(), 0u);
        BOOST_REQUIRE_EQUAL(p->server.half_open_count(), 0u);
        while (p->client.next_event()) {}
        while (p->server.next_event()) {}
    }
    p->run(300_s);
    BOOST_TEST(p->client.time_wait_count() + p->server.time_wait_count() == 0u);
    BOOST_TEST(!p->client.next_deadline(p->now).has_value());
    BOOST_TEST(!p->server.next_deadline(p->now).has_value());
}

BOOST_AUTO_TEST_CASE(closing_a_listener_resets_no_more_than_its_backlog) {
    auto p = std::make_unique<pair<small, hundred>>();
    auto const l = *p->server.listen({server_address, 80}, {.backlog = 8});
    for (int i = 0; i < 40; ++i) BOOST_REQUIRE(bool(p->connect()));
    p->run(100_ms);
    BOOST_TEST(p->server.connection_count() == 8u);
    BOOST_TEST((p->server.close(l) == error::none));
    unsigned polls = 0;
    for (; p->server.connection_count() != 0; ++polls) {
        auto const before = p->far.sent;
        p->server.poll(p->far, p->now);
        BOOST_TEST(p->far.sent - before <= p->server.burst);
        BOOST_REQUIRE(polls < 10u);
    }
}

struct pooled : small {
    using send_buffer    = tenon::buffer::pool<256, 64, 2048>;
    using receive_buffer = tenon::buffer::pool<256, 64, 2048>;
};

BOOST_AUTO_TEST_CASE(idle_connections_own_no_chunk_of_the_pool) {
    auto p = std::make_unique<pair<pooled, hundred>>();
    auto near = std::make_unique<pooled::send_buffer::home>(), far = std::make_unique<pooled::send_buffer::home>();
    BOOST_TEST((p->server.listen({server_address, 80}).status == error::no_memory_lent));
    BOOST_TEST((p->connect().status == error::no_memory_lent));
    auto alone = std::make_unique<endpoint<pooled, lossy>>();
    BOOST_TEST((alone->listen({server_address, 80}) == error::no_memory_lent));
    BOOST_TEST((alone->connect(p->near, p->now, {client_address, 7}, {server_address, 80}) == error::no_memory_lent));
    p->client.use(*near, *near);
    p->server.use(*far, *far);
    auto const l = *p->server.listen({server_address, 80}, {.backlog = 100});
    std::vector<couple> all;
    for (int i = 0; i < 100; ++i) all.push_back(open(*p, l));
    BOOST_TEST(near->spare() == 64u);
    BOOST_TEST(far->spare() == 64u);
    for (auto& c : all) {  // more of them than chunks, one after the other
        BOOST_TEST(p->client.send(c.near, octets(std::string(700, 'p'))).count == 700u);
        BOOST_TEST(near->spare() < 64u);
        p->run(1_ms);
        BOOST_TEST(text_of(p->server, c.far).size() == 700u);
        p->run(300_ms);
    }
    BOOST_TEST(near->spare() == 64u);
    BOOST_TEST(far->spare() == 64u);
    (void)p->client.send(all[0].near, octets("lost"));
    p->client.abort(all[0].near);
    BOOST_TEST(near->spare() == 64u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tenon
