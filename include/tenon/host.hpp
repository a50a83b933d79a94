// SPDX-License-Identifier: BSL-1.0
// host: many connections over one transport: listeners, demultiplexing, half-open entries, TIME-WAIT records, ports, timers and
// a queue of what became possible. All tables lie in the value, sized at compile time; no heap. A static host is all zero and
// lies in .bss; a large one does not belong on the stack. Nothing scans connections: every call is O(1) but for hash chains.
//
//   keep_secret(s)                        128 bits nobody else knows; before the first listen or connect
//   use(send_home, receive_home)          the memory of stores that have none of their own, shared by all connections
//   listen(address, options)              -> listener_handle; an unspecified address means any of ours
//   accept(listener)                      -> connection_handle, or error::would_block
//   connect(transport, now, local, remote)-> connection_handle; local port 0: the host chooses one
//   send receive peek consume shutdown keep_alive no_delay user_timeout    by handle, as endpoint has them
//   close(handle)                         the application is done: what was sent is still delivered, the handle is stale at once
//   abort(handle)                         RST; failure() answers error::aborted until close
//   poll(transport, now)                  takes packets, runs timers, sends; bounded work
//   next_deadline(now)                    when to poll again if nothing arrives before; none: only on arrival or after a call
//   next_event()                          {connection, listener, bits}; what happens to one connection is one event until fetched
//   turned_away()                         what full tables have cost, by cause
//
// A handle is the application's from connect or accept until close, whatever happens to the connection: after a failure, an
// abort or a regular end its slot stays, so that what has arrived can be read and failure() asked. Hence close every handle
// exactly once, or its slot leaks. Connections that die before they are accepted are freed by the host.
//
// When the transport refuses a packet, next_deadline leaves output aside: poll again when the driver is writable. One thread
// at a time; several hosts share the load by flow_hash. docs/host.md has the limits and the rules for full tables.
#pragma once
#include <tenon/host/core.hpp>

namespace tenon {

struct listen_options {
    std::uint16_t backlog{16};  // connections that may wait to be accepted; at that many, SYNs are not answered
    bool          share{};      // several listeners at one address and port, each with an equal part of the flows
};

template <complete_policies P, transport::packet_io T, host_size Size = host_size{}>
class host {
    using network = typename P::network;
    using core    = host_core<P, T, Size>;

    static_assert(Size.connections >= 1 && Size.half_open >= 1 && Size.time_wait >= 1, "every table has a place");
    static_assert(!P::demux::searches_linearly || (Size.connections <= 16 && Size.half_open <= 16 && Size.time_wait <= 16),
                  "a linear search is for at most 16 connections: take tenon::demux::keyed_hash");

public:
    using address = socket_address<typename network::address>;
    using reading = typename P::clock::reading;
    using secret  = initial_sequence::secret_key;
    using event   = event_of_host;

    static constexpr unsigned burst = core::burst;  // packets taken, packets sent and timers run, per poll at most

    // ---- before the first open

    // 128 random bits. Nobody checks that this was called: without it sequence numbers, hashes and ports follow from a key of zeros,
    // which everybody knows, and are no protection against forgeries and full chains. Only tests do without.
    constexpr void keep_secret(secret const& s) noexcept { core_.keep_secret(s); }
    constexpr void use(typename P::send_buffer::home& send, typename P::receive_buffer::home& receive) noexcept {
        core_.homes.set(send, receive);
    }
    constexpr void use_ports(port_range r) noexcept { core_.ports.use(r); }

    // ---- open

    constexpr opened<listener_handle> listen(address const& local, listen_options options = {}) noexcept {
        if (local.port == 0 || !can_listen(local.address)) return {{}, error::invalid_address};
        if (options.backlog == 0) return {{}, error::invalid_option};
        if (!core_.homes.complete()) return {{}, error::no_memory_lent};
        return core_.listeners.open(local.address, local.port, options.backlog, options.share);
    }

    // Connections that wait to be accepted are reset, at most `backlog` of them (and never more than the host has): the one call
    // whose work grows with an option. Their RSTs leave in the bursts of poll. Those half open are reset when they are completed.
    constexpr error close(listener_handle h) noexcept {
        if (!core_.listeners.valid(h)) return error::not_open;
        while (auto const i = core_.listeners.front(h.index)) {
            core_.slots[*i].connection.abort(core_.homes.view());
            core_.let_go(*i);
            core_.schedule(*i);
            core_.end_if_over(*i);
        }
        core_.events.forget(core::connections + h.index);
        core_.listeners.close(h.index);
        return error::none;
    }

