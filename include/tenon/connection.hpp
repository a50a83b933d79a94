// SPDX-License-Identifier: BSL-1.0
// connection: one TCP connection as a value (RFC 9293). It owns no clock, memory, socket or callback: the time and the
// homes of its octets come in with each call, segments come out as plans. All-zero is a valid closed connection.
//
//   input(homes, now, segment)   one parsed, verified segment of this connection; records what follows from it
//   next(homes, super)           the plan of one segment that may go out; pure
//   sent(now, plan)              the transport has taken it
//   expire(homes, now)           timers that are due
//   settle(now, why)             output is over for now, for this reason; the timers are set
//   next_deadline(now)           when expire has something to do; nothing = not before a segment or a call
//
// One thread at a time; no call re-enters another. endpoint and host drive it; so may you.
#pragma once
#include <tenon/core/contract.hpp>
#include <tenon/core/error.hpp>
#include <tenon/engine/admission.hpp>
#include <tenon/engine/handshake.hpp>
#include <tenon/engine/homes.hpp>
#include <tenon/engine/output.hpp>
#include <tenon/engine/ready.hpp>
#include <tenon/engine/receiver.hpp>
#include <tenon/engine/sender.hpp>
#include <tenon/policies.hpp>
#include <tenon/policy/blind_attack_checks/concept.hpp>
#include <tenon/policy/icmp/concept.hpp>
#include <tenon/policy/keep_alive/concept.hpp>
#include <tenon/policy/time_wait/concept.hpp>
#include <tenon/state/machine.hpp>
#include <tenon/wire/icmp.hpp>

namespace tenon {

template <complete_policies P>
class connection {
    using checks = typename P::blind_attack_checks;
    using wire_flag = wire::flag;
    using engine_timer = engine::timer;
    static constexpr auto offered = P::options::offered;

public:
    using policies  = P;
    using homes     = tenon::homes<P>;
    using result    = engine::handshake_result;
    using send_part = engine::sender<P>;

    // ---- open

    // RFC 9293, 3.10.1, passive.
    constexpr error listen() noexcept {
        if (!machine_.apply(event::open_passive).taken()) return error::already_open;
        passive_ = true;
        return error::none;
    }

    // Active; also from LISTEN.
    constexpr error open(homes h, sequence iss, engine::link_facts link) noexcept {
        if (!machine_.apply(event::open_active).taken()) return error::already_open;
        begin(h, iss, link);
        passive_ = false;
        return error::none;
    }

    // A SYN came to LISTEN, or to a host that kept the rest in a half-open entry.
    constexpr void accept(homes h, instant now, result const& r, engine::link_facts link) noexcept {
        machine_.apply(r.answered ? event::hand_over : event::rcv_syn);
        begin(h, r.iss, link);
        passive_ = true;
        receive_.start(r.irs, h.receive);
        agree(h, r.peer);
        send_.space.set_window(r.irs, r.iss, r.window);
        if (r.answered) send_.adopt_syn(now, r.retransmitted);
    }

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
        receive_.consume(h.receive, std::min(n, receive_.readable()), send_.path.mss());
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
            machine_.apply(event::close);
            end(h, error::none);
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

    // RFC 9293, 3.10.5.
    constexpr error abort(homes h) noexcept {
        auto const t = machine_.apply(event::abort);
        if (!t.taken()) return error::not_open;
        reset_owed_ = t.send() == reply::rst;
        end(h, error::aborted);
        return error::none;
    }

    // ---- the network

    TENON_PER_SEGMENT ready input(homes h, instant now, wire::segment const& s, std::uint16_t segments = 1) noexcept {
        send_.observe(observer::what::segments_in);
        if (state() == tenon::state::syn_sent) return input_syn_sent(h, now, s);
        if (state() <= tenon::state::listen) return ready::none;
        auto const verdict = engine::judge<checks::checks>({state(), passive_}, send_.space, receive_.space, s);
        if (verdict != engine::admitted::process) return refuse(h, now, s, verdict);
        alive(now);
        ready events = on_ack(h, now, s);
        if (may_receive_data(state())) events |= on_text(h, now, s, s.seq, segments);
        return events;
    }

