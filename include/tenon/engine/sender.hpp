// SPDX-License-Identifier: BSL-1.0
// Sender: the sending half of a connection. It hears acknowledgments and timeouts, asks the policies in a fixed order, and
// says what may go out next. It sends nothing, knows no state of the connection and no receiver.
//
// The order of what happens for an ACK is in docs/architecture.md. O(1).
#pragma once
#include <tenon/engine/sender_state.hpp>

namespace tenon::engine {

template <class P>
class sender : public sender_state<P> {
    friend class canonical_access;
    using base = sender_state<P>;
    using base::congestion_, base::episode_, base::finishing_, base::flight_, base::handshake_lost_, base::last_sent_, base::least_rtt_,
        base::limit_, base::no_delay_, base::observer_, base::probes_, base::probing_, base::recovery_, base::recovery_window_,
        base::retries_, base::round_trip_, base::slow_start_, base::syn_pending_, base::timer_policy_, base::user_timeout_;
    using base::await_ack, base::board, base::context_at, base::persist_interval, base::progress, base::waited;
    using base::measures_rtt, base::repairs, base::restarts, base::marked_, base::marks, base::stamps;
    using congestion_policy = typename P::congestion;

public:
    using moment = typename base::moment;
    using base::path, base::space, base::timer;
    using base::has_lost, base::has_unsent, base::observe, base::pipe, base::repairing, base::window;

    constexpr void start(sequence iss, link_facts link) noexcept {
        // Settings and counts are the application's, whatever becomes of a connection.
        auto const no_delay = no_delay_;
        auto const observed = observer_;
        *this = {};
        no_delay_ = no_delay;
        observer_ = observed;
        space.start(iss);
        path.start(link);
        episode_.start(iss);
        syn_pending_ = true;
    }

    // The handshake is over: the peer's MSS is known, data may flow (RFC 5681, 3.1: the initial window).
    constexpr void open(moment const& now) noexcept {
        auto x = context_at(now);
        x.handshake_lost = handshake_lost_;
        if (handshake_lost_) timer_policy_.on_handshake_lost();
        congestion_.on_start(x);
    }

    // The SYN is to go out again, as SYN-ACK (simultaneous open).
    constexpr void repeat_syn() noexcept { board().mark_all(); }
    // The SYN-ACK went out before this connection existed.
    constexpr void adopt_syn(moment const& now, bool retransmitted) noexcept {
        space.nxt += 1;
        handshake_lost_ = retransmitted;
        progress(now);
    }
    // How long that SYN-ACK took, sent once (RFC 6298, 2.2).
    constexpr void measured(duration round_trip) noexcept { timer_policy_.on_sample(round_trip); }
    // A router cannot forward segments of this size (RFC 1191, 6.4): no congestion, but what is out there is gone.
    constexpr void shrink(moment const& now, bytes mss) noexcept {
        bytes const old = path.mss();
        if (!path.lower(mss)) return;
        round_trip_.on_resent();
        board().mark_all();
        if constexpr (tenon::congestion::follows_mss<congestion_policy>) congestion_.on_mss_change(context_at(now), old);
    }

    constexpr void on_written(bytes n) noexcept { space.end += n; }
    constexpr void finish() noexcept { finishing_ = true; }
    constexpr void use_marks(bool agreed) noexcept requires (marks) { marked_.agreed = agreed; }
    constexpr void no_delay(bool on) noexcept requires (P::coalescing::coalesces) { no_delay_ = on; }
    constexpr void user_timeout(std::uint32_t coarse) noexcept requires (P::give_up::gives_up) { user_timeout_ = coarse; }
    constexpr bool finishing() const noexcept { return finishing_; }
    constexpr bool all_acknowledged() const noexcept { return space.una == space.nxt && !has_unsent(); }

    struct outcome {
        bytes released{};  // octets of the send store that are acknowledged
        bool  advanced{};
    };

    using heard = std::conditional_t<stamps, stamped_ack_facts, std::conditional_t<marks, marked_ack_facts, ack_facts>>;

