// SPDX-License-Identifier: BSL-1.0
// Core of a host: its tables, and what segments, timers and the transport's room do to them. host.hpp is its face to the
// application. Identifiers: connections first, then half-open entries, then TIME-WAIT records; ends are in one of the three.
#pragma once
#include <tenon/connection.hpp>
#include <tenon/engine/driver.hpp>
#include <tenon/engine/icmp.hpp>
#include <tenon/engine/intake.hpp>
#include <tenon/engine/replies.hpp>
#include <tenon/host/keys.hpp>
#include <tenon/host/listener.hpp>
#include <tenon/host/port_allocator.hpp>
#include <tenon/host/ready_queue.hpp>
#include <tenon/host/syn_queue.hpp>
#include <tenon/host/time_wait_table.hpp>
#include <tenon/host/timer_wheel.hpp>

namespace tenon {

struct host_size {
    std::size_t connections{64};
    std::size_t listeners{8};
    std::size_t half_open{64};
    std::size_t time_wait{64};
};

template <complete_policies P, transport::packet_io T, host_size Size>
class host_core {
    using network  = typename P::network;
    using address  = typename network::address;
    using emission = engine::emission<network, typename P::checksum, T>;
    using timer    = tick<P::clock::deadline_shift>;
    using secret   = initial_sequence::secret_key;
    using half_open_entry = tenon::half_open<address>;
    using store    = typename P::receive_buffer;
    static constexpr std::uint32_t half_opens = Size.half_open, time_waits = Size.time_wait;
    static constexpr auto offered = P::options::offered;

public:
    using tuple = engine::tuple<address>;
    static constexpr std::uint32_t connections = Size.connections;
    static constexpr std::uint32_t nobody = 0xffff'ffff;
    static constexpr unsigned burst   = P::burst;
    static constexpr unsigned quantum = 4;          // segments of one connection before the next one's turn
    static constexpr unsigned visits  = 4 * burst;  // connections asked in one poll whether they have something to send
    static constexpr bool keeps = T::most.keeps;

private:
    struct nothing {};
    struct last_ticket { transport::ticket last{}; };
    using kept_ticket = std::conditional_t<keeps, last_ticket, nothing>;

public:
    struct slot {
        tenon::connection<P> connection{};
        tuple ends{};
        std::uint32_t generation{};  // odd while the application, or a listener for it, holds the connection
        [[no_unique_address]] kept_ticket committed{};
    };

    std::array<slot, connections> slots{};
    aged_slots<connections> used{};
    listener_table<address, Size.listeners, connections> listeners{};
    syn_queue<address, half_opens> half_open{};
    time_wait_table<address, P::clock::deadline_shift, time_waits> time_wait{};
    demux_table<typename P::demux, connections + half_opens + time_waits> demux{};
    timer_wheel<connections + half_opens> wheel{};
    index_rings<1, connections> pending{};  // connections that may have something to send
    ready_queue<connections + Size.listeners> events{};
    port_allocator ports{};
    [[no_unique_address]] typename P::clock clock{};
    [[no_unique_address]] engine::kept_homes<P> homes{};
    [[no_unique_address]] kept_ticket flushed{};
    [[no_unique_address]] typename P::observer observer{};
    bool blocked{};  // the transport has refused a packet

    constexpr void keep_secret(secret const& s) noexcept {
        first_key_ = derive_key(s, key_for::initial_sequence);
        demux_key_ = derive_key(s, key_for::demux);
        port_key_  = derive_key(s, key_for::ports);
        flow_key_  = derive_key(s, key_for::flows);
    }

    // ---- one connection

    constexpr bool valid(connection_handle h) const noexcept {
        return h.index < connections && detail::in_use(h.generation) && slots[h.index].generation == h.generation;
    }
    constexpr void schedule(std::uint32_t i) noexcept {
        if (!pending.contains(i)) pending.push_back(i);
    }

