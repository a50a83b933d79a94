// SPDX-License-Identifier: BSL-1.0
// Canonical: names every field of a connection that influences what it will do, in one order, and nothing else. Sequence numbers
// are distances from SND.UNA and RCV.NXT, times are nanoseconds from now in whole ticks of their field. What stands behind a flag
// follows the flag, and a list its length, so that no two states tell the same numbers.
// One class, the friend of all parts: they need no visiting of their own, and firmware never instantiates it. O(octets held).
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <tenon/core/time.hpp>
#include <tenon/engine/control_block.hpp>
#include <tenon/policy/buffer/concept.hpp>

namespace tenon::engine {

// How a policy takes part. One without state need not; without this, the connection of a policy with state cannot be visited.
template <class Policy>
concept visits_its_state = requires (Policy const k, instant now, void (&f)(char const*, std::uint64_t)) { k.visit(now, f); };

class canonical_access {
    using numbers = std::uint64_t;

public:
    // Whatever type a field has, f gets 64 bits without sign.
    template <class P, class F>
    static constexpr void visit(control_block<P> const& c, instant now, F&& f) {
        auto const tell = [&f](char const* name, std::uint64_t value) { f(name, value); };
        visit_all(c, now, tell);
    }

    // Of two ends, what neither alone can tell: how far b has come in what a sends.
    template <class A, class B, class F>
    static constexpr void distance(control_block<A> const& a, control_block<B> const& b, [[maybe_unused]] instant now, F&& f) {
        bool const speaks = a.state() > state::listen || a.reset_owed_;
        bool const listens = b.state() > state::syn_sent;
        f("distance", numbers(speaks && listens));
        if (!speaks || !listens) return;
        f("snd.nxt - peer's rcv.nxt", numbers(a.send_.space.nxt - b.receive_.space.nxt));
        if constexpr (A::options::offered.timestamps && B::options::offered.timestamps)
            if (a.stamps_.agreed() && b.stamps_.agreed())
                f("clock - peer's ts.recent", numbers(a.stamps_.stamp(coarse_tick::floor(now)).value - b.stamps_.recent()));
    }

private:
    template <class P, class F>
    static constexpr void visit_all(control_block<P> const& c, instant now, F& f) {
        auto const s = c.state();
        bool const open = s > state::listen;
        bool const met  = s > state::syn_sent;  // the peer's SYN is known
        f("state", numbers(s));
        f("reset owed", numbers(c.reset_owed_));
        if (s == state::closed) f("failure", numbers(c.failure_));
        if (s == state::syn_received) f("passive", numbers(c.passive_));
        if (open) f("detached", numbers(c.detached_));
        if constexpr (P::icmp::hears)
            if (open) f("trouble", numbers(c.trouble_));
        if constexpr (P::options::offered.window_scale)
            if (met) {
                f("scales", numbers(c.scale_.agreed));
                if (c.scale_.agreed) f("snd.shift", c.scale_.shift);
            }
        if constexpr (P::keep_alive::probes) {
            // The setting outlives a connection, the count does not.
            if (!open) {
                f("keep-alive", numbers(c.keep_alive_.enabled()));
            } else {
                f("probe due", numbers(c.probe_due_));
                policy(c.keep_alive_, now, f);
            }
        }
        if constexpr (P::options::offered.timestamps)
            if (met || c.reset_owed_) visit(c.stamps_, met, c.receive_.space.nxt, now, f);
        if constexpr (P::ecn::marks)
            if (open) {
                f("ecn", numbers(c.marks_.agreed_) | numbers(c.marks_.withdrawn_) << 1 | numbers(c.marks_.echo_) << 2);
                f("ecn reduced", numbers(c.send_.marked_.reduced) | numbers(c.send_.marked_.held) << 1);
            }
        policy(c.checks_, now, f);  // an allowance outlives a connection
        visit(c.send_, s, c.receive_.space.nxt, now, f);
        if (open) {
            auto const& space = c.send_.space;
            bytes const held  = space.una < space.end ? space.end - space.una - (c.send_.syn_pending() ? 1u : 0u) : 0;
            policy(c.send_store_, now, f);
            octets("snd.octets", c.send_store_, 0, held, f);
        }
        visit(c.receive_, open, now, f);
    }