    // An ICMP error that quotes a segment of this connection (RFC 9293, 3.9.2.2; RFC 5927).
    ready heed(homes h, instant now, wire::icmp_kind kind, sequence seq, bytes mss) noexcept
        requires (P::icmp::hears)
    {
        if (state() <= tenon::state::listen || seq - send_.space.una >= send_.space.outstanding()) return ready::none;
        send_.observe(observer::what::icmp_errors);
        if (kind == wire::icmp_kind::too_big) {
            send_.shrink(now, mss);
        } else if (kind == wire::icmp_kind::unreachable_hard && state() == tenon::state::syn_sent) {
            machine_.apply(event::give_up);
            return end(h, error::unreachable);
        }
        return ready::none;
    }

    // TIME-WAIT goes on elsewhere, as a record of the driver's: here it is over.
    constexpr ready leave_time_wait(homes h) noexcept {
        machine_.apply(event::time_wait_over);
        return end(h, error::none);
    }

    ready expire(homes h, instant now) noexcept {
        receive_.expire(now);
        if (!send_.timer.due(now)) return ready::none;
        auto verdict = give_up::verdict::carry_on;
        switch (send_.timer.kind()) {
            case engine_timer::retransmit: verdict = send_.on_timeout(now); break;
            case engine_timer::persist: verdict = send_.on_persist(now); break;
            case engine_timer::time_wait: machine_.apply(event::time_wait_over); return end(h, error::none);
            case engine_timer::fin_wait_2: machine_.apply(event::fin_wait_2_over); return end(h, error::timed_out);
            case engine_timer::keep_alive: verdict = probe_idle_peer(now); break;
            default: break;
        }
        if (verdict == give_up::verdict::abandon) return give_in(h);
        return verdict == give_up::verdict::advise ? ready::stalled : ready::none;
    }

    // ---- output

