// SPDX-License-Identifier: BSL-1.0
// stack_of<P>: the host of one composition as a stack.
#pragma once
#include <array>
#include <type_traits>

#include <tenon/host.hpp>
#include <tenon/policy/observer/counters.hpp>

#include "stack.hpp"

namespace tenon::packetdrill {

template <class P>
class stack_of final : public stack {
    using host    = tenon::host<P, wire, host_size{.connections = 4, .listeners = 4, .half_open = 16, .time_wait = 16}>;
    using network = typename P::network;

    static typename host::address inward(address const& a) noexcept {
        if constexpr (std::is_same_v<typename network::address, ipv6_address>) return {a.address, a.port};
        else return {from_mapped(a.address), a.port};
    }
    static address outward(typename host::address const& a) noexcept {
        if constexpr (std::is_same_v<typename network::address, ipv6_address>) return {a.address, a.port};
        else return {to_mapped(a.address), a.port};
    }

public:
    stack_of() : host_{std::make_unique<host>()} {
        host_->keep_secret({0x0123456789abcdef, 0xfedcba9876543210});
    }

    void poll(wire& w, instant now) override { host_->poll(w, now); }
    std::optional<instant> next_deadline(instant now) override { return host_->next_deadline(now); }
    std::optional<event_of_host> next_event() override { return host_->next_event(); }

    opened<listener_handle> listen(address const& local, std::uint16_t backlog) override {
        return host_->listen(inward(local), {.backlog = backlog});
    }
    opened<connection_handle> accept(listener_handle h) override { return host_->accept(h); }
    opened<connection_handle> connect(wire const& w, instant now, address const& local, address const& remote) override {
        return host_->connect(w, now, inward(local), inward(remote));
    }
    transfer send(connection_handle h, octets_in o) override { return host_->send(h, o); }
    transfer receive(connection_handle h, octets_out o) override { return host_->receive(h, o); }
    bytes peek(connection_handle h, octets_out o) override {
        std::array<octets_in, 8> pieces{};
        host_->peek(h, pieces);
        std::size_t n = 0;
        for (auto const& piece : pieces)
            for (auto octet : piece)
                if (n < o.size()) o[n++] = octet;
        return static_cast<bytes>(n);
    }
    bytes readable(connection_handle h) override { return host_->readable(h); }
    bytes writable(connection_handle h) override { return host_->writable(h); }
    error shutdown(connection_handle h) override { return host_->shutdown(h); }
    error close(connection_handle h) override { return host_->close(h); }
    error close(listener_handle h) override { return host_->close(h); }
    error abort(connection_handle h) override { return host_->abort(h); }
    bool keep_alive(connection_handle h, bool on) override {
        if constexpr (P::keep_alive::probes) return host_->keep_alive(h, on) == error::none;
        else return false;
    }
    bool no_delay(connection_handle h, bool on) override {
        if constexpr (P::coalescing::coalesces) return host_->no_delay(h, on) == error::none;
        else return on;
    }
    bool user_timeout(connection_handle h, duration d) override {
        if constexpr (P::give_up::gives_up) return host_->user_timeout(h, d) == error::none;
        else return false;
    }

    address local(connection_handle h) override { return outward(host_->local(h)); }
    address remote(connection_handle h) override { return outward(host_->remote(h)); }
    facts look(connection_handle h) override;

private:
    std::unique_ptr<host> host_;
};

template <class P>
facts stack_of<P>::look(connection_handle h) {
    facts f{.state = host_->state(h), .failure = host_->failure(h)};
    auto const* c = host_->connection(h);
    if (c == nullptr) return f;
    auto const& s = c->sending();
    auto const us = [](duration d) { return d.nanoseconds / 1000; };
    f.mss         = c->mss();
    f.window      = s.congestion().window();
    f.threshold   = s.congestion().slow_start_threshold();
    f.pipe        = s.pipe();
    f.outstanding = s.space.outstanding();
    f.unsent      = s.space.unsent();
    f.peer_window = s.space.window;
    f.timeout     = us(s.retransmit_timer().timeout());
    f.retries     = s.retries();
    f.phase       = static_cast<unsigned>(s.phase());
    if constexpr (requires { s.retransmit_timer().smoothed(); }) {
        f.smoothed  = us(s.retransmit_timer().smoothed());
        f.variation = us(s.retransmit_timer().variation());
    }
    f.receive_space = c->receiving().space.edge - c->receiving().space.nxt;
    if constexpr (requires { c->stamps().agreed(); }) f.timestamps = c->stamps().agreed();
    if constexpr (requires { c->receiving().may_sack(); }) f.sack = c->receiving().may_sack();
    if constexpr (std::is_same_v<typename P::observer, tenon::observer::counters>) {
        using tenon::observer::what;
        auto const& o = s.observer();
        f.segments_in       = o[what::segments_in];
        f.segments_out      = o[what::segments_out];
        f.data_segments_in  = o[what::data_segments_in];
        f.data_segments_out = o[what::data_segments_out];
        f.resent            = o[what::segments_retransmitted];
        f.octets_resent     = o[what::octets_retransmitted];
        f.data_octets_in    = o[what::data_octets_in];
        f.data_octets_out   = o[what::data_octets_out];
    }
    return f;
}

}  // namespace tenon::packetdrill