    template <class Policy, class F>
    static constexpr void policy(Policy const& p, instant now, F& f) {
        if constexpr (!std::is_empty_v<Policy>) {
            static_assert(visits_its_state<Policy>, "a policy with state takes part in connection::visit by a member visit(now, f) that names it");
            if constexpr (visits_its_state<Policy>) p.visit(now, f);
        }
    }

    template <unsigned Shift>
    static constexpr numbers age(tick<Shift> since, instant now) noexcept {
        return numbers(tick<Shift>::span(tick<Shift>::floor(now) - since).nanoseconds);
    }

    // However late it is: due is due.
    template <unsigned Shift, class F>
    static constexpr void visit(deadline_slot<Shift> const& t, instant now, F& f) {
        f("timer", numbers(t.kind()));
        if (!t.armed()) return;
        auto const here = tick<Shift>::floor(now).at(now);
        f("timer due in", numbers(std::max(*t.next(now) - here, duration{}).nanoseconds));
    }

    // Octets in the value, eight to a number. Those in lent memory are no part of it.
    template <class Store, class F>
    static constexpr void octets(char const* name, Store const& store, bytes at, bytes n, F& f) {
        if constexpr (std::is_same_v<typename Store::home, buffer::nothing>) {
            buffer::nothing home{};
            numbers word = 0;
            bytes done = 0;
            while (done < n) {
                std::array<octets_in, 2> pieces{};
                if (store.read(home, at + done, n - done, pieces) == 0) break;
                for (auto const& piece : pieces)
                    for (auto const octet : piece) {
                        word = word << 8 | std::to_integer<numbers>(octet);
                        if (++done % 8 == 0) f(name, word);
                    }
            }
            if (done % 8 != 0) f(name, word << (64 - done % 8 * 8));
        }
    }

    // Neither TS.Recent nor our own clock is told: like initial sequence numbers, they begin anywhere.
    template <class F>
    static constexpr void visit(timestamps<true> const& t, bool met, sequence nxt, instant now, F& f) {
        f("timestamps", numbers(t.agreed_));
        if (!t.agreed_ || !met) return;
        f("ts.recent age", std::min(age(t.since_, now), numbers(coarse_tick::span(t.trusted_for).nanoseconds)));
        f("last.ack.sent", t.last_ack_sent_ - nxt);
    }

    // ---- sender

    template <class P, class F>
    static constexpr void visit(sender<P> const& s, tenon::state now_in, sequence rcv_nxt, instant now, F& f) {
        if constexpr (P::coalescing::coalesces) f("no delay", numbers(s.no_delay_));
        if (now_in <= state::listen) return;  // all the rest begins anew
        visit(s.timer, now, f);
        f("limit", numbers(s.limit_));
        f("retries", s.retries_);
        f("finishing", numbers(s.finishing_));
        f("probing", numbers(s.probing_));
        f("persist doublings", s.probes_);
        f("mss", s.path.mss());
        f("syn pending", numbers(s.syn_pending_));
        if (s.syn_pending_) {
            f("default mss", s.path.fallback_);
            f("handshake lost", numbers(s.handshake_lost_));
        }
        visit(s.space, now_in > state::syn_sent, rcv_nxt, f);
        visit<sender<P>::repairs>(s.episode_, s.space.una, f);
        visit(s.flight_, f);
        visit(s.round_trip_, s.space.una, now, f);
        policies_of(s, now, f);
        measures_of(s, now, f);
    }

    template <class Window, class F>
    static constexpr void visit(basic_send_space<Window> const& space, bool met, sequence rcv_nxt, F& f) {
        f("snd.nxt", space.nxt - space.una);
        f("snd.end", space.end - space.una);
        f("snd.wnd", space.window);
        f("max snd.wnd", space.max_window);
        if (!met) return;
        f("snd.wl1", space.wl1 - rcv_nxt);
        // No ACK below SND.UNA is heard: of an older SND.WL2 nothing can be told.
        f("snd.wl2", space.wl2 > space.una ? space.wl2 - space.una : 0);
    }

    template <bool Repairs, class F>
    static constexpr void visit(episode const& e, sequence una, F& f) {
        f("phase", numbers(e.phase_));
        if (e.phase_ != episode::phase::open) f("recover", e.point_ - una);
        else if constexpr (Repairs) f("recover", una > e.point_ ? 0 : e.point_ - una + 1);  // once behind, no matter how far
        if (e.repairing()) f("partial", numbers(e.partial_));
    }

