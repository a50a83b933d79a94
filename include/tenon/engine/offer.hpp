// SPDX-License-Identifier: BSL-1.0
// Offer: which data, FIN or probe the sending half would send next, or why none. Pure: reads a sender and fills in a plan. O(1).
#pragma once
#include <algorithm>

#include <tenon/core/units.hpp>
#include <tenon/engine/plan.hpp>
#include <tenon/engine/sender_state.hpp>

namespace tenon::engine {

template <class P>
class offer {
public:
    // What a segment may carry: SACK blocks, which the plan has already, take their place from the data (RFC 9293, 3.7.1).
    static constexpr bytes most(sender_state<P> const& s, [[maybe_unused]] plan const& p) noexcept {
        if constexpr (P::options::offered.sack) return s.path.mss() - p.header.options;
        else return s.path.mss();
    }

    // Fills in what is to be sent, or why nothing is. `super` segments at most in one packet, if Cuts. Pure.
    template <bool Cuts>
    TENON_ONE_COPY static constexpr void next(sender_state<P> const& s, plan& p, unsigned super) noexcept {
        if (s.probing_ && (s.space.outstanding() != 0 || s.has_unsent())) probe(s, p);
        else if (s.flight_.has_lost()) resend(s, p);
        else fresh<Cuts>(s, p, super);
    }

private:
    // n sequence numbers from `at` on: octets of the store, and the FIN behind the last of them.
    TENON_ONE_COPY static constexpr void put(sender_state<P> const& s, plan& p, sending kind, sequence at, bytes n) noexcept {
        bytes const rest = written_from(s, at);
        if (n >= rest) {
            if (rest != 0) p.header.control |= wire::flag::psh;  // RFC 9293, 3.9.1.2: the last of what was written
            if (n > rest) p.header.control |= wire::flag::fin;
            n = rest;
        }
        p.kind       = kind;
        p.header.seq = at;
        p.offset     = at - s.space.una;
        p.length     = n;
    }
    TENON_ONE_COPY static constexpr bytes written_from(sender_state<P> const& s, sequence at) noexcept { return at < s.space.end ? s.space.end - at : 0; }

    static constexpr void probe(sender_state<P> const& s, plan& p) noexcept {
        bool const again = s.space.outstanding() != 0;
        sequence const at = again ? s.space.una : s.space.nxt;
        bytes const rest = written_from(s, at);
        bytes const room = again ? 1 : greater<bytes>(lesser(s.space.usable(), most(s, p)), 1);
        put(s, p, sending::probe, at, rest != 0 ? lesser(rest, room) : 1);
    }

    static constexpr void resend(sender_state<P> const& s, plan& p) noexcept {
        bytes const skip = s.flight_.resend_at();
        bytes const room = s.space.window > skip ? s.space.window - skip : 0;
        bytes const n = lesser(lesser(s.flight_.to_resend(), most(s, p)), room);
        bytes const in_pipe = s.pipe();
        p.why = limit::peer_window;
        if (n == 0) return;
        p.why = limit::window;
        if (!s.flight_.may_ignore_window() && in_pipe != 0 && in_pipe + n > s.window()) return;
        put(s, p, sending::again, s.space.una + skip, n);
    }

    template <bool Cuts>
    static constexpr void fresh(sender_state<P> const& s, plan& p, unsigned super) noexcept {
        bytes const unsent = s.space.unsent();
        bool const fin_due = s.finishing_ && !s.space.fin_sent();
        p.why = limit::no_data;
        if (unsent == 0 && !fin_due) return;
        p.why = limit::window;
        if (s.held()) return;
        bytes const in_pipe = s.pipe();
        bytes const cwnd = s.window();
        bytes const room = cwnd > in_pipe ? cwnd - in_pipe : 0;
        bytes const usable = s.space.usable();
        bytes const mss = most(s, p);
        bytes n = lesser(lesser(unsent, usable), lesser(room, Cuts ? mss * super : mss));
        if (n >= mss) {
            if constexpr (Cuts) n -= n % mss;
        } else if (n == unsent) {
            p.why = limit::coalescing;
            if (n != 0 && !may_send_runt(s, n, fin_due)) return;
        } else {
            p.why = limit::window;
            if (room <= usable) return;  // a full segment, or nothing: the window opens in segments
            p.why = limit::peer_window;  // RFC 9293, 3.8.6.2.1: not worth a segment
            if (n == 0 || n < s.space.max_window / 2 || s.space.outstanding() != 0) return;
        }
        bool const fin = n == unsent && fin_due && usable > n;
        p.why = limit::peer_window;
        if (n == 0 && !fin) return;
        put(s, p, sending::fresh, s.space.nxt, n + (fin ? 1u : 0u));
    }

    static constexpr bool may_send_runt(sender_state<P> const& s, bytes n, bool fin_due) noexcept {
        bool no_delay = false;
        if constexpr (P::coalescing::coalesces) no_delay = s.no_delay_;
        return fin_due || P::coalescing::may_send_runt({.outstanding = s.space.outstanding(), .octets = n, .mss = s.path.mss(), .no_delay = no_delay});
    }
};

}  // namespace tenon::engine
