// SPDX-License-Identifier: BSL-1.0
// Blocking calls: in virtual time over memory, and on descriptors between two threads.
#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tenon/blocking.hpp>
#include <tenon/endpoint.hpp>
#include <tenon/host.hpp>
#include <tenon/policy/network/ipv4.hpp>
#include <tenon/ranges.hpp>
#include <tenon/transport/memory.hpp>
#include <tenon/transport/udp.hpp>

namespace {

using namespace tenon;
using namespace tenon::literals;

struct policies : default_policies {
    using network        = tenon::network::ipv4;
    using send_buffer    = tenon::buffer::ring<1000>;
    using receive_buffer = tenon::buffer::ring<1000>;
};

using wire_type     = transport::memory_pair<>;
using endpoint_type = endpoint<policies, wire_type::end>;
using address       = endpoint_type::address;
constexpr address here{ipv4(192, 0, 2, 1), 49152}, there{ipv4(192, 0, 2, 2), 7};

struct virtual_time {
    instant* now;
    instant operator()() const { return *now; }
};

// One side blocks; while it waits the other side runs, and time goes on.
struct world {
    wire_type     wire{};
    endpoint_type mine{}, peer{};
    instant       now{};
    std::function<void(endpoint_type&)> habit{[](endpoint_type&) {}};
    unsigned      waits{};

    struct wait_type {
        world* w;
        void operator()(std::optional<instant> until, bool) const { w->wait(until); }
    };