    constexpr outcome on_ack(moment const& now, heard const& a) noexcept {
        bytes const acknowledged = a.ack - space.una;
        bytes const prior_pipe   = pipe();
        outcome result{.advanced = acknowledged != 0};
        // Any answer shows that the peer lives; a probe that is answered does not count (RFC 9293, MUST-37).
        if (acknowledged != 0 || space.window == 0) {
            retries_ = 0;
            progress(now);
        }
        std::optional<duration> sample;
        if (acknowledged != 0) {
            result.released = advance(now, acknowledged);
            sample = round_trip_.on_ack_at(space.una, now.stamped());
            // One sample for each round trip; of what was sent again the timestamps know which one was answered (RFC 7323, 4.1).
            if constexpr (stamps)
                if (a.round_trip) sample = a.round_trip;
            if (sample) timer_policy_.on_sample(*sample);
            // RFC 6298, 5.3: new data acknowledged restarts the timer; 5.2: all of it stops it.
            if (space.outstanding() == 0) timer.disarm();
            else if (!repairing() || episode_.first_partial()) await_ack(now);  // RFC 6582, 3.2, step 3
        } else if (a.duplicate) {
            observe(tenon::observer::what::duplicate_acks_in);
        }
        respond(now, a, acknowledged, prior_pipe, sample);
        return result;
    }

    // The peer's window has been updated. One that reopens over data in flight lost what it had refused; if it reopens again
    // before an answer to that, the timer decides.
    constexpr void on_window(bytes before) noexcept {
        if (before != 0 || space.window == 0) {
            if (before != 0 && space.window == 0) observe(tenon::observer::what::zero_window_received);
            return;
        }
        probes_ = 0;
        if (flight_.resend_at() == 0) board().mark_all();
    }

    // The retransmission timer fired. False: give up (RFC 9293, 3.8.3: R2).
    constexpr tenon::give_up::verdict on_timeout(moment const& now) noexcept {
        if constexpr (marks)
            if (base::held()) {
                marked_.held = false;
                if (space.outstanding() == 0) {  // it was set for this alone
                    timer.disarm();
                    return tenon::give_up::verdict::carry_on;
                }
            }
        auto const verdict = waited(now);
        observe(retries_ > 1 ? tenon::observer::what::subsequent_timeouts : tenon::observer::what::timeouts);
        round_trip_.on_resent();
        timer_policy_.on_timeout();
        if (syn_pending_) {
            handshake_lost_ = space.nxt != space.una;  // what no transport has taken was not lost
            board().mark_all();
        } else {
            auto const x = context_at(now);
            auto b = board();
            recovery_.on_timeout(b);
            episode_.time_out(congestion_, x, space.nxt, retries_ > 1);
            if constexpr (marks) marked_.reduced = true;
        }
        await_ack(now);
        return verdict;
    }

    // The persist timer fired: probe (RFC 9293, 3.8.6.1) or override silly-window avoidance (3.8.6.2.1).
    constexpr tenon::give_up::verdict on_persist(moment const& now) noexcept {
        auto const verdict = space.window == 0 ? waited(now) : tenon::give_up::verdict::carry_on;
        if constexpr (marks) marked_.held = false;  // its timer has expired
        probing_ = true;
        if (probes_ < 16) ++probes_;
        timer.arm_at(engine::timer::persist, now.after(persist_interval()));
        return verdict;
    }

