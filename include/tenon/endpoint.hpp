// SPDX-License-Identifier: BSL-1.0
// endpoint: a connection with its environment, for one kind of packet I/O: open, send, receive, close, poll. It keeps no
// reference to the transport, so a static endpoint is all zero and lies in .bss. For many connections see host.
//
//   poll(transport, now)     takes what has arrived, runs due timers, sends what may be sent; bounded work per call
//   next_deadline(now)       when to poll again if nothing arrives before; none = only on arrival or after a call
//
// After a call that may have given it something to send, next_deadline answers `now` until poll has run. When the transport
// has refused a packet it answers without that packet: poll again when the driver is writable. One thread at a time.
#pragma once
#include <tenon/connection.hpp>
#include <tenon/core/only_if.hpp>
#include <tenon/engine/driver.hpp>
#include <tenon/engine/icmp.hpp>
#include <tenon/engine/intake.hpp>
#include <tenon/engine/replies.hpp>

namespace tenon {

template <complete_policies P, transport::packet_io T>
class endpoint {
    using network   = typename P::network;
    using emission  = engine::emission<network, typename P::checksum, T>;
    using tuple     = engine::tuple<typename network::address>;
    using stamp_time = engine::stamp_time<P::options::offered.timestamps>;

public:
    using address = socket_address<typename network::address>;
    using reading = typename P::clock::reading;
    using secret  = initial_sequence::secret_key;

    // Packets taken, and packets sent, per poll at most.
    static constexpr unsigned burst = P::burst;

    // ---- before the first open

    // The secret behind initial sequence numbers (RFC 6528, 3): 128 bits nobody else knows, the same while connections last.
    // Nobody checks that this was called. Without it the key is all zero, which everybody knows: whoever can guess the ports
    // then computes each sequence number and can reset the connection or speak in its name. Only tests do without.
    constexpr void keep_secret(secret const& s) noexcept {
        if constexpr (needs_secret) secret_ = s;
    }
    // For buffers that live outside: the memory, for as long as the endpoint is open.
    constexpr void use(typename P::send_buffer::home& send, typename P::receive_buffer::home& receive) noexcept { homes_.set(send, receive); }

    // ---- open

    // Waits for one connection to `local`; an unspecified address means any of ours.
    constexpr error listen(address const& local) noexcept {
        if (local.port == 0) return error::invalid_address;
        if (!homes_.complete()) return error::no_memory_lent;
        auto const e = connection_.listen(homes_.view());
        if (e != error::none) return e;
        ends_ = {.local = local.address, .local_port = local.port};
        any_local_ = is_unspecified(local.address);
        return error::none;
    }

    // The local port is the caller's to choose; see host for one that chooses.
    error connect(T const& transport, reading now, address const& local, address const& remote) noexcept {
        if (local.port == 0 || remote.port == 0 || !engine::can_connect<network>(local.address, remote.address)) return error::invalid_address;
        if (!homes_.complete()) return error::no_memory_lent;
        tuple const ends{local.address, remote.address, local.port, remote.port};
        auto const e = connection_.open(homes_.view(), engine::first_sequence<P>(ends, clock_.widen(now), secret_),
                                        engine::link_of<network>(transport, remote.address));
        if (e != error::none) return e;
        ends_ = ends;
        pending_ = true;
        return error::none;
    }

    // ---- use

    transfer send(octets_in octets) noexcept { return noted(connection_.write(homes_.view(), octets)); }
    // Without a copy: the memory must not change until `released` has given its cookie back.
    template <buffer::refers_to_octets Store = typename P::send_buffer>
    transfer send_by_reference(octets_in octets, std::uintptr_t cookie) noexcept {
        return noted(connection_.refer(homes_.view(), octets, cookie));
    }
    template <buffer::refers_to_octets Store = typename P::send_buffer>
    std::optional<std::uintptr_t> released() noexcept {
        // Acknowledged is not enough where the transport may still read a retransmission.
        if constexpr (keeps)
            if (static_cast<std::int32_t>(tickets_.flushed - tickets_.committed) < 0) return std::nullopt;
        return connection_.released(homes_.view());
    }

