// SPDX-License-Identifier: BSL-1.0
// A host's life: listen, connect, accept, send, receive, close; events; handles.
#include <boost/test/unit_test.hpp>

#include <memory>
#include <host/scene.hpp>

namespace tenon {
namespace {

using namespace tenon::test;

BOOST_AUTO_TEST_SUITE(host_life)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_connection_is_made_carries_octets_and_is_gone, P, demuxes) {
    auto p = std::make_unique<pair<P, sixteen>>();
    auto const l = p->server.listen({server_address, 80});
    BOOST_REQUIRE(bool(l));
    auto const c = p->connect();
    BOOST_REQUIRE(bool(c));
    p->run(1_ms);
    auto const event = p->server.next_event();
    BOOST_REQUIRE(event.has_value());
    BOOST_TEST((event->listener == *l));
    BOOST_TEST(has(event->bits, ready::acceptable));
    auto const s = p->server.accept(*l);
    BOOST_REQUIRE(bool(s));
    BOOST_TEST((p->server.accept(*l).status == error::would_block));
    BOOST_TEST((p->client.state(*c) == state::established));
    BOOST_TEST((p->server.state(*s) == state::established));
    BOOST_TEST(p->server.remote(*s).port == p->client.local(*c).port);

    BOOST_TEST(p->client.send(*c, octets("hello")).count == 5u);
    p->run(10_ms);
    BOOST_TEST(text_of(p->server, *s) == "hello");
    BOOST_TEST((p->client.close(*c) == error::none));
    BOOST_TEST((p->client.close(*c) == error::not_open));
    p->run(50_ms);
    BOOST_TEST((p->server.receive(*s, {}).status == error::end_of_stream));
    BOOST_TEST((p->server.close(*s) == error::none));
    p->run(50_ms);
    BOOST_TEST(p->client.connection_count() == 0u);
    BOOST_TEST(p->server.connection_count() == 0u);
    BOOST_TEST(p->client.time_wait_count() == 1u);
    p->run(240_s);
    BOOST_TEST(p->client.time_wait_count() == 0u);
    BOOST_TEST(!p->client.next_deadline(p->now).has_value());
    BOOST_TEST(!p->server.next_deadline(p->now).has_value());
}

// RFC 9293, MUST-25: keep-alives "MUST default to off"; 3.7.4: the Nagle algorithm is on until an application turns it off. Whoever had
// the slot before is another application.
BOOST_AUTO_TEST_CASE(settings_end_with_the_connection) {
    constexpr host_size one{.connections = 1, .listeners = 1, .half_open = 1, .time_wait = 1};
    auto p = std::make_unique<pair<small, one>>();
    auto const l = *p->server.listen({server_address, 80});
    auto const sent_while_outstanding = [&](auto& host, auto& end, connection_handle h) {
        auto const before = end.sent;
        for (int i = 0; i < 3; ++i) {
            (void)host.send(h, octets("x"));
            host.poll(end, p->now);
        }
        return end.sent - before;
    };
    for (bool const set : {true, false}) {
        auto const c = *p->connect();
        p->run(1_ms);
        auto const s = *p->server.accept(l);
        if (set) {
            p->client.no_delay(c, true);
            p->server.no_delay(s, true);
            p->client.keep_alive(c, true);
            p->server.keep_alive(s, true);
        }
        BOOST_TEST(sent_while_outstanding(p->client, p->near, c) == (set ? 3u : 1u));
        BOOST_TEST(sent_while_outstanding(p->server, p->far, s) == (set ? 3u : 1u));
        p->run(10_s);
        BOOST_TEST(p->client.next_deadline(p->now).has_value() == set);
        BOOST_TEST(p->server.next_deadline(p->now).has_value() == set);
        text_of(p->client, c);
        text_of(p->server, s);
        p->client.close(c);
        p->run(1_ms);
        p->server.close(s);
        p->run(300_s);  // TIME-WAIT has a deadline as well
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tenon
