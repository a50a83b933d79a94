// SPDX-License-Identifier: BSL-1.0
// Input steps: what an arriving segment does to a connection, once admission has judged it: the steps of RFC 9293, 3.10.7, in its
// order. Work per segment is bounded by the reassembly policy's capacity.
#pragma once
#include <tenon/engine/admission.hpp>
#include <tenon/engine/control_block.hpp>

namespace tenon::engine {

template <class P>
class input_steps : public control_block<P> {
    using base = control_block<P>;
    using wire_flag = wire::flag;

protected:
    using call = engine::call<P>;
    using typename base::checks, typename base::homes, typename base::moment;
    using base::offered;
    using base::checks_, base::detached_, base::keep_alive_, base::machine_, base::passive_, base::probe_due_, base::receive_, base::send_,
        base::send_store_, base::stamps_;
    using base::begin_again, base::end, base::release, base::scaled, base::synchronize;

public:
    using base::abort, base::state;

protected:
    // RFC 9293, 3.10.7.3.
    ready input_syn_sent(call const& c, wire::segment const& s) noexcept {
        switch (judge_syn_sent(send_.space, s)) {
            case admitted::reset_peer: return ready::answer_reset;
            case admitted::reset: return end(c.homes, event::rcv_rst, error::refused);
            case admitted::process: break;
            default: return ready::none;
        }
        synchronize(c.homes, c.now, s.seq, read_handshake<offered>(s.options), s.has(wire_flag::ack) ? s.ack : send_.space.una, s.window);
        if constexpr (P::ecn::marks) base::agree_on_marks(is_setup(s));
        if (!s.has(wire_flag::ack)) {
            machine_.apply(event::rcv_syn);
            send_.repeat_syn();
            return ready::none;
        }
        machine_.apply(event::rcv_syn_ack);
        ready events = established(c.now);
        send_.on_ack(c.now, {.ack = s.ack, .duplicate = false});
        receive_.owe();
        if (may_receive_data(state())) events |= on_text(c, s, s.seq + 1, 1);
        return events;
    }

    TENON_ONE_COPY constexpr ready established(moment const& now) noexcept {
        send_.open(now);
        if (send_.finishing()) machine_.apply(event::close);
        return ready::opened;
    }

    // RFC 7323, 5.3, R1: before the sequence numbers are looked at, for all but RSTs (5.2).
    [[nodiscard]] TENON_PER_SEGMENT admitted judge_timestamps(call& c, wire::segment const& s) noexcept requires (offered.timestamps) {
        if (!stamps_.agreed() || s.has(wire_flag::rst)) return admitted::process;
        // 3.2: a segment without what was negotiated is dropped, and ends nothing.
        if (!wire::find_timestamps(s.options, c.stamps)) {
            send_.observe(observer::what::dropped_without_timestamp);
            return admitted::drop;
        }
        if (stamps_.stale(c.stamps.value, c.now.coarse())) {
            send_.observe(observer::what::dropped_old_timestamp);
            return admitted::acknowledge;
        }
        return admitted::process;
    }

    // RFC 9293, 3.10.7.4, fifth.
    TENON_PER_SEGMENT ready on_ack(call const& c, wire::segment const& s) noexcept {
        auto const kind = send_.space.classify(s.ack);
        if (kind == ack_kind::old || kind == ack_kind::beyond) return ready::none;
        ready events{};
        [[maybe_unused]] bool const ends_handshake = send_.syn_pending();
        if (send_.syn_pending() && kind == ack_kind::advances) {
            if (machine_.apply(event::rcv_ack_of_syn).taken()) events = established(c.now);
            else send_.open(c.now);
        }
        bytes const before  = send_.space.window;
        bytes const offered_window = s.has(wire_flag::syn) ? s.window : scaled(s.window);  // RFC 7323, 2.2: that of a SYN never is
        // What answers a probe of a closed window tells of no loss (RFC 9293, 3.8.6.1).
        bool const duplicate = recovery::hears_acks_of<typename P::recovery> && kind == ack_kind::repeated && send_.space.outstanding() != 0 && s.payload.empty() &&
                               !s.has(wire_flag::fin) && offered_window == before && before != 0;
        bool advanced = false;
        if (kind == ack_kind::advances || duplicate || before == 0) {
            typename sender<P>::heard heard{.ack = s.ack, .duplicate = duplicate};
            if constexpr (P::ecn::marks) heard.marked = base::marks_.sends() && s.has(wire_flag::ece) && !s.has(wire_flag::syn);
            if constexpr (offered.timestamps)
                // RFC 6298, 5.7: the timeout that a lost SYN left stands until data has been timed.
                if (kind == ack_kind::advances && !ends_handshake && send_.wants_round_trip() && c.stamps.echo != 0)
                    heard.round_trip = stamps_.round_trip(c.stamps.echo, c.now.coarse());
            auto const outcome = send_.on_ack(c.now, heard);
            advanced = outcome.advanced;
            if (outcome.released != 0) {
                send_store_.drop(c.homes.send, outcome.released);
                events |= ready::writable;
            }
            if constexpr (P::icmp::hears)
                if (advanced) base::trouble_ = {};
        }
        if (send_.space.update_window(s.seq, s.ack, offered_window)) send_.on_window(before);
        if (advanced && send_.space.fin_acknowledged()) events |= on_fin_acknowledged(c);
        return events;
    }