    transfer receive(octets_out octets) noexcept { return noted(connection_.read(homes_.view(), octets)); }
    bytes peek(std::span<octets_in> pieces) const noexcept { return connection_.peek(homes_.view(), pieces); }
    void consume(bytes n) noexcept {
        connection_.consume(homes_.view(), n);
        pending_ = true;
    }
    constexpr bytes readable() const noexcept { return connection_.readable(); }
    constexpr bytes writable() const noexcept { return connection_.writable(homes_.view()); }

    constexpr error shutdown() noexcept { return noted(connection_.shutdown()); }
    constexpr error close() noexcept { return noted(connection_.close(homes_.view())); }
    constexpr error abort() noexcept { return noted(connection_.abort(homes_.view())); }
    constexpr void keep_alive(bool on) noexcept requires (P::keep_alive::probes) {
        connection_.keep_alive(on);
        pending_ = true;
    }
    constexpr void no_delay(bool on) noexcept requires (P::coalescing::coalesces) {
        connection_.no_delay(on);
        pending_ = true;
    }
    // Once connected or being so; the next connection begins without.
    constexpr void user_timeout(duration d) noexcept requires (P::give_up::gives_up) { connection_.user_timeout(d); }

    // ---- drive

    ready poll(T& transport, reading reading_now) noexcept {
        instant const now = clock_.widen(reading_now);
        ready events{};
        std::array<transport::arrival, burst> room;
        auto const arrived = transport.arrivals(room);
        for (auto const& a : arrived) {
            events |= take(transport, now, a);
            transport.give_back(a);
        }
        events |= connection_.expire(homes_.view(), now);
        if (state() == tenon::state::listen) forget_peer();
        output(transport, now);
        if (arrived.size() == burst) pending_ = true;  // there may be more
        auto const done = transport.flush();
        if constexpr (keeps) tickets_.flushed = done;
        return events;
    }

    constexpr std::optional<reading> next_deadline(reading reading_now) noexcept {
        instant const now = clock_.widen(reading_now);
        if (pending_) return reading_now;
        auto const at = connection_.next_deadline(now);
        if (!at) return std::nullopt;
        return clock_.narrow(*at, now, reading_now);
    }

    // ---- what anybody may read

    constexpr tenon::state state() const noexcept { return connection_.state(); }
    constexpr error failure() const noexcept { return connection_.failure(); }
    constexpr address local() const noexcept { return {ends_.local, ends_.local_port}; }
    constexpr address remote() const noexcept { return {ends_.remote, ends_.remote_port}; }
    constexpr tenon::connection<P> const& connection() const noexcept { return connection_; }
    constexpr auto const& observer() const noexcept { return connection_.sending().observer(); }

private:
    // A call that moved nothing gives output nothing to do.
    constexpr transfer noted(transfer r) noexcept {
        if (r.count != 0) pending_ = true;
        return r;
    }
    constexpr error noted(error e) noexcept {
        if (e == error::none) pending_ = true;
        return e;
    }

    // ---- input

    TENON_PER_SEGMENT ready take(T& transport, instant now, transport::arrival const& a) noexcept {
        engine::received<network> in;
        auto const taken = engine::take_in<network, typename P::checksum, T::most>(a, in);
        if constexpr (P::icmp::hears)
            if (taken == engine::taken::icmp) return heed(now, in.ip);
        if (taken != engine::taken::segment) {
            connection_.count(engine::as_count(taken));
            return ready::none;
        }
        tuple const e{in.ip.destination, in.ip.source, in.tcp.destination, in.tcp.source};
        ready events = ready::answer_reset;
        if (state() == tenon::state::listen && matches_listener(e)) {
            events = on_listen(transport, now, e, in.tcp);
        } else if (e == ends_ && state() != tenon::state::closed) {
            pending_ = true;
            events = connection_.input(homes_.view(), now, in.tcp, in.segments, in.ip.traffic_class);
        } else if (e.local != ends_.local) {
            events = ready::none;  // not addressed to us
        }
        if (has(events, ready::answer_reset)) {
            // With no room in the transport there is no RST; the peer will ask again.
            engine::plan reply{};
            reply.kind = engine::sending::reset;
            engine::reset_for(in.tcp, reply.header);
            if (!in.tcp.has(wire::flag::rst)) answer(transport, now, e, in.tcp, reply);
            connection_.count(observer::what::dropped_no_connection);
        }
        return events;
    }

