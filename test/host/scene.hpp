// SPDX-License-Identifier: BSL-1.0
// A host that listens, a stranger that writes its segments by hand, and the two ways of demultiplexing: neither may matter.
#pragma once
#include <optional>
#include <tuple>

#include <boost/test/unit_test.hpp>

#include <host/pair.hpp>
#include <tenon/policy/demux/array.hpp>
#include <tenon/policy/observer/counters.hpp>
#include <tenon/wire/icmp.hpp>

namespace tenon::test {

struct hashed : small {
    using observer = tenon::observer::counters;
};
struct searched : hashed {
    using demux = tenon::demux::array;
};
using demuxes = std::tuple<hashed, searched>;

// As many as a linear search may have.
constexpr host_size sixteen{.connections = 16, .listeners = 8, .half_open = 16, .time_wait = 16};

template <class P>
struct scene : pair<P, host_size{.connections = 4, .listeners = 4, .half_open = 8, .time_wait = 4}> {
    stranger peer{this->wire.a()};
    engine::tuple<ipv4_address> ends{client_address, server_address, 5000, 80};
    listener_handle listener{};

    scene() { listener = *this->server.listen({server_address, 80}, {.backlog = 2}); }

    void poll() { this->server.poll(this->far, this->now); }
    std::optional<stranger::seen> answer() {
        poll();
        return peer.receive();
    }
    // A handshake up to the ACK; the server's ISS.
    sequence open(std::uint16_t port, sequence iss = {1000}) {
        ends.local_port = port;
        peer.send(ends, syn, iss);
        auto const a = answer();
        BOOST_REQUIRE(a.has_value());
        BOOST_REQUIRE((a->tcp.control == syn_ack));
        peer.send(ends, ack, iss + 1, a->tcp.seq + 1);
        poll();
        return a->tcp.seq;
    }
    // An ICMP error about a segment of the server's to `ends`, by a router on the way.
    void report(std::uint8_t type, std::uint8_t code, sequence quoted, std::uint16_t mtu = 0) {
        auto const frame = this->wire.a().reserve(56);
        BOOST_REQUIRE(!frame.empty());
        std::fill(frame.begin(), frame.end(), std::byte{0});
        wire::write_ipv4(frame.data(), {.source = ipv4(198, 51, 100, 1), .destination = server_address, .payload = 36});
        frame[9] = std::byte{wire::icmpv4_protocol};
        wire::put16(frame.data() + 10, 0);
        wire::put16(frame.data() + 10, wire::finish(wire::sum(frame.first(20))));
        auto* const icmp = frame.data() + 20;
        icmp[0] = std::byte{type};
        icmp[1] = std::byte{code};
        wire::put16(icmp + 6, mtu);
        wire::write_ipv4(icmp + 8, {.source = ends.remote, .destination = ends.local, .payload = 24});
        wire::put16(icmp + 28, ends.remote_port);
        wire::put16(icmp + 30, ends.local_port);
        wire::put32(icmp + 32, quoted.value);
        wire::put16(icmp + 2, wire::finish(wire::sum(frame.subspan(20))));
        this->wire.a().commit(frame, {}, {});
    }
};

// The server closes first and becomes a record: SND.NXT is iss + 2, RCV.NXT is 1002.
template <class P>
struct waiting_scene : scene<P> {
    sequence iss{};  // the server's

    waiting_scene() {
        auto& server = this->server;
        iss = this->open(5000);
        auto const c = server.accept(this->listener);
        BOOST_REQUIRE((server.close(*c) == error::none));
        auto const fin = this->answer();
        BOOST_REQUIRE((fin && fin->tcp.has(wire::flag::fin)));
        this->peer.send(this->ends, fin_ack, {1001}, iss + 2);
        auto const last = this->answer();
        BOOST_REQUIRE((last && last->tcp.ack == sequence{1002}));
        BOOST_REQUIRE(server.time_wait_count() == 1u);
        BOOST_REQUIRE(server.connection_count() == 0u);
    }
};

}  // namespace tenon::test