    constexpr std::uint32_t hash_of_ends(tuple const& e) const noexcept {
        if constexpr (P::demux::searches_linearly) return 0;
        else return hash_of<network, typename P::demux>(e, demux_key_);
    }
    constexpr std::uint32_t find(tuple const& e, std::uint32_t hash) const noexcept {
        for (auto id = demux.first(hash); id != nobody; id = demux.next(id))
            if (ends_of(id) == e) return id;
        return nobody;
    }

    // RFC 6056, 3.3: no more tries than there can be takers, so that it finds a port if there is one.
    bool choose_port(tuple& e, std::uint32_t& hash) noexcept {
        std::uint64_t const offset = port_hash<network>(e, port_key_);
        std::uint32_t tries = std::min(ports.range().size(), used.count() + half_open.count() + time_wait.count() + 1);
        for (; tries != 0; --tries) {
            e.local_port = ports.next(offset);
            hash = hash_of_ends(e);
            if (!is_itself(e) && find(e, hash) == nobody) return true;
        }
        return false;
    }

    static constexpr bool is_itself(tuple const& e) noexcept { return e.local == e.remote && e.local_port == e.remote_port; }

    void open(std::uint32_t i, instant now, engine::link_facts link) noexcept {
        auto& s = slots[i];
        s.connection.open(homes.view(), engine::first_sequence<P>(s.ends, now, first_key_), link);
        s.connection.settle(now, engine::limit::transport);  // gives up in time even if nothing can ever be sent
        follow_timer(i, now);
        schedule(i);
    }

    // A slot for a connection of these ends; only while used is not full.
    constexpr std::uint32_t begin(tuple const& e, std::uint32_t hash) noexcept {
        std::uint32_t const i = used.take().value_or(0);
        slots[i].ends = e;
        slots[i].committed = {};
        ++slots[i].generation;
        demux.insert(i, hash);
        return i;
    }

    // Neither the application nor a listener will ask again: handles are stale from now on.
    constexpr void let_go(std::uint32_t i) noexcept {
        listeners.leave(i);
        events.forget(i);
        ++slots[i].generation;
    }

    // CLOSED with no RST owed: nothing goes out or comes in any more. The slot stays while somebody holds it.
    constexpr void end_if_over(std::uint32_t i) noexcept {
        auto& s = slots[i];
        if (s.connection.state() != state::closed || s.connection.next(homes.view())) return;
        demux.erase(i);
        wheel.disarm(i);
        pending.erase(i);
        if (!detail::in_use(s.generation)) used.give_back(i);
    }

    // ---- drive

    void take(T& transport, instant now, transport::arrival const& a) noexcept {
        engine::received<network> in;
        auto const taken = engine::take_in<network, typename P::checksum, T::most>(a, in);
        if constexpr (P::icmp::hears)
            if (taken == engine::taken::icmp) return heed(now, in.ip);
        if (taken != engine::taken::segment) return count(engine::as_count(taken));
        tuple const e{in.ip.destination, in.ip.source, in.tcp.destination, in.tcp.source};
        if (is_itself(e)) return count(observer::what::dropped_address);  // attack H15
        std::uint32_t const hash = hash_of_ends(e);
        if (!has(dispatch(transport, now, find(e, hash), e, hash, in), ready::answer_reset)) return;
        count(observer::what::dropped_no_connection);
        engine::plan reply{.header = engine::reset_for(in.tcp), .kind = engine::sending::reset};
        if (!in.tcp.has(wire::flag::rst)) send_bare(transport, e, reply);
    }

    void expire(T& transport, instant now) noexcept {
        unsigned moves = 4 * burst;
        for (unsigned n = 0; n != burst; ++n) {
            auto const id = wheel.pop(timer::floor(now).count, moves);
            if (!id) break;
            if (*id >= connections) {
                on_syn_ack_timeout(transport, now, *id - connections);
                continue;
            }
            auto const events_now = slots[*id].connection.expire(homes.view(), now);
            follow_timer(*id, now);
            after(*id, events_now);
        }
        for (unsigned n = 0; n != burst; ++n) {
            auto const t = time_wait.due(timer::floor(now));
            if (!t) break;
            forget_time_wait(*t);
        }
    }

