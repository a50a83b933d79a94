// SPDX-License-Identifier: BSL-1.0
// Output: the order in which what may go out goes out, as plans. Pure: reads the two halves of a connection, changes
// neither. One call site (connection::next). O(1).
#pragma once
#include <tenon/engine/plan.hpp>
#include <tenon/engine/receiver.hpp>
#include <tenon/engine/sender.hpp>
#include <tenon/state/state.hpp>

namespace tenon::engine {

// What output needs to know beside the two halves.
struct output_facts {
    tenon::state state{};
    bool reset_owed{};
    bool keep_alive_due{};
};

template <class P>
class output {
    using home = typename P::receive_buffer::home;
    using flag = wire::flag;

public:
    constexpr output(sender<P> const& s, receiver<P> const& r, home const& h) noexcept : send_{s}, receive_{r}, home_{h} {}

    template <bool Cuts>
    constexpr plan next(output_facts const& f, unsigned super) const noexcept {
        if (f.reset_owed) return bare(sending::reset, send_.space.nxt, flag::rst | flag::ack);
        if (f.state <= tenon::state::listen) return {};
        bool const syn = send_.syn_pending() && (send_.space.nxt == send_.space.una || send_.has_lost());
        if (syn) return synchronize(f.state);
        if (receive_.owes_duplicates()) return bare(sending::acknowledgement, send_.space.nxt, flag::ack);
        limit why = limit::no_data;
        if (f.state >= tenon::state::established) {
            parcel const p = send_.template next<Cuts>(super);
            if (p.kind != sending::nothing) return text<Cuts>(p);
            why = p.why;
            // RFC 9293, 3.8.4: an old sequence number is not acceptable and must be answered.
            if (f.keep_alive_due) return bare(sending::keep_alive, send_.space.nxt - 1, flag::ack);
        }
        if (receive_.owes() && f.state != tenon::state::syn_sent) return bare(sending::acknowledgement, send_.space.nxt, flag::ack);
        plan none{};
        none.why = why;
        return none;
    }

private:
    constexpr plan synchronize(tenon::state s) const noexcept {
        plan p{.seq = send_.space.una, .control = flag::syn, .kind = sending::syn};
        if (s == tenon::state::syn_sent) {
            p.window = static_cast<std::uint16_t>(std::min<bytes>(receive_.promise(home_), 65'535));
            return p;
        }
        p.control = flag::syn | flag::ack;
        p.ack     = receive_.space.nxt;
        p.edge    = receive_.space.edge;
        p.window  = static_cast<std::uint16_t>(std::min<bytes>(receive_.space.window(), 65'535));
        return p;
    }

    constexpr plan bare(sending kind, sequence seq, wire::flags control) const noexcept {
        plan p{.seq = seq, .control = control, .kind = kind};
        acknowledge(p);
        return p;
    }

    template <bool Cuts>
    constexpr plan text(parcel const& t) const noexcept {
        plan p{.seq = t.seq, .offset = send_.offset_of(t.seq), .length = t.length, .control = flag::ack, .kind = t.kind};
        if (t.fin) p.control |= flag::fin;
        if (t.last && t.length != 0) p.control |= flag::psh;
        if constexpr (Cuts)
            if (t.length > send_.path.mss()) p.cut = static_cast<std::uint16_t>(send_.path.mss());
        acknowledge(p);
        return p;
    }

    constexpr void acknowledge(plan& p) const noexcept {
        p.ack = receive_.space.nxt;
        // A duplicate ACK repeats the window too, or it is not one (RFC 5681, 2).
        p.edge   = receive_.owes_duplicates() ? receive_.space.edge : receive_.edge(home_, send_.path.mss());
        p.window = receive_.field(p.edge);
    }

    sender<P> const& send_;
    receiver<P> const& receive_;
    home const& home_;
};

}  // namespace tenon::engine