    constexpr opened<connection_handle> accept(listener_handle h) noexcept {
        if (!core_.listeners.valid(h)) return {{}, error::not_open};
        auto const i = core_.listeners.front(h.index);
        if (!i) return {{}, error::would_block};
        core_.listeners.leave(*i);
        core_.events.forget(*i, ready::opened);
        core_.events.announce(*i);
        return {fresh(*i), error::none};
    }

    opened<connection_handle> connect(T const& transport, reading reading_now, address const& local,
                                      address const& remote) noexcept {
        instant const now = core_.clock.widen(reading_now);
        typename core::tuple ends{local.address, remote.address, local.port, remote.port};
        if (remote.port == 0 || !engine::can_connect<network>(ends.local, ends.remote)) return {{}, error::invalid_address};
        if (!core_.homes.complete()) return {{}, error::no_memory_lent};
        if (core_.used.full()) {
            ++core_.turned_away.connects_without_slot;
            return {{}, error::no_room};
        }
        std::uint32_t hash = core_.hash_of_ends(ends);
        if (local.port == 0) {
            if (!core_.choose_port(ends, hash)) {
                ++core_.turned_away.connects_without_port;
                return {{}, error::no_ports};
            }
        } else if (core::is_itself(ends)) {
            return {{}, error::invalid_address};
        } else if (core_.find(ends, hash) != core::nobody) {
            return {{}, error::address_in_use};
        }
        auto const i = core_.begin(ends, hash);
        core_.open(i, now, engine::link_of<network>(transport, ends.remote));
        return {fresh(i), error::none};
    }

    // ---- use

    transfer send(connection_handle h, octets_in octets) noexcept {
        if (!valid(h)) return {0, error::not_open};
        core_.schedule(h.index);
        return at(h).write(core_.homes.view(), octets);
    }
    // Without a copy: the memory must not change until `released` has given its cookie back.
    template <buffer::refers_to_octets Store = typename P::send_buffer>
    transfer send_by_reference(connection_handle h, octets_in octets, std::uintptr_t cookie) noexcept {
        if (!valid(h)) return {0, error::not_open};
        core_.schedule(h.index);
        return at(h).refer(core_.homes.view(), octets, cookie);
    }
    template <buffer::refers_to_octets Store = typename P::send_buffer>
    std::optional<std::uintptr_t> released(connection_handle h) noexcept {
        if (!valid(h)) return std::nullopt;
        // Acknowledged is not enough where the transport may still read a retransmission.
        if constexpr (core::keeps)
            if (static_cast<std::int32_t>(core_.flushed.last - core_.slots[h.index].committed.last) < 0) return std::nullopt;
        return at(h).released(core_.homes.view());
    }

    transfer receive(connection_handle h, octets_out octets) noexcept {
        if (!valid(h)) return {0, error::not_open};
        core_.schedule(h.index);
        return at(h).read(core_.homes.view(), octets);
    }
    bytes peek(connection_handle h, std::span<octets_in> pieces) const noexcept {
        return valid(h) ? at(h).peek(core_.homes.view(), pieces) : 0;
    }
    error consume(connection_handle h, bytes n) noexcept {
        if (!valid(h)) return error::not_open;
        at(h).consume(core_.homes.view(), n);
        core_.schedule(h.index);
        return error::none;
    }
    constexpr bytes readable(connection_handle h) const noexcept { return valid(h) ? at(h).readable() : 0; }
    constexpr bytes writable(connection_handle h) const noexcept { return valid(h) ? at(h).writable(core_.homes.view()) : 0; }

    constexpr error shutdown(connection_handle h) noexcept {
        if (!valid(h)) return error::not_open;
        core_.schedule(h.index);
        return at(h).shutdown();
    }
    // None of the connection's ends is an error here: the handle is given back.
    constexpr error close(connection_handle h) noexcept {
        if (!valid(h)) return error::not_open;
        at(h).close(core_.homes.view());
        // A peer that answers probes for ever would hold FIN-WAIT-2 for ever: from here on its limit counts.
        if constexpr (P::keep_alive::probes && P::time_wait::limits_fin_wait_2) at(h).keep_alive(false);
        core_.let_go(h.index);
        core_.schedule(h.index);
        core_.end_if_over(h.index);
        return error::none;
    }
    constexpr error abort(connection_handle h) noexcept {
        if (!valid(h)) return error::not_open;
        core_.schedule(h.index);
        return at(h).abort(core_.homes.view());
    }
    constexpr error keep_alive(connection_handle h, bool on) noexcept requires (P::keep_alive::probes) {
        if (!valid(h)) return error::not_open;
        at(h).keep_alive(on);
        core_.schedule(h.index);
        return error::none;
    }
    constexpr error no_delay(connection_handle h, bool on) noexcept requires (P::coalescing::coalesces) {
        if (!valid(h)) return error::not_open;
        at(h).no_delay(on);
        core_.schedule(h.index);
        return error::none;
    }
    constexpr error user_timeout(connection_handle h, duration d) noexcept requires (P::give_up::gives_up) {
        if (!valid(h)) return error::not_open;
        at(h).user_timeout(d);
        return error::none;
    }

