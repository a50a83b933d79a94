// SPDX-License-Identifier: BSL-1.0
// Core of a host: what segments, timers and the transport's room do to its tables. host.hpp is its face to the application.
#pragma once
#include <tenon/engine/icmp.hpp>
#include <tenon/engine/intake.hpp>
#include <tenon/engine/replies.hpp>
#include <tenon/host/tables.hpp>

namespace tenon {

template <complete_policies P, transport::packet_io T, host_size Size>
class host_core : public host_tables<P, T, Size> {
    using base     = host_tables<P, T, Size>;
    using network  = typename P::network;
    using address  = typename network::address;
    using emission = engine::emission<network, typename P::checksum, T>;
    using timer    = typename base::timer;
    static constexpr std::uint32_t half_opens = Size.half_open;
    static constexpr auto offered = P::options::offered;

public:
    using tuple = typename base::tuple;
    using base::connections, base::nobody, base::keeps;
    using base::blocked, base::demux, base::events, base::half_open, base::homes, base::listeners, base::observer, base::pending,
        base::slots, base::time_wait, base::used, base::wheel;
    using base::arm_half_open, base::begin, base::end_if_over, base::find, base::first_number, base::first_window,
        base::follow_timer, base::forget_half_open, base::forget_time_wait, base::hand_over, base::hash_of_ends, base::is_itself, base::listener_of,
        base::record_beside, base::schedule, base::still_listens, base::tell, base::turned_away;

    static constexpr unsigned burst   = P::burst;
    static constexpr unsigned quantum = 4;          // segments of one connection before the next one's turn
    static constexpr unsigned visits  = 4 * burst;  // connections asked in one poll whether they have something to send

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
        engine::plan reply{.kind = engine::sending::reset, .header = engine::reset_for(in.tcp)};
        if (!in.tcp.has(wire::flag::rst)) send_bare(transport, e, reply, engine::reset_options<offered>(in.tcp, reply));
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
            unsigned const had = room;
            auto const why = serve(transport, now, *i, room);
            if (why == engine::limit::transport) {
                // Who got something through has had its turn.
                if (room != had) pending.push_back(*i);
                else pending.push_front(*i);
                blocked = true;
                return;
            }
            if (why == engine::limit::none) schedule(*i);
        }
    }