    void output(T& transport, instant now) noexcept {
        blocked = false;
        unsigned room = burst;
        for (unsigned n = 0; n != visits && room != 0; ++n) {
            auto const i = pending.pop_front();
            if (!i) return;
            auto const why = serve(transport, now, *i, room);
            if (why == engine::limit::transport) {
                pending.push_front(*i);
                blocked = true;
                return;
            }
            if (why == engine::limit::none) schedule(*i);
        }
    }

    constexpr std::optional<instant> next_timer(instant now) const noexcept {
        std::optional<instant> at;
        if (auto const t = wheel.next()) at = timer{*t}.at(now);
        if (auto const t = time_wait.next()) at = engine::earliest(at, t->at(now));
        return at;
    }

private:
    void count(observer::what w) noexcept {
        if constexpr (P::observer::observes) observer.on(w, 1);
    }
    constexpr tuple const& ends_of(std::uint32_t id) const noexcept {
        if (id < connections) return slots[id].ends;
        if (id < connections + half_opens) return half_open[id - connections].ends;
        return time_wait[id - connections - half_opens].ends;
    }

    // ---- connections

    constexpr void follow_timer(std::uint32_t i, instant now) noexcept {
        if (auto const at = slots[i].connection.next_deadline(now)) wheel.arm(i, timer::ceil(*at).count, timer::floor(now).count);
        else wheel.disarm(i);
    }

    constexpr void after(std::uint32_t i, ready bits) noexcept {
        auto& s = slots[i];
        schedule(i);
        if (s.connection.state() == state::listen) {  // the peer has taken its SYN back; the host's own listener goes on
            s.connection.close(homes.view());
            bits |= ready::closed;
        }
        tell(i, bits);
        end_if_over(i);
    }
    constexpr void tell(std::uint32_t i, ready bits) noexcept {
        if (!detail::in_use(slots[i].generation)) return;
        bits = without(bits, ready::answer_reset);
        if (!listeners.waits(i)) return events.push(i, bits);
        events.note(i, bits);
        if (!has(bits, ready::closed)) return;
        let_go(i);  // died before it was accepted
    }

    ready dispatch(T& transport, instant now, std::uint32_t id, tuple const& e, std::uint32_t hash, engine::received<network> const& in) noexcept {
        if (id < connections) {
            auto const bits = slots[id].connection.input(homes.view(), now, in.tcp, in.segments);
            after(id, bits);
            return bits;
        }
        if (id == nobody) return on_listener(transport, now, e, hash, in.tcp);
        id -= connections;
        if (id < half_opens) return on_half_open(transport, now, id, hash, in);
        return on_time_wait(transport, now, id - half_opens, hash, in.tcp);
    }

