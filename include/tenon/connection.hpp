// SPDX-License-Identifier: BSL-1.0
// connection: one TCP connection as a value (RFC 9293). It owns no clock, memory, socket or callback: the time and the
// homes of its octets come in with each call, segments come out as plans. All-zero is a valid closed connection.
//
//   input(homes, now, segment)   one parsed, verified segment of this connection; records what follows from it
//   next(homes, super)           the plan of one segment that may go out; pure
//   sent(now, plan)              the transport has taken it
//   expire(homes, now)           timers that are due
//   settle(now, why)             output has stopped, for this reason; the timers are set
//   next_deadline(now)           when expire has something to do; nothing = not before a segment or a call
//
// One thread at a time; no call re-enters another. endpoint and host drive it; so may you.
#pragma once
#include <tenon/core/contract.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/units.hpp>
#include <tenon/engine/canonical.hpp>
#include <tenon/engine/input_steps.hpp>
#include <tenon/engine/output.hpp>
#include <tenon/policies.hpp>
#include <tenon/policy/icmp/concept.hpp>
#include <tenon/wire/icmp.hpp>

namespace tenon {

template <complete_policies P>
class connection : public engine::input_steps<P> {
    using base = engine::input_steps<P>;
    using wire_flag = wire::flag;
    using engine_timer = engine::timer;
    using typename base::call, typename base::checks;
    using base::offered;
    using base::detached_, base::failure_, base::keep_alive_, base::machine_, base::passive_, base::probe_due_, base::receive_,
        base::reset_owed_, base::send_, base::send_store_;
    using base::alive, base::begin, base::end, base::finish, base::give_in, base::input_syn_sent, base::on_ack,
        base::on_probe_sent, base::on_text, base::probe_idle_peer, base::refuse, base::synchronize;

public:
    using policies  = P;
    using homes     = tenon::homes<P>;
    using result    = engine::handshake_result<offered, P::ecn::marks>;
    using send_part = engine::sender<P>;
    using base::abort, base::state;

    // ---- open

    // RFC 9293, 3.10.1, passive.
    constexpr error listen(homes h) noexcept {
        // The RST of an abort belongs to the connection that was: it has to be out before another one begins.
        if (reset_owed_ || !machine_.apply(event::open_passive).taken()) return error::already_open;
        begin(h, {}, {});
        passive_ = true;
        return error::none;
    }

    // Active; also from LISTEN.
    constexpr error open(homes h, initial_sequence::start start, engine::link_facts link) noexcept {
        if (reset_owed_ || !machine_.apply(event::open_active).taken()) return error::already_open;
        begin(h, start.number, link);
        base::stamps_.start(start.timestamp_offset);
        passive_ = false;
        return error::none;
    }

    // A SYN came to LISTEN, or to a host that kept the rest in a half-open entry.
    constexpr void accept(homes h, instant now, result const& r, engine::link_facts link) noexcept {
        machine_.apply(r.answered ? event::hand_over : event::rcv_syn);
        begin(h, r.iss, link);
        if constexpr (offered.timestamps) base::stamps_.start(r.timestamp_offset);
        passive_ = true;
        synchronize(h, now, r.irs, r.peer, r.iss, r.window);
        if constexpr (P::ecn::marks) base::agree_on_marks(r.marks);
        if (r.answered) send_.adopt_syn(now, r.retransmitted);
    }

    // The round trip of a SYN-ACK that was sent, once, by who kept the rest (RFC 6298, 2.2).
    constexpr void measured(duration round_trip) noexcept { send_.measured(round_trip); }

    // ---- the application

    transfer write(homes h, octets_in octets) noexcept {
        if (auto const e = why_not_write(); e != error::none) return {0, e};
        if (octets.empty()) return {0, error::none};
        bytes const at = send_.space.end - send_.space.una - (send_.syn_pending() ? 1u : 0u);
        bytes const n = send_store_.write(h.send, at, octets);
        send_.on_written(n);
        return {n, n == 0 ? error::would_block : error::none};
    }

    // Sends without copying, with a store that refers: the memory stays the caller's until `released` gives the cookie back.
    template <buffer::refers_to_octets Store = typename P::send_buffer>
    transfer refer(homes h, octets_in octets, std::uintptr_t cookie) noexcept {
        if (auto const e = why_not_write(); e != error::none) return {0, e};
        bytes const n = send_store_.refer(h.send, octets, cookie);
        send_.on_written(n);
        return {n, n == 0 && !octets.empty() ? error::would_block : error::none};
    }
    template <buffer::refers_to_octets Store = typename P::send_buffer>
    constexpr std::optional<std::uintptr_t> released(homes h) noexcept { return send_store_.released(h.send); }