private:
    void count(observer::what w) noexcept {
        if constexpr (P::observer::observes) observer.on(w, 1);
    }
    // ---- connections

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
    ready dispatch(T& transport, instant now, std::uint32_t id, tuple const& e, std::uint32_t hash,
                   engine::received<network> const& in) noexcept {
        if (id < connections) {
            auto const bits = slots[id].connection.input(homes.view(), now, in.tcp, in.segments, in.ip.traffic_class);
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
        bytes const super = engine::most_segments(transport.limits().segments, c.mss());
        auto why = engine::limit::none;
        for (unsigned n = std::min(quantum, room); n != 0; --n, --room) {
            auto plan = c.template next<emission::cuts>(h, super);
            if (!plan) {
                why = plan.why == engine::limit::none ? engine::limit::no_data : plan.why;
                break;
            }
            auto const ticket = engine::commit<P>(transport, now, c, h, s.ends, plan);
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
        else if (id < connections + half_opens) heed_half_open(id - connections, n);
        // TIME-WAIT has nothing to send again, and ends for no error (RFC 5927, 5.2: it is a synchronized state).
    }

    // An error about our SYN-ACK. It must quote the number of the SYN-ACK, all that is in flight (RFC 5927, 4.1): as hard to guess as that
    // of the RST that would do the same. SYN-RECEIVED is not synchronized, so that a hard error aborts (RFC 9293, 3.9.2.2, SHLD-26;
    // RFC 5927, 5.2 spares the synchronized states only). Nothing is lost: no user knows the connection yet, the peer's next SYN makes
    // another entry, and a flood from addresses where nobody is occupies the table for a round trip instead of minutes. A soft
    // error aborts nothing (MUST-56): the SYN-ACK goes on being sent.
    void heed_half_open(std::uint32_t n, engine::icmp_notice<network> const& error) noexcept requires (P::icmp::hears) {
        auto& e = half_open[n];
        if (error.seq != e.iss) return;
        count(observer::what::icmp_errors);
        if (error.kind == wire::icmp_kind::unreachable_hard) return forget_half_open(n);
        // RFC 1191, 6.4: the connection starts with what the path carries. `mss` is not below what every path does (engine/icmp), which is
        // also what a peer that named none is sent.
        if (error.kind == wire::icmp_kind::too_big) e.mss = static_cast<std::uint16_t>(lesser<bytes>(e.mss, error.mss));
    }

    template <class Options>
    void send_bare(T& transport, tuple const& e, engine::plan& p, Options const& o) noexcept {
        auto h = homes.view();
        emission{transport}.segment(e, p, o, slots[0].connection.send_store(), h.send);
    }

    // ---- passive opens (RFC 9293, 3.10.7.2)

    ready on_listener(T& transport, instant now, tuple const& e, std::uint32_t hash, wire::segment const& s,
                      std::optional<sequence> floor = {}) noexcept {
        auto const l = listener_of(e);
        if (!l) return ready::answer_reset;
        auto const verdict = engine::judge_listen(s);
        if (verdict == engine::listen_verdict::reset_peer) return ready::answer_reset;
        // A listener with a full backlog spends nothing on a SYN; the peer will try again.
        if (verdict == engine::listen_verdict::ignore) return ready::none;
        if (!listeners.has_room(*l)) {
            ++turned_away.syns_without_backlog;
            return ready::none;
        }
        if (half_open.full()) {
            ++turned_away.half_open_displaced;
            forget_half_open(half_open.oldest().value_or(0));
        }
        auto const peer = engine::read_handshake<offered>(s.options);
        auto const n = half_open.add({.ends = e,
                                      .iss = first_number(e, now, floor).number,
                                      .irs = s.seq,
                                      .mss = peer.mss,
                                      .window = s.window,
                                      .listener = static_cast<std::uint16_t>(*l)});
        if constexpr (offered.window_scale) half_open[n].set_scale(peer.scales, peer.window_scale);
        if constexpr (offered.timestamps)
            if (peer.stamps) half_open[n].timestamp = peer.timestamp;
        if constexpr (offered.sack) half_open[n].permits_sack = peer.permits_sack;
        if constexpr (P::ecn::marks) half_open[n].marks = engine::is_setup(s);
        demux.insert(connections + n, hash);
        send_syn_ack(transport, now, n);
        arm_half_open(n, now);
        return ready::none;
    }

    // What the transport refuses is sent again by the timer.
    void send_syn_ack(T& transport, instant now, std::uint32_t n) noexcept {
        auto const& e = half_open[n];
        engine::plan p{.kind = engine::sending::syn,
                       .header = {.seq = e.iss, .ack = e.irs + 1, .control = wire::flag::syn | wire::flag::ack,
                                  .window = static_cast<std::uint16_t>(first_window())}};
        engine::syn_options<offered> syn{.mss = static_cast<std::uint16_t>(engine::link_of<network>(transport, e.ends.remote).mss)};
        if constexpr (offered.window_scale) {
            syn.shift  = slots[0].connection.offered_shift(homes.view());
            syn.scales = e.scales();
        }
        if constexpr (offered.timestamps) {
            syn.stamps = e.timestamp.has_value();
            if (syn.stamps) syn.timestamps = stamp(offset_of(e.ends, now), *e.timestamp, now);
        }
        if constexpr (offered.sack) syn.permits_sack = e.permits_sack;
        if constexpr (P::ecn::marks)
            if (e.marks) p.header.control |= wire::flag::ece;
        p.header.options = static_cast<std::uint8_t>(engine::handshake_octets(syn));
        send_bare(transport, e.ends, p, [&](std::byte* out) { engine::write_handshake(out, syn); });
    }
    void on_syn_ack_timeout(T& transport, instant now, std::uint32_t n) noexcept {
        auto& e = half_open[n];
        if (!still_listens(e) || !half_open.template try_again<typename P::give_up>(e)) return forget_half_open(n);
        send_syn_ack(transport, now, n);
        arm_half_open(n, now);
    }

    // The same for a pair of ends as long as the secret is the same.
    std::uint32_t offset_of(tuple const& e, instant now) const noexcept { return first_number(e, now, {}).timestamp_offset; }
    static constexpr wire::timestamp_pair stamp(std::uint32_t offset, std::uint32_t recent, instant now) noexcept {
        return engine::timestamps<true>::stamp(offset, recent, engine::coarse_tick::floor(now));
    }

    ready on_half_open(T& transport, instant now, std::uint32_t n, std::uint32_t hash,
                       engine::received<network> const& in) noexcept {
        auto const& e = half_open[n];
        auto const beside = record_beside(n);
        auto verdict = judge_half_open(e, in.tcp, first_window());
        if constexpr (offered.timestamps) judge_timestamp(e, in.tcp, verdict);
        // What is nothing to this incarnation may come from the one before: the SYN may yet turn out to be an old duplicate.
        if (verdict <= half_open_verdict::acknowledge && beside && is_old(time_wait[*beside], in.tcp))
            return on_time_wait(transport, now, *beside, hash, in.tcp);
        switch (verdict) {
            case half_open_verdict::drop: return ready::none;
            case half_open_verdict::remove: forget_half_open(n); return ready::none;
            case half_open_verdict::reset_peer: return ready::answer_reset;
            case half_open_verdict::repeat:
                if constexpr (P::ecn::marks) half_open[n].marks = half_open[n].marks && engine::is_setup(in.tcp);  // RFC 3168, 6.1.1
                half_open[n].repeated = 1;
                send_syn_ack(transport, now, n);
                return ready::none;
            case half_open_verdict::acknowledge: {
                std::optional<wire::timestamp_pair> t;
                if constexpr (offered.timestamps)
                    if (e.timestamp) t = stamp(offset_of(e.ends, now), *e.timestamp, now);
                acknowledge(transport, e.ends, {.seq = e.iss + 1, .ack = e.irs + 1, .window = static_cast<std::uint16_t>(first_window())}, t);
                return ready::none;
            }
            case half_open_verdict::complete: break;
        }
        if (!still_listens(e)) {
            forget_half_open(n);
            return ready::answer_reset;
        }
        // With no place for it the ACK is as good as lost; the entry stays.
        if (used.full() || !listeners.has_room(e.listener)) {
            ++(used.full() ? turned_away.acks_without_slot : turned_away.acks_without_backlog);
            return ready::none;
        }
        if (beside) forget_time_wait(*beside);
        std::uint32_t const listener = e.listener;
        auto const i = begin(e.ends, hash);
        engine::handshake_result<offered, P::ecn::marks> result{.iss = e.iss, .irs = e.irs, .peer = e.peer(), .window = e.window,
                                                 .retransmitted = e.sent_again(), .answered = true};
        if constexpr (offered.timestamps) result.timestamp_offset = offset_of(e.ends, now);
        if constexpr (P::ecn::marks) result.marks = e.marks;
        slots[i].connection.accept(homes.view(), now, result, engine::link_of<network>(transport, e.ends.remote));
        // The SYN-ACK went out a timeout before its timer, which was rounded up; of one that was repeated nobody knows which was answered (Karn).
        if (!e.sent_again() && wheel.armed(connections + n))
            slots[i].connection.measured(greater(now - (timer{wheel.at(connections + n)}.at(now) - syn_ack_timeout(0)), duration{}));
        forget_half_open(n);
        listeners.enqueue(listener, i);
        events.push(connections + listener, ready::acceptable);
        auto const bits = slots[i].connection.input(homes.view(), now, in.tcp, in.segments, in.ip.traffic_class);
        after(i, bits);
        return bits;
    }

    // RFC 7323, 3.2 and 5.3, R1: before the sequence numbers count, for all but SYNs and RSTs.
    static void judge_timestamp(auto const& e, wire::segment const& s, half_open_verdict& verdict) noexcept {
        if (!e.timestamp || s.has(wire::flag::rst) || s.has(wire::flag::syn)) return;
        wire::timestamp_pair t;
        if (!wire::find_timestamps(s.options, t)) verdict = half_open_verdict::drop;
        else if (static_cast<std::int32_t>(t.value - *e.timestamp) < 0) verdict = half_open_verdict::acknowledge;
    }

    void acknowledge(T& transport, tuple const& e, wire::header header, [[maybe_unused]] std::optional<wire::timestamp_pair> t) noexcept {
        header.control = wire::flag::ack;
        engine::plan p{.kind = engine::sending::acknowledgement, .header = header};
        engine::bare_options<offered> o;
        if constexpr (offered.timestamps)
            if (t) {
                o.timestamps     = *t;
                p.header.options = engine::timestamps_octets;
            }
        send_bare(transport, e, p, o);
    }

    // ---- TIME-WAIT

    ready on_time_wait(T& transport, instant now, std::uint32_t t, std::uint32_t hash, wire::segment const& s) noexcept {
        auto const r = time_wait[t];
        std::optional<std::uint32_t> value;
        if constexpr (offered.timestamps) {
            wire::timestamp_pair t;
            if (wire::find_timestamps(s.options, t)) value = t.value;
        }
        switch (judge_time_wait(r, s, value)) {
            case time_wait_verdict::drop: return ready::none;
            case time_wait_verdict::acknowledge: break;
            case time_wait_verdict::restart:
                if constexpr (P::time_wait::waits) time_wait.restart(t, timer::ceil(now + P::time_wait::linger()));
                break;
            case time_wait_verdict::reopen: {
                // The record stays beside the entry, and goes when the handshake is complete (RFC 9293, 3.6.1, MAY-2 (2)).
                if (!listener_of(r.ends)) break;
                return on_listener(transport, now, r.ends, hash, s, r.snd_nxt);
            }
        }
        std::optional<wire::timestamp_pair> stamps;
        if constexpr (offered.timestamps)
            if (r.stamps.agreed) stamps = stamp(r.stamps.offset, r.stamps.recent, now);
        acknowledge(transport, r.ends, {.seq = r.snd_nxt, .ack = r.rcv_nxt, .window = r.window}, stamps);
        return ready::none;
    }

};

}  // namespace tenon