    constexpr void on_sent(moment const& now, plan const& p) noexcept {
        bytes const taken = p.length + (p.has(wire::flag::fin) ? 1u : 0u) + (p.has(wire::flag::syn) ? 1u : 0u);
        if (p.kind == sending::probe) {
            probing_ = false;
            observe(tenon::observer::what::window_probes);
        }
        if (p.header.seq < space.nxt) {
            round_trip_.on_resent();
            if (p.kind != sending::probe) flight_.on_resent(taken);
            observe(tenon::observer::what::segments_retransmitted);
            observe(tenon::observer::what::octets_retransmitted, p.length);
        } else {
            if (space.outstanding() == 0) progress(now);
            space.nxt += taken;
            if (p.kind != sending::probe) round_trip_.on_sent_at(space.nxt, now.stamped());
        }
        if (p.length != 0) {
            observe(tenon::observer::what::data_segments_out);
            observe(tenon::observer::what::data_octets_out, p.length);
            congestion_.on_sent(context_at(now), p.length);
            if (repairing()) recovery_window_.on_sent(p.length);
            if constexpr (marks)
                if (p.has(wire::flag::cwr)) marked_.reduced = false;
            if constexpr (restarts) last_sent_ = now.coarse();
        }
        // RFC 6298, 5.1: every segment that occupies sequence numbers finds the timer running.
        if (timer.kind() != engine::timer::retransmit && (space.window != 0 || syn_pending_)) await_ack(now);
    }

    // Output has stopped, for this reason. Decides which timer the sending side needs, in one place.
    constexpr void settle(moment const& now, limit why) noexcept {
        if (why != limit::none) limit_ = why;
        // A SYN that the transport would not take is timed as well, or nobody would ever give up (attack H17).
        if (syn_pending_ || (base::held() && space.window != 0) || (space.outstanding() != 0 && space.window != 0)) {
            if (timer.kind() != engine::timer::retransmit) {
                if (space.outstanding() == 0) progress(now);  // R2 counts from here (RFC 9293, MUST-23), though nothing went out
                await_ack(now);
            }
        } else if (why == limit::transport && space.outstanding() == 0 && has_unsent()) {
            return;  // refused is not settled: a probe's back-off goes on (RFC 9293, 3.8.6.1, SHLD-30; attack A05)
        } else if (space.outstanding() != 0 || limit_ == limit::peer_window) {
            if (timer.kind() != engine::timer::persist) {
                probes_ = 0;
                if (space.outstanding() == 0) progress(now);
                timer.arm_at(engine::timer::persist, now.after(persist_interval()));
            }
        } else if (timer.kind() == engine::timer::retransmit || timer.kind() == engine::timer::persist) {
            timer.disarm();
        }
    }

    // RFC 5681, 4.1: after more than an RTO of silence the window says nothing about the path.
    constexpr void wake(moment const& now) noexcept {
        if constexpr (restarts) {
            if (space.outstanding() != 0 || space.unsent() == 0 || syn_pending_) return;
            auto const silence = coarse_tick::span(now.coarse() - last_sent_);
            if (silence > timer_policy_.timeout()) congestion_.on_idle_restart(context_at(now));
        }
    }

    friend constexpr bool operator==(sender const&, sender const&) noexcept = default;

private:
    constexpr bytes advance(moment const& now, bytes acknowledged) noexcept {
        bytes octets = acknowledged;
        if (syn_pending_) {
            syn_pending_ = false;
            --octets;
        }
        sequence const to = space.una + acknowledged;
        if (to > space.end) --octets;  // the FIN has no octet in the store
        space.una = to;
        flight_.on_ack(acknowledged, path.mss(), repairing());
        progress(now);
        return octets;
    }

    constexpr void respond(moment const& now, heard const& a, bytes acknowledged, bytes prior_pipe,
                           std::optional<duration> sample) noexcept {
        bool const was_repairing = repairing();
        bool ended = false;
        if (acknowledged != 0) ended = episode_.on_ack(congestion_, context_at(now), space.una);
        bytes lost = 0;
        if constexpr (repairs) {
            if (ended) flight_.explain();
            lost = ask_recovery(now, a, acknowledged, prior_pipe);
            if (ended && was_repairing) return;  // the window has just been settled; growing it again would count twice
        }
        if constexpr (marks)
            if (a.marked) answer_mark(now, prior_pipe);
        tell_congestion(now, a, acknowledged, prior_pipe, lost, sample);
        if (repairing() && was_repairing) recovery_window_.on_ack(window_facts(prior_pipe, acknowledged, lost));
    }