    template <bool Repairs, class F>
    static constexpr void visit(basic_flight<Repairs> const& flight, F& f) {
        f("resend at", flight.resend_);
        f("to resend", flight.to_resend());
        if constexpr (Repairs) {
            f("delivered", flight.repair_.delivered);
            f("most delivered", flight.repair_.most);
            if (flight.has_lost()) f("urgent", numbers(flight.repair_.urgent));
        }
    }

    template <unsigned Shift, class F>
    static constexpr void visit(round_trip<Shift> const& r, sequence una, instant now, F& f) {
        f("timing", numbers(r.timing_));
        if (!r.timing_) return;
        f("timing until", r.until_ - una);
        f("timing since", age(r.sent_, now));
    }

    template <class P, class F>
    static constexpr void policies_of(sender<P> const& s, instant now, F& f) {
        policy(s.recovery_, now, f);
        policy(s.congestion_, now, f);
        policy(s.timer_policy_, now, f);
        policy(s.slow_start_, now, f);
        if (s.repairing()) policy(s.recovery_window_, now, f);  // asked in an episode only
    }

    template <class P, class F>
    static constexpr void measures_of(sender<P> const& s, instant now, F& f) {
        bool const idle = s.space.outstanding() == 0;
        if constexpr (sender<P>::measures_rtt) f("least rtt", numbers(s.least_rtt_.nanoseconds));
        if constexpr (sender<P>::restarts) {
            // A silence is long or not; while something is under way, what is long may still change, up to the longest RTO.
            auto const most = numbers((idle ? s.timer_policy_.timeout() : from_s(512)).nanoseconds);
            f("silence", std::min(age(s.last_sent_, now), most + 1));
        }
        if constexpr (sender<P>::measures_progress) {
            f("user timeout", s.user_timeout_);
            // Whatever goes out after this is progress.
            if (!idle || s.timer.kind() == timer::retransmit || s.timer.kind() == timer::persist) f("progress", age(s.progress_, now));
        }
    }

    // ---- receiver

    template <class P, class F>
    static constexpr void visit(receiver<P> const& r, bool open, instant now, F& f) {
        f("rcv.readable", r.readable());
        f("rcv.fin taken", numbers(r.fin_taken_));
        if constexpr (receiver<P>::delays) visit(r.later_, now, f);
        policy(r.store_, now, f);
        octets("rcv.octets", r.store_, 0, r.readable(), f);
        if (!open) return;
        f("rcv.wnd", r.space.window());
        f("ack owed", numbers(r.owed_));
        if constexpr (receiver<P>::counts) f("duplicates owed", r.duplicates_);
        if constexpr (receiver<P>::scales) f("rcv.shift", r.shift_);
        policy(r.ack_policy_, now, f);
        if constexpr (receiver<P>::reorders)
            if (!r.fin_taken_) {
                f("fin waits", numbers(r.fin_.known));
                if (r.fin_.known) f("fin at", r.fin_.at - r.space.nxt);
            }
        bool by_recency = false;
        if constexpr (receiver<P>::sacks) {
            by_recency = r.may_sack_;
            f("sack", numbers(r.may_sack_));
            if (r.may_sack_) {
                f("came twice", r.twice_.to - r.twice_.from);
                if (!r.twice_.empty()) f("came twice from", r.twice_.from - r.space.nxt);
            }
        }
        if constexpr (receiver<P>::reorders) ahead(r, by_recency, f);
    }

    // What came out of order: intervals are all a reassembly policy holds. Their order matters to SACK alone (RFC 2018, 4).
    template <class P, class F>
    static constexpr void ahead(receiver<P> const& r, bool by_recency, F& f) {
        std::array<reassembly::interval, P::reassembly::capacity> held{};
        std::size_t const n = r.reassembly_.count();
        for (std::size_t i = 0; i < n; ++i) held[i] = r.reassembly_.block(i);
        auto const end = held.begin() + static_cast<std::ptrdiff_t>(n);
        if (!by_recency) std::sort(held.begin(), end, [](auto const& a, auto const& b) { return a.from < b.from; });
        f("intervals", n);
        for (auto i = held.begin(); i != end; ++i) {
            f("interval from", i->from - r.space.nxt);
            f("interval length", i->to - i->from);
            octets("interval octets", r.store_, i->from - r.space.front, i->to - i->from, f);
        }
    }
};

}  // namespace tenon::engine
