// SPDX-License-Identifier: BSL-1.0
// Output: the order in which what may go out goes out, as plans. Pure: reads the two halves of a connection, changes
// neither. One call site (connection::next). O(1).
#pragma once
#include <tenon/core/units.hpp>
#include <tenon/engine/negotiation.hpp>
#include <tenon/engine/offer.hpp>
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
    bool stamps{};  // every segment carries timestamps
    bool marks{};   // a SYN offers ECN, or the peer is told of a mark
};

template <class P>
class output {
    using home = typename P::receive_buffer::home;
    using flag = wire::flag;

public:
    constexpr output(sender<P> const& s, receiver<P> const& r, home const& h) noexcept : send_{s}, receive_{r}, home_{h} {}

    template <bool Cuts>
    TENON_ONE_COPY constexpr plan next(output_facts const& f, unsigned super) const noexcept {
        plan p{};
        p.header.control = flag::ack;
        p.header.seq     = send_.space.nxt;
        if (f.reset_owed) {
            p.kind = sending::reset;
            p.header.control = flag::rst;  // RFC 9293, 3.10.5: <SEQ=SND.NXT><CTL=RST>; what would be acknowledged is forgotten
        } else if (f.state > tenon::state::listen) {
            choose<Cuts>(p, f, super);
        }
        if constexpr (P::options::offered.timestamps)
            if (f.stamps) p.header.options = static_cast<std::uint8_t>(p.header.options + timestamps_octets);
        return p;
    }

private:
    template <bool Cuts>
    constexpr void choose(plan& p, output_facts const& f, unsigned super) const noexcept {
        if (send_.syn_due()) return synchronize(p, f);
        p.why = limit::no_data;
        if constexpr (P::options::offered.sack)
            if (receive_.has_sack()) [[unlikely]] {
                bytes const octets = sack_octets(receive_.sack_blocks(f.stamps));
                if (octets < send_.path.mss()) p.header.options = static_cast<std::uint8_t>(octets);  // where a link is as small as that: data
            }
        if (!receive_.owes_duplicates() && f.state >= tenon::state::established) {
            // Each of several would tell of one duplicate (RFC 2883, 4).
            if constexpr (Cuts && P::options::offered.sack) super = receive_.tells_duplicate() ? 1 : super;
            // One segment says that the window was reduced: those that a transport cuts from one packet would all say it.
            if constexpr (P::ecn::marks) super = send_.tells_reduction() ? 1 : super;
            offer<P>::template next<Cuts>(send_, p, super);
            // Not with retransmissions and probes (RFC 3168, 6.1.2, 6.1.5, 6.1.6).
            if constexpr (P::ecn::marks)
                if (p.kind == sending::fresh && p.length != 0 && send_.tells_reduction()) p.header.control |= flag::cwr;
            if constexpr (Cuts)
                if (auto const mss = offer<P>::most(send_, p); p.length > mss) p.cut = static_cast<std::uint16_t>(mss);
            // RFC 9293, 3.8.4: an old sequence number is not acceptable and must be answered.
            if (p.kind == sending::nothing && f.keep_alive_due && send_.space.outstanding() == 0) {  // MUST-26
                p.kind = sending::keep_alive;
                p.header.seq -= 1;
            }
        }
        if (p.kind == sending::nothing && receive_.owes() && f.state != tenon::state::syn_sent) p.kind = sending::acknowledgement;
        if (p.kind == sending::nothing) return;
        p.header.ack = receive_.space.nxt;
        if constexpr (P::ecn::marks)
            if (f.marks) p.header.control |= flag::ece;
        // A duplicate ACK repeats the window too, or it is not one (RFC 5681, 2).
        p.edge = receive_.owes_duplicates() ? receive_.space.edge : receive_.edge(home_, send_.path.mss());
        p.header.window = receive_.field(p.edge);
    }

    constexpr void synchronize(plan& p, output_facts const& f) const noexcept {
        auto const s = f.state;
        p.kind           = sending::syn;
        p.header.seq     = send_.space.una;
        p.header.control = flag::syn;
        bytes window     = receive_.promise(home_);
        if (s != tenon::state::syn_sent) {
            p.header.control |= flag::ack;
            p.header.ack = receive_.space.nxt;
            p.edge       = receive_.space.edge;
            window       = receive_.space.window();
        }
        if constexpr (P::ecn::marks)
            if (f.marks) p.header.control |= s == tenon::state::syn_sent ? flag::ece | flag::cwr : wire::flags{flag::ece};
        p.header.window = static_cast<std::uint16_t>(lesser<bytes>(window, 65'535));
    }

    sender<P> const& send_;
    receiver<P> const& receive_;
    home const& home_;
};

}  // namespace tenon::engine