    constexpr bool matches_listener(tuple const& e) const noexcept {
        // Nobody is his own peer (attack H15).
        return e.local_port == ends_.local_port && (any_local_ || e.local == ends_.local) && e.local != e.remote;
    }

    ready on_listen(T& transport, instant now, tuple const& e, wire::segment const& s) noexcept {
        switch (engine::judge_listen(s)) {
            case engine::listen_verdict::ignore: return ready::none;
            case engine::listen_verdict::reset_peer: return ready::answer_reset;
            case engine::listen_verdict::syn: break;
        }
        ends_ = e;
        pending_ = true;
        constexpr auto offered = P::options::offered;
        auto const start = engine::first_sequence<P>(e, now, secret_);
        engine::handshake_result<offered, P::ecn::marks> result{.iss = start.number, .irs = s.seq, .peer = engine::read_handshake<offered>(s.options),
                                                 .window = s.window};
        if constexpr (offered.timestamps) result.timestamp_offset = start.timestamp_offset;
        if constexpr (P::ecn::marks) result.marks = engine::is_setup(s);
        connection_.accept(homes_.view(), now, result, engine::link_of<network>(transport, e.remote));
        return ready::none;
    }

    constexpr void forget_peer() noexcept {
        ends_.remote      = {};
        ends_.remote_port = 0;
        if (any_local_) ends_.local = {};
    }

    ready heed(instant now, wire::datagram<typename network::address> const& ip) noexcept
        requires (P::icmp::hears)
    {
        engine::icmp_notice<network> notice;
        if (!engine::read_icmp<network>(ip, notice)) return ready::none;
        if (tuple{notice.source, notice.destination, notice.source_port, notice.destination_port} != ends_) return ready::none;
        pending_ = true;
        return connection_.heed(homes_.view(), now, notice.kind, notice.seq, notice.mss);
    }

    // ---- output

    void output(T& transport, instant now) noexcept {
        connection_.wake(now);
        auto const room = transport.limits();
        bytes const super = engine::most_segments(room.segments, connection_.mss());
        engine::limit why = engine::limit::none;
        unsigned left = burst;
        for (; left != 0; --left) {
            auto plan = connection_.template next<emission::cuts>(homes_.view(), super);
            if (!plan) {
                why = plan.why;
                break;
            }
            if (!commit(transport, now, ends_, plan)) {
                why = engine::limit::transport;
                break;
            }
            connection_.sent(now, plan);
        }
        pending_ = left == 0;
        connection_.settle(now, why);
    }

    void answer(T& transport, stamp_time now, tuple const& e, [[maybe_unused]] wire::segment const& s, engine::plan& p) noexcept {
        if constexpr (P::options::offered.timestamps) {
            auto h = homes_.view();
            emission{transport}.segment(e, p, engine::reset_options<P::options::offered>(s, p), connection_.send_store(), h.send);
        } else {
            commit(transport, now, e, p);
        }
    }

    TENON_PER_SEGMENT bool commit(T& transport, stamp_time now, tuple const& ends, engine::plan& p) noexcept {
        auto const ticket = engine::commit<P>(transport, now, connection_, homes_.view(), ends, p);
        if constexpr (T::most.keeps)
            if (ticket != 0 && p.length != 0) tickets_.committed = ticket;
        return ticket != 0;
    }

    // Policies without a secret, as `fixed` is, are given none.
    static constexpr bool needs_secret = initial_sequence::needs_secret<typename P::initial_sequence>;
    struct no_secret {
        constexpr operator secret() const noexcept { return {}; }
    };
    struct last_tickets {
        transport::ticket committed{};
        transport::ticket flushed{};
    };
    static constexpr bool keeps = T::most.keeps;

    tenon::connection<P> connection_{};
    tuple ends_{};
    [[no_unique_address]] typename P::clock clock_{};
    bool pending_{};
    bool any_local_{};  // what LISTEN waits for; with one address it is that of ends_
    [[no_unique_address]] std::conditional_t<needs_secret, secret, no_secret> secret_{};
    [[no_unique_address]] engine::kept_homes<P> homes_{};
    [[no_unique_address]] only_if<keeps, last_tickets, struct last_tickets_field> tickets_{};
};

}  // namespace tenon
