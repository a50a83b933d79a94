// SPDX-License-Identifier: BSL-1.0
// Sender: the sending half of a connection. It hears acknowledgments and timeouts, asks the policies in a fixed order, and
// says what may go out next. It sends nothing, knows no state of the connection and no receiver.
//
// The order of what happens for an ACK is in docs/architecture.md. O(1).
#pragma once
#include <optional>

#include <tenon/core/only_if.hpp>
#include <tenon/core/units.hpp>
#include <tenon/engine/deadlines.hpp>
#include <tenon/engine/episode.hpp>
#include <tenon/engine/flight.hpp>
#include <tenon/engine/moment.hpp>
#include <tenon/engine/path.hpp>
#include <tenon/engine/plan.hpp>
#include <tenon/engine/round_trip.hpp>
#include <tenon/engine/send_space.hpp>
#include <tenon/policy/coalescing/concept.hpp>
#include <tenon/policy/give_up/concept.hpp>
#include <tenon/policy/observer/concept.hpp>
#include <tenon/policy/recovery/concept.hpp>
#include <tenon/policy/recovery_window/concept.hpp>
#include <tenon/policy/slow_start/concept.hpp>

namespace tenon::engine {

template <class P> class offer;

template <class P>
class sender {
    friend class offer<P>;
    using congestion_policy = typename P::congestion;
    using observer_policy   = typename P::observer;
    static constexpr bool measures_progress = P::give_up::gives_up;
    static constexpr bool repairs = tenon::recovery::hears_acks_of<typename P::recovery>;
    static constexpr bool measures_rtt = tenon::congestion::has(congestion_policy::needs, tenon::congestion::need::rtt);
    static constexpr bool restarts = tenon::congestion::restarts_after_idle<congestion_policy>;

public:
    using slot   = deadline_slot<P::clock::deadline_shift>;
    using moment = engine::moment<typename P::clock>;

    // Small fields first: on small processors they are reached with shorter instructions.
    [[no_unique_address]] slot timer{};

private:
    limit limit_{};
    std::uint8_t retries_{};  // timeouts in a row without progress
    bool syn_pending_{};
    [[no_unique_address]] episode episode_{};
    bool finishing_{};        // the application has closed its direction: a FIN follows the last octet
    bool probing_{};

public:
    engine::path path{};
    basic_send_space<std::conditional_t<P::options::offered.window_scale, bytes, std::uint16_t>> space{};

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
    constexpr void no_delay(bool on) noexcept requires (P::coalescing::coalesces) { no_delay_ = on; }
    constexpr void user_timeout(std::uint32_t coarse) noexcept requires (P::give_up::gives_up) { user_timeout_ = coarse; }
    constexpr bool finishing() const noexcept { return finishing_; }
    constexpr bool all_acknowledged() const noexcept { return space.una == space.nxt && !has_unsent(); }

    struct outcome {
        bytes released{};  // octets of the send store that are acknowledged
        bool  advanced{};
    };

    constexpr outcome on_ack(moment const& now, ack_facts const& a) noexcept {
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
        }
        await_ack(now);
        return verdict;
    }