    transfer read(homes h, octets_out out) noexcept {
        if (auto const e = why_not_read(); e != error::none) return {0, e};
        return {receive_.read(h.receive, out, send_.path.mss()), error::none};
    }
    // The readable octets as pieces, to be read in place; then `consume` what was used.
    bytes peek(homes h, std::span<octets_in> pieces) const noexcept { return receive_.peek(h.receive, pieces); }
    constexpr void consume(homes h, bytes n) noexcept {
        receive_.consume(h.receive, lesser(n, receive_.readable()), send_.path.mss());
    }

    constexpr bytes readable() const noexcept { return receive_.readable(); }
    constexpr bytes writable(homes h) const noexcept {
        if (why_not_write() != error::none) return 0;
        bytes const held = send_.space.end - send_.space.una - (send_.syn_pending() ? 1u : 0u);
        bytes const promise = send_store_.promise(h.send);
        return promise > held ? promise - held : 0;
    }

    // No more will be sent; receiving goes on (RFC 9293, 3.6: half-close).
    constexpr error shutdown() noexcept {
        if (state() == tenon::state::closed || state() == tenon::state::listen) return failure_ != error::none ? failure_ : error::not_open;
        if (send_.finishing()) return error::closing;
        finish();
        return error::none;
    }

    // The application is done in both directions. Unread octets mean that data is lost: the peer is told by a RST
    // (RFC 9293, 3.6.1, SHLD-3; RFC 2525, 2.17).
    constexpr error close(homes h) noexcept {
        if (state() == tenon::state::closed) return failure_ != error::none ? failure_ : error::not_open;
        if (state() == tenon::state::listen || state() == tenon::state::syn_sent) {
            end(h, event::close, error::none);
            return error::none;
        }
        if (detached_) return error::closing;
        if (receive_.readable() != 0) {
            abort(h);
            return error::none;
        }
        detached_ = true;
        if (!send_.finishing()) finish();
        return error::none;
    }

    // ---- the network

    TENON_PER_SEGMENT ready input(homes h, instant now, wire::segment const& s, std::uint16_t segments = 1,
                                  [[maybe_unused]] std::uint8_t traffic_class = 0) noexcept {
        send_.observe(observer::what::segments_in);
        call c{h, now};
        if (state() == tenon::state::syn_sent) return input_syn_sent(c, s);
        if (state() <= tenon::state::listen) return ready::none;
        if constexpr (offered.timestamps)
            if (auto const v = base::judge_timestamps(c, s); v != engine::admitted::process) return refuse(c, s, v);
        auto const verdict = engine::judge<checks::checks>({state(), passive_}, send_.space, receive_.space, s);
        if constexpr (P::ecn::marks) base::note_syn(s);
        // A probe into a closed window is not acceptable, and its mark is told all the same (RFC 3168, 6.1.6).
        if constexpr (P::ecn::marks)
            if (verdict == engine::admitted::process || verdict == engine::admitted::ack_alone)
                base::marks_.on_segment(s.has(wire_flag::cwr), engine::codepoint_of(traffic_class));
        if (verdict != engine::admitted::process) return refuse(c, s, verdict);
        alive(c.now);
        if constexpr (offered.timestamps)
            if (base::stamps_.agreed()) base::stamps_.on_acceptable(s.seq, c.stamps.value, c.now.coarse());
        ready events = on_ack(c, s);
        if (may_receive_data(state())) events |= on_text(c, s, s.seq, segments);
        return events;
    }

    // An ICMP error that quotes a segment of this connection (RFC 9293, 3.9.2.2; RFC 5927).
    ready heed(homes h, instant now, wire::icmp_kind kind, sequence seq, bytes mss) noexcept
        requires (P::icmp::hears)
    {
        if (state() <= tenon::state::listen || seq - send_.space.una >= send_.space.outstanding()) return ready::none;
        send_.observe(observer::what::icmp_errors);
        if (kind == wire::icmp_kind::too_big) {
            send_.shrink(now, mss - (base::stamps_.agreed() ? engine::timestamps_octets : 0));
            return ready::none;
        }
        if (kind == wire::icmp_kind::unreachable_hard && state() == tenon::state::syn_sent) return end(h, event::give_up, error::unreachable);
        // MUST-56, RFC 5927, 5.2: no reason to abort. The application is told, and reads it as the cause if the peer stays silent.
        base::trouble_ = kind;
        return ready::troubled;
    }

    ready expire(homes h, instant t) noexcept {
        typename base::moment const now{t};
        receive_.expire(now);
        if (!send_.timer.due_at(now.reached())) return ready::none;
        auto verdict = give_up::verdict::carry_on;
        switch (send_.timer.kind()) {
            case engine_timer::retransmit:
                if (!send_.closed_window()) {
                    verdict = send_.on_timeout(now);
                    // RFC 3168, 6.1.1.1: something on the way may drop what offers ECN.
                    if constexpr (P::ecn::marks)
                        if (state() == tenon::state::syn_sent) base::marks_.withdraw();
                    break;
                }
                [[fallthrough]];  // the window has closed since: that is no loss
            case engine_timer::persist: verdict = send_.on_persist(now); break;
            case engine_timer::time_wait: return end(h, event::time_wait_over, error::none);
            case engine_timer::fin_wait_2: return end(h, event::fin_wait_2_over, error::timed_out);
            case engine_timer::keep_alive: verdict = probe_idle_peer(now); break;
            default: break;
        }
        if (verdict == give_up::verdict::abandon) return give_in(h);
        return verdict == give_up::verdict::advise ? ready::stalled : ready::none;
    }

