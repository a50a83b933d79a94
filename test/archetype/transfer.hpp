// SPDX-License-Identifier: BSL-1.0
// A transfer both ways between two endpoints of any composition, over any pair of transports; packets may get lost.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include <tenon/endpoint.hpp>

namespace tenon::archetype {

// Loses every n-th packet.
template <tenon::transport::packet_io Below>
class losing {
public:
    static constexpr tenon::transport::capabilities most = Below::most;

    losing(Below& below, unsigned every) noexcept : below_{below}, every_{every} {}
    tenon::transport::capabilities limits() const noexcept { return below_.limits(); }
    octets_out reserve(bytes n) noexcept { return below_.reserve(n); }
    void cancel(octets_out frame) noexcept { below_.cancel(frame); }
    tenon::transport::ticket commit(octets_out frame, std::span<octets_in const> body, tenon::transport::departure const& how) noexcept {
        if (++count_ % every_ != 0) return below_.commit(frame, body, how);
        below_.cancel(frame);
        return 1;
    }
    tenon::transport::ticket flush() noexcept { return below_.flush(); }
    std::span<tenon::transport::arrival> arrivals(std::span<tenon::transport::arrival> burst) noexcept { return below_.arrivals(burst); }
    void give_back(tenon::transport::arrival const& one) noexcept { below_.give_back(one); }

private:
    Below&   below_;
    unsigned every_;
    unsigned count_{};
};

template <class P>
constexpr typename P::network::address address_of(std::uint8_t last) {
    auto const v4 = ipv4(192, 0, 2, last);
    if constexpr (std::is_same_v<typename P::network::address, ipv4_address>) return v4;
    else return to_mapped(v4);
}

// One end: an endpoint, the homes it may need, what it has sent and read.
template <class P, class T>
struct party {
    endpoint<P, T> tcp{};
    typename P::send_buffer::home send_home{};
    typename P::receive_buffer::home receive_home{};
    std::size_t sent{}, read{};
    bool right{true};

    static constexpr std::size_t amount = 3000;
    static constexpr std::byte octet(std::size_t i) { return static_cast<std::byte>(i * 7 + i / 251); }

    party() { tcp.use(send_home, receive_home); }

    void step(T& wire, typename P::clock::reading now) {
        tcp.poll(wire, now);
        std::array<std::byte, 700> some;
        while (sent < amount && synchronized(tcp.state())) {
            auto const n = std::min(some.size(), amount - sent);
            for (std::size_t i = 0; i < n; ++i) some[i] = octet(sent + i);
            auto const moved = tcp.send(std::span{some}.first(n)).count;
            if (moved == 0) break;
            sent += moved;
        }
        for (auto got = tcp.receive(some); got.count != 0; got = tcp.receive(some)) {
            for (std::size_t i = 0; i < got.count; ++i) right = right && some[i] == octet(read + i);
            read += got.count;
        }
        if (sent == amount && read == amount && !tcp.connection().detached()) (void)tcp.close();
    }
    bool finished() const { return right && sent == amount && read == amount && tcp.state() == state::closed && tcp.failure() == error::none; }
};

// True when every octet has arrived both ways and both ends have closed without a failure.
template <class P, class T>
bool transfer(T& client_wire, T& server_wire) {
    using reading = typename P::clock::reading;
    party<P, T> client, server;
    if (server.tcp.listen({address_of<P>(2), 80}) != error::none) return false;
    if (client.tcp.connect(client_wire, reading{1}, {address_of<P>(1), 5000}, {address_of<P>(2), 80}) != error::none) return false;
    for (std::int64_t now = 1; now < from_s(1200).nanoseconds; now += from_ms(20).nanoseconds) {
        client.step(client_wire, reading{now});
        server.step(server_wire, reading{now});
        if (client.finished() && server.finished()) return true;
    }
    return false;
}

// What a transfer does not call: instantiated by being called, on an endpoint that is closed.
template <class P, class T>
bool call_the_rest(T& wire) {
    using reading = typename P::clock::reading;
    party<P, T> p;
    auto& e = p.tcp;
    std::array<octets_in, 2> pieces;
    e.keep_secret({1, 2});
    bool const idle = e.shutdown() == error::not_open && e.abort() == error::not_open && e.readable() == 0 && e.writable() == 0 &&
                      e.peek(pieces) == 0 && !e.connection().next_deadline({});
    e.consume(0);
    if constexpr (P::keep_alive::probes) e.keep_alive(true);
    if constexpr (P::coalescing::coalesces) e.no_delay(true);
    (void)e.observer();
    (void)e.poll(wire, reading{1});
    return idle && !e.next_deadline(reading{2}) && e.local().port == 0 && e.remote().port == 0;
}

}  // namespace tenon::archetype