    void wait(std::optional<instant> until) {
        BOOST_REQUIRE(++waits < 100'000);
        peer.poll(wire.b(), now);
        habit(peer);
        peer.poll(wire.b(), now);
        if (wire.b().waiting() != 0) return;
        auto next = peer.next_deadline(now);
        if (until && (!next || *until < *next)) next = until;
        BOOST_REQUIRE(next);  // or both would wait for ever
        now = std::max(*next, now);
    }
    auto stream() { return blocking::stream{mine, wire.a(), wait_type{this}, virtual_time{&now}}; }
    void connect(auto& s) {
        BOOST_TEST((peer.listen(there) == error::none));
        BOOST_TEST((s.connect(here, there) == error::none));
    }
};

std::vector<std::byte> pattern(std::size_t n) {
    std::vector<std::byte> v(n);
    for (std::size_t i = 0; i < n; ++i) v[i] = static_cast<std::byte>(i * 13 + i / 256);
    return v;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(faces_blocking)

BOOST_AUTO_TEST_CASE(connect_returns_when_the_connection_is_open) {
    auto const w = std::make_unique<world>();
    auto s = w->stream();
    w->connect(s);
    BOOST_TEST((w->mine.state() == state::established));
}

BOOST_AUTO_TEST_CASE(connect_says_that_it_was_refused) {
    auto const w = std::make_unique<world>();
    auto s = w->stream();
    BOOST_TEST((w->peer.listen({there.address, 8}) == error::none));
    BOOST_TEST((s.connect(here, there) == error::refused));
}

BOOST_AUTO_TEST_CASE(connect_gives_up_in_time) {
    auto const w = std::make_unique<world>();
    auto s = w->stream();
    s.timeout(5_s);  // the peer is closed and has another address
    BOOST_TEST((s.connect(here, address{ipv4(192, 0, 2, 3), 7}) == error::timed_out));
    BOOST_TEST((w->now == instant{} + 5_s));
    BOOST_TEST((w->mine.state() == state::closed));
}

BOOST_AUTO_TEST_CASE(accept_waits_for_a_peer) {
    auto const w = std::make_unique<world>();
    w->habit = [&](endpoint_type& peer) {
        if (w->now >= instant{} + 3_s && peer.state() == state::closed) BOOST_TEST((peer.connect(w->wire.b(), w->now, there, here) == error::none));
    };
    auto s = w->stream();
    s.timeout(1_s);
    BOOST_TEST((s.accept(here) == error::timed_out));
    s.timeout(10_s);
    // Nothing but the limit wakes this side up, and the peer acts at its first chance after that.
    BOOST_TEST((s.accept(here) == error::timed_out));
    s.timeout(std::nullopt);
    BOOST_TEST((s.accept(here) == error::none));
}

BOOST_AUTO_TEST_CASE(write_waits_while_the_buffer_is_full) {
    auto const w = std::make_unique<world>();
    auto s = w->stream();
    w->connect(s);
    std::vector<std::byte> got;
    w->habit = [&](endpoint_type& peer) {
        if (auto const n = peer.readable(); n != 0) {
            got.resize(got.size() + n);
            BOOST_TEST(peer.receive(std::span{got}.last(n)).count == n);
        }
        if (peer.state() == state::close_wait) peer.shutdown();
    };
    auto const sent = pattern(20'000);
    BOOST_TEST((s.write(sent) == transfer{20'000, error::none}));
    BOOST_TEST((s.close() == error::none));
    BOOST_TEST((got == sent));
}

BOOST_AUTO_TEST_CASE(a_whole_exchange) {
    auto const w = std::make_unique<world>();
    auto s = w->stream();
    w->connect(s);
    std::vector<std::byte> echo;
    w->habit = [&](endpoint_type& peer) {
        std::array<std::byte, 300> some;
        if (peer.readable() != 0 && peer.writable() >= some.size()) {
            auto const n = peer.receive(some).count;
            BOOST_TEST(peer.send(std::span{some}.first(n)).count == n);
        }
        if (peer.state() == state::close_wait && peer.readable() == 0) peer.shutdown();
    };
    auto const sent = pattern(700);
    for (int turn = 0; turn < 30; ++turn) {
        BOOST_TEST((s.write(sent) == transfer{700, error::none}));
        for (bytes done = 0; done < 700;) {
            std::array<std::byte, 333> part;
            auto const got = s.read(part);
            BOOST_REQUIRE(got.count != 0u);
            BOOST_TEST(std::equal(part.begin(), part.begin() + got.count, sent.begin() + done));
            done += got.count;
        }
    }
    BOOST_TEST((s.shutdown() == error::none));
    std::array<std::byte, 1> one;
    BOOST_TEST((s.read(one) == transfer{0, error::none}));  // the end of the stream
    BOOST_TEST((s.write(one) == transfer{0, error::closing}));
    BOOST_TEST((s.close() == error::none));
}

BOOST_AUTO_TEST_CASE(read_gives_up_in_time) {
    auto const w = std::make_unique<world>();
    auto s = w->stream();
    w->connect(s);
    s.timeout(250_ms);
    auto const before = w->now;
    std::array<std::byte, 1> one;
    BOOST_TEST((s.read(one) == transfer{0, error::would_block}));
    BOOST_TEST((w->now >= before + 250_ms && w->now < before + 251_ms));
    BOOST_TEST((s.read({}) == transfer{0, error::none}));
}

BOOST_AUTO_TEST_CASE(write_says_how_much_went_out_in_time) {
    auto const w = std::make_unique<world>();
    auto s = w->stream();
    w->connect(s);
    s.timeout(2_s);  // the peer never reads: two buffers' worth, and no more
    auto const t = s.write(pattern(5'000));
    BOOST_TEST((t.status == error::would_block));
    BOOST_TEST(t.count >= 1'000u);
    BOOST_TEST(t.count <= 2'000u);
    // The peer does not end its side either.
    BOOST_TEST((s.close() == error::timed_out));
    BOOST_TEST((w->mine.state() == state::closed));
}

BOOST_AUTO_TEST_CASE(a_reset_wakes_the_reader) {
    auto const w = std::make_unique<world>();
    auto s = w->stream();
    w->connect(s);
    w->habit = [&](endpoint_type& peer) { peer.abort(); };
    std::array<std::byte, 1> one;
    BOOST_TEST((s.read(one) == transfer{0, error::reset}));
}

BOOST_AUTO_TEST_CASE(two_threads_over_datagrams) {
    using udp_link = transport::udp<>;
    using end      = endpoint<policies, udp_link>;
    auto const a = std::make_unique<udp_link>(), b = std::make_unique<udp_link>();
    BOOST_REQUIRE(b->open("127.0.0.1", 0) == 0);
    BOOST_REQUIRE(a->open("127.0.0.1", 0, "127.0.0.1", b->local_port()) == 0);
    auto const sent = pattern(100'000);
    error accepted{}, closed{};
    std::vector<std::byte> got;
    std::thread server{[&] {
        auto const tcp = std::make_unique<end>();
        blocking::stream s{*tcp, *b, blocking::descriptor_wait{b->descriptor()}, blocking::monotonic_clock{}};
        s.timeout(20_s);
        accepted = s.accept(there);
        std::array<std::byte, 512> part;
        for (transfer t; (t = s.read(part)).count != 0;) got.insert(got.end(), part.begin(), part.begin() + t.count);
        closed = s.close();
    }};
    auto const tcp = std::make_unique<end>();
    blocking::stream s{*tcp, *a, blocking::descriptor_wait{a->descriptor()}, blocking::monotonic_clock{}};
    s.timeout(20_s);
    BOOST_TEST((s.connect(here, there) == error::none));
    BOOST_TEST((s.write(sent) == transfer{100'000, error::none}));
    BOOST_TEST((s.close() == error::none));
    server.join();
    BOOST_TEST((accepted == error::none));
    BOOST_TEST((closed == error::none));
    BOOST_TEST((got == sent));
}

BOOST_AUTO_TEST_CASE(connections_of_hosts) {
    using host_type = host<policies, wire_type::end>;
    auto const wire = std::make_unique<wire_type>();
    auto const client = std::make_unique<host_type>(), server = std::make_unique<host_type>();
    instant now{};
    auto const listener = server->listen(there);
    BOOST_REQUIRE(bool(listener));
    connection_handle taken{};
    auto const time = virtual_time{&now};
    auto const run_server = [&](std::optional<instant> until, bool) {
        server->poll(wire->b(), now);
        if (auto const h = server->accept(*listener)) taken = *h;
        std::array<std::byte, 64> part;
        if (server->readable(taken) != 0) BOOST_TEST(server->send(taken, std::span{part}.first(server->receive(taken, part).count)).count != 0u);
        server->poll(wire->b(), now);
        if (wire->b().waiting() == 0 && until) now = std::max(now, *until);
    };
    blocking::connection_of one{*client};
    blocking::stream s{one, wire->a(), run_server, time};
    s.timeout(5_s);
    BOOST_TEST((s.connect(address{here.address, 0}, there) == error::none));
    auto const sent = pattern(64);
    BOOST_TEST((s.write(sent) == transfer{64, error::none}));
    std::array<std::byte, 64> back;
    BOOST_TEST((s.read(back) == transfer{64, error::none}));
    BOOST_TEST(std::equal(back.begin(), back.end(), sent.begin()));
    BOOST_TEST((s.write(sent) == transfer{64, error::none}));
    BOOST_TEST((s.read(std::span{back}.first(60)) == transfer{60, error::none}));
    BOOST_TEST(received(one).size() == 4u);  // the ranges face takes it for an endpoint
    one.consume(4);
    BOOST_TEST((s.close() == error::none));
    BOOST_TEST((client->failure(one.handle()) == error::not_open));  // given back

    auto const no_one = blocking::accept(*client, listener_handle{}, wire->a(), run_server, time, 1_s);
    BOOST_TEST((no_one.status == error::not_open));
    auto const mine = client->listen({here.address, 80});
    auto const before = now;
    BOOST_TEST((blocking::accept(*client, *mine, wire->a(), run_server, time, 1_s).status == error::would_block));
    BOOST_TEST((now >= before + 1_s));
}

BOOST_AUTO_TEST_SUITE_END()