    // ---- drive

    void poll(T& transport, reading reading_now) noexcept {
        instant const now = core_.clock.widen(reading_now);
        std::array<transport::arrival, burst> room;
        auto const arrivals = transport.arrivals(room);
        for (auto const& a : arrivals) {
            core_.take(transport, now, a);
            transport.give_back(a);
        }
        again_ = arrivals.size() == burst;
        core_.expire(transport, now);
        core_.output(transport, now);
        auto const done = transport.flush();
        if constexpr (core::keeps) core_.flushed.last = done;
    }

    constexpr std::optional<reading> next_deadline(reading reading_now) noexcept {
        instant const now = core_.clock.widen(reading_now);
        if (again_ || (!core_.blocked && !core_.pending.empty())) return reading_now;
        auto const at = core_.next_timer(now);
        if (!at) return std::nullopt;
        return core_.clock.narrow(*at, now, reading_now);
    }

    constexpr std::optional<event> next_event() noexcept {
        auto const e = core_.events.pop();
        if (!e) return std::nullopt;
        if (e->id >= core::connections)
            return event{.listener = core_.listeners.handle(e->id - core::connections), .bits = e->bits};
        return event{.connection = handle(e->id), .bits = e->bits};
    }

    // ---- what anybody may read

    // Closed, if the handle is stale.
    constexpr tenon::state state(connection_handle h) const noexcept { return valid(h) ? at(h).state() : tenon::state::closed; }
    constexpr error failure(connection_handle h) const noexcept { return valid(h) ? at(h).failure() : error::not_open; }
    constexpr address local(connection_handle h) const noexcept {
        if (!valid(h)) return {};
        return {core_.slots[h.index].ends.local, core_.slots[h.index].ends.local_port};
    }
    constexpr address remote(connection_handle h) const noexcept {
        if (!valid(h)) return {};
        return {core_.slots[h.index].ends.remote, core_.slots[h.index].ends.remote_port};
    }
    // Null, if the handle is stale.
    constexpr tenon::connection<P> const* connection(connection_handle h) const noexcept { return valid(h) ? &at(h) : nullptr; }
    // Slots in use, those included that the application has closed and that are not over yet.
    constexpr std::uint32_t connection_count() const noexcept { return core_.used.count(); }
    constexpr std::uint32_t half_open_count() const noexcept { return core_.half_open.count(); }
    constexpr std::uint32_t time_wait_count() const noexcept { return core_.time_wait.count(); }
    constexpr full_tables const& turned_away() const noexcept { return core_.turned_away; }  // by each table that was full
    constexpr auto const& observer() const noexcept { return core_.observer; }  // of what belonged to no connection

private:
    // RFC 9293, 3.9.2.3: no segment to any other address is ever taken. ::ffff:0.0.0.0 is neither an address nor "any of ours".
    static constexpr bool can_listen(typename network::address const& a) noexcept {
        if constexpr (!network::v4)
            if (is_mapped(a)) return false;
        return is_unspecified(a) || can_be_an_end(a);
    }
    constexpr bool valid(connection_handle h) const noexcept { return core_.valid(h); }
    constexpr connection_handle handle(std::uint32_t i) const noexcept { return {i, core_.slots[i].generation}; }
    // A connection keeps its settings for the next one, and those of a slot were another application's (RFC 9293, MUST-25: keep-alives are
    // off until asked for).
    constexpr connection_handle fresh(std::uint32_t i) noexcept {
        if constexpr (P::keep_alive::probes) core_.slots[i].connection.keep_alive(false);
        if constexpr (P::coalescing::coalesces) core_.slots[i].connection.no_delay(false);
        return handle(i);
    }
    constexpr auto& at(connection_handle h) noexcept { return core_.slots[h.index].connection; }
    constexpr auto const& at(connection_handle h) const noexcept { return core_.slots[h.index].connection; }

    core core_{};
    bool again_{};  // the transport may have more arrivals
};

}  // namespace tenon