    // Up to a quantum of segments. none: perhaps there are more.
    engine::limit serve(T& transport, instant now, std::uint32_t i, unsigned& room) noexcept {
        auto& s = slots[i];
        auto& c = s.connection;
        auto const h = homes.view();
        c.wake(now);
        bytes const super = std::min<bytes>(transport.limits().segments, 65'000 / std::max<bytes>(c.mss(), 1));
        auto why = engine::limit::none;
        for (unsigned n = std::min(quantum, room); n != 0; --n, --room) {
            auto plan = c.template next<emission::cuts>(h, super);
            if (!plan) {
                why = plan.why == engine::limit::none ? engine::limit::no_data : plan.why;
                break;
            }
            auto const ticket = engine::commit<P>(transport, c, h, s.ends, plan);
            if (ticket == 0) {
                why = engine::limit::transport;
                break;
            }
            if constexpr (keeps)
                if (plan.length != 0) s.committed.last = ticket;
            c.sent(now, plan);
        }
        c.settle(now, why);
        follow_timer(i, now);
        if (why == engine::limit::none || why == engine::limit::transport) return why;
        if constexpr (P::time_wait::waits)
            if (c.state() == state::time_wait) hand_over(i, now);
        end_if_over(i);
        return why;
    }

    void heed(instant now, wire::datagram<address> const& ip) noexcept requires (P::icmp::hears) {
        engine::icmp_notice<network> n;
        if (!engine::read_icmp<network>(ip, n)) return;
        tuple const e{n.source, n.destination, n.source_port, n.destination_port};
        auto const id = find(e, hash_of_ends(e));
        if (id < connections) after(id, slots[id].connection.heed(homes.view(), now, n.kind, n.seq, n.mss));
    }

    void send_bare(T& transport, tuple const& e, engine::plan& p) noexcept {
        auto h = homes.view();
        emission{transport}.template segment<offered>(e, p, {}, slots[0].connection.send_store(), h.send);
    }

    // ---- passive opens (RFC 9293, 3.10.7.2)

    // What a new connection's receive store would promise.
    bytes promise() const noexcept {
        if constexpr (requires { store::capacity; } && sizeof(store) > 64) return store::capacity;
        else return store{}.promise(homes.view().receive);
    }
    bytes first_window() const noexcept { return std::min<bytes>(promise(), 65'535); }

    ready on_listener(T& transport, instant now, tuple const& e, std::uint32_t hash, wire::segment const& s,
                      std::optional<sequence> floor = {}) noexcept {
        auto const l = listeners.find(e.local, e.local_port, hash_of<network>(e, flow_key_));
        if (!l) return ready::answer_reset;
        auto const verdict = engine::judge_listen(s);
        if (verdict == engine::listen_verdict::reset_peer) return ready::answer_reset;
        // A listener with a full backlog spends nothing on a SYN; the peer will try again.
        if (verdict == engine::listen_verdict::ignore || !listeners.has_room(*l)) return ready::none;
        if (half_open.full()) forget_half_open(half_open.oldest().value_or(0));
        auto const n = half_open.add({.ends = e,
                                      .iss = engine::first_sequence<P>(e, now, first_key_, floor),
                                      .irs = s.seq,
                                      .peer = engine::read_handshake<offered>(s.options),
                                      .window = s.window,
                                      .listener = static_cast<std::uint16_t>(*l),
                                      .listener_generation = static_cast<std::uint16_t>(listeners.handle(*l).generation)});
        demux.insert(connections + n, hash);
        send_syn_ack(transport, n);
        arm_half_open(n, now);
        return ready::none;
    }

    constexpr bool still_listens(half_open_entry const& e) const noexcept {
        auto const h = listeners.handle(e.listener);
        return detail::in_use(h.generation) && static_cast<std::uint16_t>(h.generation) == e.listener_generation;
    }
    constexpr void forget_half_open(std::uint32_t n) noexcept {
        demux.erase(connections + n);
        wheel.disarm(connections + n);
        half_open.remove(n);
    }
    constexpr void arm_half_open(std::uint32_t n, instant now) noexcept {
        wheel.arm(connections + n, timer::ceil(now + syn_ack_timeout(half_open[n].retransmissions)).count, timer::floor(now).count);
    }
    // What the transport refuses is sent again by the timer.
    void send_syn_ack(T& transport, std::uint32_t n) noexcept {
        auto const& e = half_open[n];
        engine::plan p{.header = {.seq = e.iss, .ack = e.irs + 1, .control = wire::flag::syn | wire::flag::ack,
                                  .window = static_cast<std::uint16_t>(first_window())},
                       .kind = engine::sending::syn};
        auto h = homes.view();
        engine::syn_options const syn{.mss = static_cast<std::uint16_t>(engine::link_of<network>(transport, e.ends.remote).mss),
                                      .shift = slots[0].connection.offered_shift(h), .scales = e.peer.scales};
        emission{transport}.template segment<offered>(e.ends, p, syn, slots[0].connection.send_store(), h.send);
    }
    void on_syn_ack_timeout(T& transport, instant now, std::uint32_t n) noexcept {
        auto& e = half_open[n];
        if (!still_listens(e) || !half_open.template try_again<typename P::give_up>(e)) return forget_half_open(n);
        send_syn_ack(transport, n);
        arm_half_open(n, now);
    }

    ready on_half_open(T& transport, instant now, std::uint32_t n, std::uint32_t hash, engine::received<network> const& in) noexcept {
        auto const& e = half_open[n];
        switch (judge_half_open(e, in.tcp, first_window())) {
            case half_open_verdict::drop: return ready::none;
            case half_open_verdict::remove: forget_half_open(n); return ready::none;
            case half_open_verdict::reset_peer: return ready::answer_reset;
            case half_open_verdict::repeat: send_syn_ack(transport, n); return ready::none;
            case half_open_verdict::acknowledge: acknowledge(transport, e.ends, e.iss + 1, e.irs + 1, first_window()); return ready::none;
            case half_open_verdict::complete: break;
        }
        if (!still_listens(e)) {
            forget_half_open(n);
            return ready::answer_reset;
        }
        // With no place for it the ACK is as good as lost; the entry stays.
        if (used.full() || !listeners.has_room(e.listener)) return ready::none;
        std::uint32_t const listener = e.listener;
        auto const i = begin(e.ends, hash);
        slots[i].connection.accept(homes.view(), now,
                                   {.iss = e.iss, .irs = e.irs, .peer = e.peer, .window = e.window, .retransmitted = e.retransmissions != 0, .answered = true},
                                   engine::link_of<network>(transport, e.ends.remote));
        forget_half_open(n);
        listeners.enqueue(listener, i);
        events.push(connections + listener, ready::acceptable);
        auto const bits = slots[i].connection.input(homes.view(), now, in.tcp, in.segments);
        after(i, bits);
        return bits;
    }

    void acknowledge(T& transport, tuple const& e, sequence seq, sequence ack, bytes window) noexcept {
        engine::plan p{.header = {.seq = seq, .ack = ack, .control = wire::flag::ack, .window = static_cast<std::uint16_t>(window)},
                       .kind = engine::sending::acknowledgement};
        send_bare(transport, e, p);
    }

    // ---- TIME-WAIT

    constexpr void forget_time_wait(std::uint32_t t) noexcept {
        demux.erase(connections + half_opens + t);
        time_wait.remove(t);
    }

    // Nothing is owed any more: the connection becomes a record. The oldest record makes room.
    void hand_over(std::uint32_t i, instant now) noexcept {
        auto& s = slots[i];
        if (time_wait.full()) forget_time_wait(time_wait.oldest().value_or(0));
        auto const& rcv = s.connection.receiving();
        auto const t = time_wait.add({.ends = s.ends, .snd_nxt = s.connection.sending().space.nxt, .rcv_nxt = rcv.space.nxt,
                                      .until = timer::ceil(now + P::time_wait::linger()), .window = rcv.field(rcv.space.edge)});
        std::uint32_t const hash = demux.hash(i);
        demux.erase(i);
        demux.insert(connections + half_opens + t, hash);
        tell(i, s.connection.leave_time_wait(homes.view()));
    }

    ready on_time_wait(T& transport, instant now, std::uint32_t t, std::uint32_t hash, wire::segment const& s) noexcept {
        auto const r = time_wait[t];
        switch (judge_time_wait(r, s)) {
            case time_wait_verdict::drop: return ready::none;
            case time_wait_verdict::acknowledge: break;
            case time_wait_verdict::restart:
                if constexpr (P::time_wait::waits) time_wait.restart(t, timer::ceil(now + P::time_wait::linger()));
                break;
            case time_wait_verdict::reopen:
                if (!listeners.find(r.ends.local, r.ends.local_port, 0)) break;
                forget_time_wait(t);
                return on_listener(transport, now, r.ends, hash, s, r.snd_nxt);
        }
        acknowledge(transport, r.ends, r.snd_nxt, r.rcv_nxt, r.window);
        return ready::none;
    }

    secret first_key_{};
    secret demux_key_{};
    secret port_key_{};
    secret flow_key_{};
};

}  // namespace tenon