    template <bool Cuts = false>
    constexpr engine::plan next(homes h, unsigned super = 1) const noexcept {
        return engine::output<P>{send_, receive_, h.receive}.template next<Cuts>({state(), reset_owed_, probe_due_}, super);
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
        if (p.has(wire_flag::ack)) receive_.on_sent(p.edge, pure);
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

    constexpr void settle(instant now, engine::limit why) noexcept {
        if (state() <= tenon::state::listen) return;
        send_.settle(now, why);
        if constexpr (P::time_wait::limits_fin_wait_2)
            if (state() == tenon::state::fin_wait_2 && detached_ && !send_.timer.armed())
                send_.timer.arm(engine_timer::fin_wait_2, now, P::time_wait::fin_wait_2());
        if constexpr (P::keep_alive::probes) {
            bool const open = state() == tenon::state::established || state() == tenon::state::close_wait;
            if (open && keep_alive_.enabled() && !send_.timer.armed()) send_.timer.arm(engine_timer::keep_alive, now, keep_alive_.wait());
        }
    }

    // RFC 5681, 4.1: before sending after a silence.
    constexpr void wake(instant now) noexcept { send_.wake(now); }

    constexpr std::optional<instant> next_deadline(instant now) const noexcept {
        return engine::earliest(send_.timer.next(now), receive_.next_deadline(now));
    }
    // Counts what a driver of the connection has seen.
    constexpr void count(observer::what w) noexcept { send_.observe(w); }

    // ---- what anybody may read

    constexpr tenon::state state() const noexcept { return machine_.now(); }
    constexpr error failure() const noexcept { return failure_; }
    constexpr bool passive() const noexcept { return passive_; }
    constexpr bool detached() const noexcept { return detached_; }
    constexpr send_part const& sending() const noexcept { return send_; }
    constexpr engine::receiver<P> const& receiving() const noexcept { return receive_; }
    constexpr auto const& send_store() const noexcept { return send_store_; }
    constexpr bytes mss() const noexcept { return send_.path.mss(); }
    // The shift that a SYN of ours offers, and whether it offers one (RFC 7323, 2.2: a SYN-ACK only to one that did).
    constexpr std::uint8_t offered_shift(homes h) const noexcept { return engine::receiver<P>::shift_for(most_promised(h)); }
    constexpr bool offers_scale() const noexcept {
        if constexpr (offered.window_scale) return state() == tenon::state::syn_sent || scale_.agreed;
        else return false;
    }

    friend constexpr bool operator==(connection const&, connection const&) noexcept = default;

private:
    // Between SYN and SYN-ACK a pool's promise changes; its capacity does not.
    constexpr bytes most_promised(homes h) const noexcept {
        if constexpr (requires { P::receive_buffer::capacity; }) return P::receive_buffer::capacity;
        else return receive_.promise(h.receive);
    }

    constexpr void begin(homes h, sequence iss, engine::link_facts link) noexcept {
        send_.start(iss, link);
        send_store_.release(h.send);
        receive_.reset(h.receive);
        keep_alive_ = {};
        failure_    = error::none;
        detached_ = reset_owed_ = probe_due_ = false;
    }

    // What the two SYNs agree on. MSS: RFC 9293, MUST-15; window scale: RFC 7323, 2.2.
    constexpr void agree(homes h, engine::handshake_options const& peer) noexcept {
        send_.path.agree(peer.mss);
        if constexpr (offered.window_scale) {
            scale_.agreed = peer.scales;
            scale_.shift  = peer.scales ? peer.window_scale : std::uint8_t{0};
            receive_.set_shift(peer.scales ? offered_shift(h) : std::uint8_t{0});
        }
    }
    constexpr bytes scaled(std::uint16_t window) const noexcept {
        if constexpr (offered.window_scale) return bytes{window} << scale_.shift;
        else return window;
    }

    constexpr error why_not_write() const noexcept {
        if (send_.finishing() && state() != tenon::state::closed) return error::closing;
        if (state() <= tenon::state::listen) return failure_ != error::none ? failure_ : error::not_open;
        return error::none;
    }
    constexpr error why_not_read() const noexcept {
        if (receive_.readable() != 0) return error::none;
        if (receive_.at_end()) return error::end_of_stream;
        if (state() <= tenon::state::listen) return failure_ != error::none ? failure_ : error::not_open;
        return detached_ ? error::closing : error::would_block;
    }

    // RFC 9293, 3.10.4. In SYN-SENT it waits for the handshake.
    constexpr void finish() noexcept {
        send_.finish();
        if (state() != tenon::state::syn_sent) machine_.apply(event::close);
    }

    constexpr ready end(homes h, error why) noexcept {
        failure_ = why;
        send_store_.release(h.send);
        send_.timer.disarm();
        // After a regular end, what the application has not read remains readable.
        if (why != error::none || detached_) receive_.reset(h.receive);
        return ready::closed;
    }

    constexpr ready give_in(homes h) noexcept {
        bool const half_open = passive_ && state() == tenon::state::syn_received;
        machine_.apply(event::give_up);
        if (half_open) {  // it was not the application's yet: listen on
            begin(h, {}, {});
            machine_.apply(event::open_passive);
            return ready::none;
        }
        return end(h, error::timed_out);
    }

    // ---- states that wait

    constexpr void wait_out(instant now) noexcept {
        duration linger{};
        if constexpr (P::time_wait::waits) linger = P::time_wait::linger();
        send_.timer.arm(engine_timer::time_wait, now, linger);
    }

    // ---- steps of input

    // RFC 9293, 3.10.7.3.
    ready input_syn_sent(homes h, instant now, wire::segment const& s) noexcept {
        switch (engine::judge_syn_sent(send_.space, s)) {
            case engine::admitted::reset_peer: return ready::answer_reset;
            case engine::admitted::reset: machine_.apply(event::rcv_rst); return end(h, error::refused);
            case engine::admitted::process: break;
            default: return ready::none;
        }
        receive_.start(s.seq, h.receive);
        agree(h, engine::read_handshake<offered>(s.options));
        send_.space.set_window(s.seq, s.has(wire_flag::ack) ? s.ack : send_.space.una, s.window);
        if (!s.has(wire_flag::ack)) {
            machine_.apply(event::rcv_syn);
            send_.repeat_syn();
            return ready::none;
        }
        machine_.apply(event::rcv_syn_ack);
        ready events = established(now);
        send_.on_ack(now, {.ack = s.ack});
        receive_.owe();
        if (may_receive_data(state())) events |= on_text(h, now, s, s.seq + 1, 1);
        return events;
    }

    constexpr ready established(instant now) noexcept {
        send_.open(now);
        if (send_.finishing()) machine_.apply(event::close);
        return ready::opened;
    }

    // RFC 9293, 3.10.7.4, fifth.
    TENON_PER_SEGMENT ready on_ack(homes h, instant now, wire::segment const& s) noexcept {
        auto const kind = send_.space.classify(s.ack);
        if (kind == engine::ack_kind::old || kind == engine::ack_kind::beyond) return ready::none;
        ready events{};
        if (send_.syn_pending() && kind == engine::ack_kind::advances) {
            if (machine_.apply(event::rcv_ack_of_syn).taken()) events = established(now);
            else send_.open(now);
        }
        bytes const before  = send_.space.window;
        bytes const offered_window = scaled(s.window);
        bool const duplicate = kind == engine::ack_kind::repeated && send_.space.outstanding() != 0 && s.payload.empty() &&
                               !s.has(wire_flag::fin) && offered_window == before;
        bool advanced = false;
        if (kind == engine::ack_kind::advances || duplicate || before == 0) {
            auto const outcome = send_.on_ack(now, {.ack = s.ack, .duplicate = duplicate});
            advanced = outcome.advanced;
            if (outcome.released != 0) {
                send_store_.drop(h.send, outcome.released);
                events |= ready::writable;
            }
        }
        if (send_.space.update_window(s.seq, s.ack, offered_window)) send_.on_window(before);
        if (advanced && send_.space.fin_acknowledged()) events |= on_fin_acknowledged(h, now);
        return events;
    }

    ready on_fin_acknowledged(homes h, instant now) noexcept {
        if (!machine_.apply(event::rcv_ack_of_fin).taken()) return ready::none;
        switch (state()) {
            case tenon::state::closed: return end(h, error::none);
            case tenon::state::time_wait: wait_out(now); break;
            default: break;
        }
        return ready::none;
    }

    // RFC 9293, 3.10.7.4, sixth to eighth: urgent data is delivered in line (3.8.5 discourages anything else).
    TENON_PER_SEGMENT ready on_text(homes h, instant now, wire::segment const& s, sequence seq, std::uint16_t segments) noexcept {
        ready events{};
        if (s.payload.empty() && !s.has(wire_flag::fin)) return events;
        // Nobody will read it: the peer is told that it is lost (RFC 2525, 2.17).
        if (detached_ && seq + static_cast<bytes>(s.payload.size()) > receive_.space.nxt && !s.payload.empty()) {
            abort(h);
            return ready::closed;
        }
        if (s.has(wire_flag::urg)) {
            send_.observe(observer::what::urgent_in);
            events |= ready::urgent;
        }
        auto const got = receive_.on_data(h.receive, now,
                                          {.seq = seq, .payload = s.payload, .segments = segments,
                                           .fin = s.has(wire_flag::fin), .push = s.has(wire_flag::psh)});
        send_.observe(observer::what::data_segments_in);
        send_.observe(observer::what::data_octets_in, got.octets);
        if (got.gap) send_.observe(observer::what::out_of_order_segments);
        if (got.refused != 0) send_.observe(observer::what::refused_octets, got.refused);
        if (got.octets != 0) events |= ready::readable;
        if (got.fin) {
            machine_.apply(event::rcv_fin);
            if (state() == tenon::state::time_wait) wait_out(now);
            events |= ready::end_of_stream;
        }
        return events;
    }

    ready refuse(homes h, instant now, wire::segment const& s, engine::admitted verdict) noexcept {
        using engine::admitted;
        ready events{};
        // The peer has missed our ACK of its FIN (RFC 9293, 3.10.7.4, eighth).
        bool const answered = verdict == admitted::acknowledge || verdict == admitted::ack_alone;
        if (answered && state() == tenon::state::time_wait && s.has(wire_flag::fin)) wait_out(now);
        switch (verdict) {
            case admitted::reset: return on_reset(h);
            case admitted::reset_peer: return ready::answer_reset;
            case admitted::new_incarnation:  // RFC 9293, 3.10.7.4, fourth, without RFC 5961
                machine_.apply(event::rcv_rst);
                return end(h, error::reset) | ready::answer_reset;
            case admitted::back_to_listen:
                machine_.apply(event::rcv_syn_passive);
                begin(h, {}, {});
                return events;
            case admitted::challenge: challenge(now); return events;
            case admitted::ack_alone:
                events = on_ack(h, now, s);
                alive(now);
                receive_.owe();
                return events;
            case admitted::acknowledge: break;
            default: return events;
        }
        send_.observe(observer::what::unacceptable_segments);
        // An old segment with data is owed its ACK (attack S12); a bare one could start a war of ACKs (attack X12).
        if (s.length() != 0) receive_.owe();
        else challenge(now);
        return events;
    }

    constexpr void challenge(instant now) noexcept {
        if (!checks_.may_challenge(now)) return;
        send_.observe(observer::what::challenge_acks);
        receive_.owe();
    }

    ready on_reset(homes h) noexcept {
        send_.observe(observer::what::resets_in);
        auto const was = state();
        if (was == tenon::state::syn_received && passive_) {
            machine_.apply(event::rcv_rst_passive);
            begin(h, {}, {});
            return ready::none;
        }
        machine_.apply(event::rcv_rst);
        if (was == tenon::state::syn_received) return end(h, error::refused);
        // Both directions were finished: a RST then takes nothing from the application (RFC 9293, 3.10.7.4, second).
        bool const over = was == tenon::state::closing || was == tenon::state::last_ack;
        return end(h, over ? error::none : error::reset);
    }

    // ---- keep-alive (RFC 9293, 3.8.4)

    constexpr void on_probe_sent() noexcept {
        probe_due_ = false;
        send_.observe(observer::what::keep_alive_probes);
    }

    constexpr void alive(instant now) noexcept {
        if constexpr (P::keep_alive::probes) {
            keep_alive_.on_arrival();
            if (send_.timer.kind() == engine_timer::keep_alive) send_.timer.arm(engine_timer::keep_alive, now, keep_alive_.wait());
        }
    }
    constexpr give_up::verdict probe_idle_peer(instant now) noexcept {
        if constexpr (P::keep_alive::probes) {
            if (keep_alive_.on_timeout() == keep_alive::verdict::abandon) return give_up::verdict::abandon;
            probe_due_ = true;
            send_.timer.arm(engine_timer::keep_alive, now, keep_alive_.wait());
        }
        return give_up::verdict::carry_on;
    }

    struct no_scale {
        friend constexpr bool operator==(no_scale, no_scale) noexcept = default;
    };
    struct scale {
        std::uint8_t shift{};
        bool agreed{};
        friend constexpr bool operator==(scale, scale) noexcept = default;
    };

    // Small fields first: on small processors they are reached with shorter instructions.
    basic_machine<typename P::state_table> machine_{};
    error failure_{};
    bool passive_{};
    bool detached_{};    // the application is done with both directions
    bool reset_owed_{};
    bool probe_due_{};
    [[no_unique_address]] std::conditional_t<offered.window_scale, scale, no_scale> scale_{};
    [[no_unique_address]] typename P::keep_alive keep_alive_{};
    engine::sender<P> send_{};
    [[no_unique_address]] checks checks_{};
    engine::receiver<P> receive_{};
    [[no_unique_address]] typename P::send_buffer send_store_{};
};

}  // namespace tenon