    // What the recovery policy makes of an ACK; returns what it marked as lost.
    constexpr bytes ask_recovery(moment const& now, heard const& a, bytes acknowledged, bytes prior_pipe) noexcept {
        auto b = board();
        bytes const lost_before = flight_.to_resend();
        auto const verdict = recovery_.on_ack({.mss = path.mss(),
                                               .outstanding = space.outstanding(),
                                               .acknowledged = acknowledged,
                                               .duplicate = a.duplicate,
                                               .in_recovery = repairing(),
                                               .may_begin = episode_.may_begin(space.una)},
                                              b);
        bytes const lost = flight_.to_resend() > lost_before ? flight_.to_resend() - lost_before : 0;
        if (verdict == tenon::recovery::verdict::congestion && episode_.may_enter())
            begin_episode(now, prior_pipe, lost_before, lost);
        return lost;
    }

    constexpr void begin_episode(moment const& now, bytes prior_pipe, bytes lost_before, bytes lost) noexcept {
        observe(tenon::observer::what::fast_retransmits);
        observe(tenon::observer::what::congestion_signals);
        auto x = context_at(now);
        // RFC 5681, 3.2, step 2: what limited transmit let out MUST NOT count. It lies beyond the congestion window, and is no
        // more than what duplicates had reported.
        x.outstanding = greater(prior_pipe + lost_before, lesser(x.outstanding, congestion_.window()));
        episode_.begin(congestion_, x, space.nxt);
        if constexpr (marks) marked_.reduced = true;
        recovery_window_.on_enter(window_facts(prior_pipe, 0, lost));
    }

    constexpr tenon::recovery_window::facts window_facts(bytes prior_pipe, bytes delivered, bytes lost) const noexcept {
        return {.mss = path.mss(), .prior_pipe = prior_pipe, .pipe = pipe(), .delivered = delivered, .lost = lost,
                .threshold = congestion_.slow_start_threshold()};
    }

    // RFC 3168, 6.1.2: as a loss, but nothing is sent again.
    constexpr void answer_mark(moment const& now, bytes prior_pipe) noexcept requires (marks) {
        auto x = context_at(now);
        x.outstanding = greater(prior_pipe, x.outstanding);
        if (!episode_.mark(congestion_, x, space.una, space.nxt)) return;
        observe(tenon::observer::what::congestion_signals);
        marked_.reduced = true;
        // "MUST reset the retransmit timer ... when the congestion window is one": new data waits until it expires.
        if (congestion_.window() > path.mss() || !has_unsent()) return;
        marked_.held = true;
        await_ack(now);
    }

    constexpr void tell_congestion(moment const& now, [[maybe_unused]] heard const& a, bytes acknowledged, bytes prior_pipe, bytes lost,
                                   std::optional<duration> sample) noexcept {
        tenon::congestion::ack_event<congestion_policy::needs> e{};
        e.now          = now.exact;
        e.mss          = path.mss();
        e.prior_pipe   = prior_pipe;
        e.pipe         = pipe();
        e.outstanding  = space.outstanding();
        e.acknowledged = acknowledged;
        e.delivered    = acknowledged;
        e.lost         = lost;
        e.phase        = episode_.now();
        if constexpr (marks) e.marked = a.marked;
        e.window_limited      = limit_ == limit::window;
        e.application_limited = limit_ == limit::no_data;
        if constexpr (measures_rtt) {
            if (sample && (least_rtt_ == duration{} || *sample < least_rtt_)) least_rtt_ = *sample;
            e.rtt          = sample;
            e.smoothed_rtt = timer_policy_.smoothed();
            e.minimum_rtt  = least_rtt_;
        }
        if constexpr (has(congestion_policy::needs, tenon::congestion::need::slow_start)) {
            if (congestion_.window() < congestion_.slow_start_threshold())
                e.slow_start_growth = slow_start_.growth({.mss = path.mss(), .window = congestion_.window(), .acknowledged = acknowledged});
        }
        congestion_.on_ack(e);
    }

};

}  // namespace tenon::engine