    // ---- output

    template <bool Cuts = false>
    TENON_PER_SEGMENT constexpr engine::plan next(homes h, unsigned super = 1) const noexcept {
        return engine::output<P>{send_, receive_, h.receive}.template next<Cuts>(
            {state(), reset_owed_, probe_due_, base::stamps_.agreed(), base::tells_marks()}, super);
    }

    TENON_PER_SEGMENT void sent(instant now, engine::plan const& p) noexcept {
        using engine::sending;
        send_.observe(observer::what::segments_out);
        if (p.kind == sending::reset) {
            reset_owed_ = false;
            send_.observe(observer::what::resets_out);
            return;
        }
        bool const pure = p.kind == sending::acknowledgement;
        if (pure) send_.observe(receive_.owes_duplicates() ? observer::what::duplicate_acks_out : observer::what::acks_out);
        else if (p.kind == sending::keep_alive) on_probe_sent();
        else send_.on_sent(now, p);
        if (!p.has(wire_flag::ack)) return;
        base::stamps_.on_ack_sent(p.header.ack);
        receive_.on_sent(p.edge, pure);
    }

    // RFC 9293, MUST-24: the application turns keep-alives on and off.
    constexpr void keep_alive(bool on) noexcept
        requires (P::keep_alive::probes)
    {
        keep_alive_.enable(on);
        if (!on && send_.timer.kind() == engine_timer::keep_alive) send_.timer.disarm();
    }
    // RFC 9293, MUST-17: an application can turn the Nagle algorithm off.
    constexpr void no_delay(bool on) noexcept
        requires (P::coalescing::coalesces)
    { send_.no_delay(on); }
    // RFC 9293, MUST-21: how long what was sent may stay unacknowledged, in place of R2 and of the limit for SYNs. Asked whenever
    // a retransmission or probe is due; for this connection only, so after open or accept. Zero: what the policy says. At most
    // 26 days, as far as progress is measured.
    constexpr void user_timeout(duration d) noexcept
        requires (P::give_up::gives_up)
    {
        auto const most = engine::coarse_tick::span(0x7fff'ffff);
        send_.user_timeout(d <= duration{} ? 0 : engine::coarse_tick::covering(d < most ? d : most));
    }

    constexpr void settle(instant t, engine::limit why) noexcept {
        typename base::moment const now{t};
        if (state() <= tenon::state::listen) return;
        send_.settle(now, why);
        if constexpr (P::time_wait::limits_fin_wait_2)
            if (state() == tenon::state::fin_wait_2 && detached_ && !send_.timer.armed())
                send_.timer.arm_at(engine_timer::fin_wait_2, now.after(P::time_wait::fin_wait_2()));
        if constexpr (P::keep_alive::probes) {
            bool const open = state() == tenon::state::established || state() == tenon::state::close_wait || state() == tenon::state::fin_wait_2;
            if (open && keep_alive_.enabled() && !send_.timer.armed()) send_.timer.arm_at(engine_timer::keep_alive, now.after(keep_alive_.wait()));
        }
    }

    // RFC 5681, 4.1: before sending after a silence.
    constexpr void wake(instant now) noexcept { send_.wake(now); }

    constexpr std::optional<instant> next_deadline(instant now) const noexcept {
        return engine::earliest(send_.timer.next(now), receive_.next_deadline(now));
    }
    // Counts what a driver of the connection has seen.
    constexpr void count(observer::what w) noexcept { send_.observe(w); }

    // Calls f(char const* name, std::uint64_t value) for all that influences what happens from now on (engine/canonical.hpp).
    template <class F>
    constexpr void visit(instant now, F&& f) const { engine::canonical_access::visit(*this, now, f); }

    friend constexpr bool operator==(connection const&, connection const&) noexcept = default;

private:
    friend base;

    constexpr error why_not_write() const noexcept {
        if (send_.finishing() && state() != tenon::state::closed) return error::closing;
        if (state() <= tenon::state::listen) return failure_ != error::none ? failure_ : error::not_open;
        // It may still go back to LISTEN (RFC 9293, 3.10.7.4, second): what had been written would be lost without a word.
        return passive_ && state() == tenon::state::syn_received ? error::would_block : error::none;
    }
    constexpr error why_not_read() const noexcept {
        if (receive_.readable() != 0) return error::none;
        if (receive_.at_end()) return error::end_of_stream;
        if (state() <= tenon::state::listen) return failure_ != error::none ? failure_ : error::not_open;
        return detached_ ? error::closing : error::would_block;
    }

};

}  // namespace tenon
