// SPDX-License-Identifier: BSL-1.0
// Episode: in which phase of congestion response a connection is, and until where. The only caller of on_congestion and
// on_recovery_exit: at most one reduction per window of data, whoever reports the loss.
#pragma once
#include <tenon/core/sequence.hpp>
#include <tenon/policy/congestion/concept.hpp>

namespace tenon::engine {

class episode {
    friend class canonical_access;

public:
    using phase = congestion::phase;

    // RFC 6582, 3.2, step 1: recover starts at the initial send sequence number.
    constexpr void start(sequence iss) noexcept { *this = {}; point_ = iss; }

    constexpr phase now() const noexcept { return phase_; }
    constexpr bool repairing() const noexcept { return phase_ == phase::recovery; }
    constexpr sequence point() const noexcept { return point_; }

    constexpr bool may_enter() const noexcept { return phase_ == phase::open || phase_ == phase::reduced; }
    // RFC 6582, 3.2, step 2: duplicate ACKs for what an earlier episode sent do not begin another one.
    constexpr bool may_begin(sequence una) const noexcept { return (phase_ == phase::open && una > point_) || phase_ == phase::reduced; }

    template <class Congestion>
    constexpr void begin(Congestion& c, congestion::context const& x, sequence nxt) noexcept {
        // RFC 3168, 6.1.2: a loss in a window of data that was marked, and has been answered, is answered already.
        bool const answered = phase_ == phase::reduced;
        phase_   = phase::recovery;
        point_   = nxt;
        partial_ = false;
        if (!answered) c.on_congestion(x, congestion::cause::loss);
    }

    // RFC 3168, 6.1.2: once for each window of data. True: the window was reduced.
    template <class Congestion>
    constexpr bool mark(Congestion& c, congestion::context const& x, sequence una, sequence nxt) noexcept {
        // The ACK that ends an episode was sent before the peer could know of it.
        if (phase_ != phase::open || una <= point_) return false;
        phase_ = phase::reduced;
        point_ = nxt;
        c.on_congestion(x, congestion::cause::ecn);
        return true;
    }

    template <class Congestion>
    constexpr void time_out(Congestion& c, congestion::context const& x, sequence nxt, bool again) noexcept {
        phase_ = phase::loss;
        point_ = nxt;  // RFC 6582, 3.2, step 4
        c.on_congestion(x, again ? congestion::cause::repeated_timeout : congestion::cause::timeout);
    }

    // Whether this is the first acknowledgment of new data in an episode of repair.
    constexpr bool first_partial() noexcept {
        bool const first = !partial_;
        partial_ = true;
        return first;
    }

    // The cumulative acknowledgment moved to una: ends the episode when it covers the recovery point.
    template <class Congestion>
    constexpr bool on_ack(Congestion& c, congestion::context const& x, sequence una) noexcept {
        if (phase_ == phase::open) {
            // Kept within half the circle, so that comparing with it stays meaningful on long connections.
            if (una - point_ > bytes{1} << 30) point_ = una - (bytes{1} << 30);
            return false;
        }
        if (una < point_) return false;
        if (phase_ == phase::recovery) c.on_recovery_exit(x);
        phase_ = phase::open;
        return true;
    }

    friend constexpr bool operator==(episode const&, episode const&) noexcept = default;

private:
    sequence point_{};  // SND.NXT when the last episode began
    phase    phase_{};
    bool     partial_{};
};

}  // namespace tenon::engine
