// SPDX-License-Identifier: BSL-1.0
// Sender state: what the sending half of a connection remembers, what anybody may read of it, and the questions its steps share.
// sender.hpp has the steps. O(1).
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
class sender_state {
    friend class offer<P>; friend class canonical_access;

protected:
    using congestion_policy = typename P::congestion;
    using observer_policy   = typename P::observer;
    static constexpr bool stamps = P::options::offered.timestamps;
    static constexpr bool marks  = P::ecn::marks;
    static constexpr bool measures_progress = P::give_up::gives_up;
    static constexpr bool repairs = tenon::recovery::hears_acks_of<typename P::recovery>;
    static constexpr bool measures_rtt = tenon::congestion::has(congestion_policy::needs, tenon::congestion::need::rtt);
    static constexpr bool restarts = tenon::congestion::restarts_after_idle<congestion_policy>;

public:
    using slot   = deadline_slot<P::clock::deadline_shift>;
    using moment = engine::moment<typename P::clock>;

    // Small fields first: on small processors they are reached with shorter instructions.
    [[no_unique_address]] slot timer{};

protected:
    limit limit_{};
    std::uint8_t retries_{};  // timeouts in a row without progress
    bool syn_pending_{};
    [[no_unique_address]] episode episode_{};
    bool finishing_{};        // the application has closed its direction: a FIN follows the last octet
    bool probing_{};

public:
    engine::path path{};
    basic_send_space<std::conditional_t<P::options::offered.window_scale, bytes, std::uint16_t>> space{};

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
    // Nothing is timed: all that was out has gone out again, or nothing has.
    constexpr bool wants_round_trip() const noexcept { return !round_trip_.timing(); }
    constexpr bytes pipe() const noexcept { return flight_.pipe(space.outstanding()); }
    constexpr bytes window() const noexcept {
        return repairing() ? recovery_window_.window(congestion_.window()) : congestion_.window();
    }
    // Whether the next new data is to say that the window was reduced, and whether it has to wait for the timer.
    constexpr bool tells_reduction() const noexcept requires (marks) { return marked_.agreed && marked_.reduced; }
    constexpr bool held() const noexcept {
        if constexpr (marks) return marked_.held;
        else return false;
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

    friend constexpr bool operator==(sender_state const&, sender_state const&) noexcept = default;

protected:
    constexpr typename basic_flight<repairs>::board board() noexcept { return {flight_, space.outstanding()}; }

    constexpr tenon::congestion::context context_at(moment const& now) const noexcept {
        return {.now = now.exact, .mss = path.mss(), .outstanding = space.outstanding(), .pipe = pipe()};
    }

    constexpr void await_ack(moment const& now) noexcept { timer.arm_at(engine::timer::retransmit, now.after(timer_policy_.timeout())); }

    constexpr void progress(moment const& now) noexcept {
        if constexpr (measures_progress) progress_ = now.coarse();
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
    struct marked {
        bool agreed{};
        bool reduced{};  // CWR goes with the next new data (RFC 3168, 6.1.2)
        bool held{};     // at a window of one segment new data waits for the timer
        friend constexpr bool operator==(marked, marked) noexcept = default;
    };
    [[no_unique_address]] only_if<marks, marked, struct marked_field> marked_{};
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