    ready on_fin_acknowledged(call const& c) noexcept {
        if (!machine_.apply(event::rcv_ack_of_fin).taken()) return ready::none;
        switch (state()) {
            case tenon::state::closed: return release(c.homes, error::none);
            case tenon::state::time_wait: wait_out(c.now); break;
            default: break;
        }
        return ready::none;
    }

    // RFC 9293, 3.10.7.4, sixth to eighth: urgent data is delivered in line (3.8.5 discourages anything else).
    TENON_PER_SEGMENT ready on_text(call const& c, wire::segment const& s, sequence seq, std::uint16_t segments) noexcept {
        ready events{};
        if (s.payload.empty() && !s.has(wire_flag::fin)) return events;
        // Nobody will read it: the peer is told that it is lost (RFC 2525, 2.17).
        if (detached_ && seq + static_cast<bytes>(s.payload.size()) > receive_.space.nxt && !s.payload.empty()) {
            abort(c.homes);
            return ready::closed;
        }
        if (s.has(wire_flag::urg)) {
            send_.observe(observer::what::urgent_in);
            events |= ready::urgent;
        }
        auto const got = receive_.on_data(c.homes.receive, c.now,
                                          {.seq = seq, .payload = s.payload, .segments = segments,
                                           .fin = s.has(wire_flag::fin), .push = s.has(wire_flag::psh)});
        send_.observe(observer::what::data_segments_in);
        send_.observe(observer::what::data_octets_in, got.octets);
        if (got.gap) send_.observe(observer::what::out_of_order_segments);
        if (got.refused != 0) send_.observe(observer::what::refused_octets, got.refused);
        if (got.octets != 0) events |= ready::readable;
        if (got.fin) {
            machine_.apply(event::rcv_fin);
            if (state() == tenon::state::time_wait) wait_out(c.now);
            events |= ready::end_of_stream;
        }
        return events;
    }

    ready refuse(call const& c, wire::segment const& s, admitted verdict) noexcept {
        ready events{};
        // The peer has missed our ACK of its FIN (RFC 9293, 3.10.7.4, eighth).
        bool const answered = verdict == admitted::acknowledge || verdict == admitted::ack_alone;
        if (answered && state() == tenon::state::time_wait && s.has(wire_flag::fin)) wait_out(c.now);
        switch (verdict) {
            case admitted::reset: return on_reset(c.homes);
            case admitted::reset_peer: return ready::answer_reset;
            case admitted::new_incarnation:  // RFC 9293, 3.10.7.4, fourth, without RFC 5961
                return end(c.homes, event::rcv_rst, error::reset) | ready::answer_reset;
            case admitted::back_to_listen:
                machine_.apply(event::rcv_syn_passive);
                return begin_again(c.homes);
            case admitted::challenge: challenge(c.now); return events;
            case admitted::ack_alone:
                events = on_ack(c, s);
                alive(c.now);
                receive_.owe();
                return events;
            case admitted::acknowledge: break;
            default: return events;
        }
        send_.observe(observer::what::unacceptable_segments);
        // An old segment with data is owed its ACK (attack S12); a bare one could start a war of ACKs (attack X12).
        if constexpr (offered.sack) receive_.note_old(s.seq, static_cast<bytes>(s.payload.size()));
        if (s.length() != 0) receive_.owe();
        else challenge(c.now);
        return events;
    }

    constexpr void challenge(moment const& now) noexcept {
        if (!checks_.may_challenge(now.exact)) return;
        send_.observe(observer::what::challenge_acks);
        receive_.owe();
    }

    ready on_reset(homes const& h) noexcept {
        send_.observe(observer::what::resets_in);
        auto const was = state();
        if (was == tenon::state::syn_received && passive_) {
            machine_.apply(event::rcv_rst_passive);
            return begin_again(h);
        }
        // Both directions were finished: a RST then takes nothing from the application (RFC 9293, 3.10.7.4, second).
        bool const over = was == tenon::state::closing || was == tenon::state::last_ack;
        return end(h, event::rcv_rst, was == tenon::state::syn_received ? error::refused : over ? error::none : error::reset);
    }

    // ---- states that wait

    constexpr void wait_out(moment const& now) noexcept {
        duration linger{};
        if constexpr (P::time_wait::waits) linger = P::time_wait::linger();
        send_.timer.arm_at(timer::time_wait, now.after(linger));
    }

    // ---- keep-alive (RFC 9293, 3.8.4)

    constexpr void on_probe_sent() noexcept {
        probe_due_ = false;
        send_.observe(observer::what::keep_alive_probes);
    }

    constexpr void alive(moment const& now) noexcept {
        if constexpr (P::keep_alive::probes) {
            keep_alive_.on_arrival();
            probe_due_ = false;
            if (send_.timer.kind() == timer::keep_alive) send_.timer.arm_at(timer::keep_alive, now.after(keep_alive_.wait()));
        }
    }
    constexpr give_up::verdict probe_idle_peer(moment const& now) noexcept {
        if constexpr (P::keep_alive::probes) {
            // What no transport has taken asks nobody, and nobody fails to answer it.
            if (!probe_due_ && keep_alive_.on_timeout() == keep_alive::verdict::abandon) return give_up::verdict::abandon;
            probe_due_ = true;
            send_.timer.arm_at(timer::keep_alive, now.after(keep_alive_.wait()));
        }
        return give_up::verdict::carry_on;
    }

    friend constexpr bool operator==(input_steps const&, input_steps const&) noexcept = default;
};

}  // namespace tenon::engine