    // The persist timer fired: probe (RFC 9293, 3.8.6.1) or override silly-window avoidance (3.8.6.2.1).
    constexpr tenon::give_up::verdict on_persist(moment const& now) noexcept {
        auto const verdict = space.window == 0 ? waited(now) : tenon::give_up::verdict::carry_on;
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
            if constexpr (restarts) last_sent_ = now.coarse();
        }
        // RFC 6298, 5.1: every segment that occupies sequence numbers finds the timer running.
        if (timer.kind() != engine::timer::retransmit && (space.window != 0 || syn_pending_)) await_ack(now);
    }

    // Output has stopped, for this reason. Decides which timer the sending side needs, in one place.
    constexpr void settle(moment const& now, limit why) noexcept {
        if (why != limit::none) limit_ = why;
        // A SYN that the transport would not take is timed as well, or nobody would ever give up (attack H17).
        if (syn_pending_ || (space.outstanding() != 0 && space.window != 0)) {
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

    constexpr bool syn_pending() const noexcept { return syn_pending_; }
    // It was never sent, or it is lost: it is the first octet of what is.
    constexpr bool syn_due() const noexcept {
        return syn_pending_ && (space.nxt == space.una || (flight_.has_lost() && flight_.resend_at() == 0));
    }
    constexpr bool closed_window() const noexcept { return space.window == 0 && !syn_pending_; }
    constexpr bool probing() const noexcept { return probing_; }
    constexpr bool has_lost() const noexcept { return flight_.has_lost(); }
    constexpr bool has_unsent() const noexcept { return space.unsent() != 0 || (finishing_ && !space.fin_sent()); }
    constexpr bool repairing() const noexcept {
        if constexpr (repairs) return episode_.repairing();
        else return false;
    }
    constexpr bytes pipe() const noexcept { return flight_.pipe(space.outstanding()); }
    constexpr bytes window() const noexcept {
        return repairing() ? recovery_window_.window(congestion_.window()) : congestion_.window();
    }
    constexpr limit last_limit() const noexcept { return limit_; }
    constexpr tenon::congestion::phase phase() const noexcept { return episode_.now(); }
    constexpr auto const& congestion() const noexcept { return congestion_; }
    constexpr auto const& retransmit_timer() const noexcept { return timer_policy_; }
    constexpr auto const& observer() const noexcept { return observer_; }
    constexpr auto& observer() noexcept { return observer_; }
    constexpr std::uint8_t retries() const noexcept { return retries_; }

    constexpr void observe(tenon::observer::what w, std::uint32_t n = 1) noexcept {
        if constexpr (observer_policy::observes) observer_.on(w, n);
    }

    friend constexpr bool operator==(sender const&, sender const&) noexcept = default;

private:

    constexpr typename basic_flight<repairs>::board board() noexcept { return {flight_, space.outstanding()}; }

    constexpr tenon::congestion::context context_at(moment const& now) const noexcept {
        return {.now = now.exact, .mss = path.mss(), .outstanding = space.outstanding(), .pipe = pipe()};
    }

    constexpr void await_ack(moment const& now) noexcept { timer.arm_at(engine::timer::retransmit, now.after(timer_policy_.timeout())); }

    constexpr void progress(moment const& now) noexcept {
        if constexpr (measures_progress) progress_ = now.coarse();
    }

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

    constexpr void respond(moment const& now, ack_facts const& a, bytes acknowledged, bytes prior_pipe,
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
        tell_congestion(now, acknowledged, prior_pipe, lost, sample);
        if (repairing() && was_repairing) recovery_window_.on_ack(window_facts(prior_pipe, acknowledged, lost));
    }

    // What the recovery policy makes of an ACK; returns what it marked as lost.
    constexpr bytes ask_recovery(moment const& now, ack_facts const& a, bytes acknowledged, bytes prior_pipe) noexcept {
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
        if (verdict == tenon::recovery::verdict::congestion && episode_.now() == tenon::congestion::phase::open)
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
        recovery_window_.on_enter(window_facts(prior_pipe, 0, lost));
    }

    constexpr tenon::recovery_window::facts window_facts(bytes prior_pipe, bytes delivered, bytes lost) const noexcept {
        return {.mss = path.mss(), .prior_pipe = prior_pipe, .pipe = pipe(), .delivered = delivered, .lost = lost,
                .threshold = congestion_.slow_start_threshold()};
    }

    constexpr void tell_congestion(moment const& now, bytes acknowledged, bytes prior_pipe, bytes lost,
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

    // A timer ran out without an answer: is it time to stop trying?
    constexpr tenon::give_up::verdict waited(moment const& now) noexcept {
        if (retries_ != 255) ++retries_;
        if constexpr (measures_progress) {
            return P::give_up::after_timeout({.retransmissions = retries_, .elapsed = coarse_tick::span(now.coarse() - progress_),
                                              .handshake = syn_pending_, .user_timeout = coarse_tick::span(user_timeout_)});
        } else {
            return tenon::give_up::verdict::carry_on;
        }
    }

    // RFC 9293, 3.8.6.1: the first probe after an RTO, then at doubling intervals.
    TENON_ONE_COPY constexpr duration persist_interval() const noexcept {
        if (space.window != 0) return from_ms(500);  // 3.8.6.2.1: the override timeout is 0.1 to 1 second
        return lesser(timer_policy_.timeout() << probes_, from_s(60));  // at most 2^39 ns, at most 16 times doubled
    }

    [[no_unique_address]] basic_flight<repairs> flight_{};
    [[no_unique_address]] typename P::recovery recovery_{};  // often an octet, in the last word of flight_
    congestion_policy congestion_{};
    typename P::retransmit_timer timer_policy_{};
    [[no_unique_address]] round_trip<P::clock::stamp_shift> round_trip_{};
    std::uint8_t probes_{};  // doublings of the persist timer
    bool handshake_lost_{};
    [[no_unique_address]] only_if<P::coalescing::coalesces, bool, struct no_delay_field> no_delay_{};
    [[no_unique_address]] only_if<measures_rtt, duration, struct least_rtt_field> least_rtt_{};
    [[no_unique_address]] only_if<restarts, coarse_tick, struct last_sent_field> last_sent_{};
    [[no_unique_address]] only_if<measures_progress, coarse_tick, struct progress_field> progress_{};
    [[no_unique_address]] only_if<measures_progress, std::uint32_t, struct user_timeout_field> user_timeout_{};  // in coarse ticks; 0: none
    [[no_unique_address]] typename P::recovery_window recovery_window_{};
    [[no_unique_address]] typename P::slow_start slow_start_{};
    [[no_unique_address]] observer_policy observer_{};
};

}  // namespace tenon::engine
