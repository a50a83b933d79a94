// SPDX-License-Identifier: BSL-1.0
// Reno congestion control (RFC 5681), leaving recovery as RFC 6582 says; avoidance counts octets (RFC 3465, 2.1).
#pragma once
#include <algorithm>

#include <tenon/core/units.hpp>
#include <tenon/policy/congestion/concept.hpp>

namespace tenon::congestion {

enum class initial_window : std::uint8_t {
    rfc5681,  // 2 to 4 segments
    rfc6928,  // 10 segments, at most max(2 MSS, 14600)
};

// RestartsAfterIdle (RFC 5681, 4.1) is of no use where no more than a segment can be in flight.
template <initial_window Initial = initial_window::rfc6928, bool RestartsAfterIdle = true>
class new_reno {
public:
    static constexpr need needs = need::slow_start;

    constexpr void on_start(context const& c) noexcept {
        window_    = c.handshake_lost ? c.mss : first_window(c.mss);  // RFC 5681, 3.1: one segment after a lost SYN
        threshold_ = unlimited;
        counted_   = 0;
    }

    constexpr void on_sent(context const&, bytes) noexcept {}

    constexpr void on_ack(ack_event<needs> const& e) noexcept {
        // An unused window proves nothing about the path (RFC 5681, 4.1; RFC 7661); recovery sets its own pace.
        if (e.acknowledged == 0 || e.phase == phase::recovery || e.marked || !e.window_limited) return;
        if (window_ < threshold_) {
            window_ += e.slow_start_growth;
            return;
        }
        // RFC 5681, 3.1: one SMSS for each window of octets acknowledged.
        counted_ += e.acknowledged;
        if (counted_ < window_) return;
        counted_ -= window_;
        window_ = lesser(window_ + e.mss, largest);
    }

    constexpr void on_congestion(context const& c, cause why) noexcept {
        // RFC 5681, equation 4. The second timeout for the same data leaves ssthresh alone.
        if (why != cause::repeated_timeout) threshold_ = greater(c.outstanding / 2, 2 * c.mss);
        bool const timeout = why == cause::timeout || why == cause::repeated_timeout;
        window_  = timeout ? c.mss : lesser(window_, threshold_);  // RFC 5681, 3.1: the loss window is one segment
        counted_ = 0;
    }

    // RFC 6582, 3.2, step 3, full acknowledgment, option 1: no burst into an empty network.
    constexpr void on_recovery_exit(context const& c) noexcept {
        window_ = lesser(threshold_, greater(c.outstanding, c.mss) + c.mss);
    }

    // RFC 5681, 4.1: RW = min(IW, cwnd).
    constexpr void on_idle_restart(context const& c) noexcept
        requires RestartsAfterIdle
    { window_ = lesser(window_, first_window(c.mss)); }

    // RFC 5681, 3.1: by the ratio of the segment sizes, or the window would let out a burst of small ones.
    constexpr void on_mss_change(context const& c, bytes old) noexcept {
        window_ = c.mss < old ? greater<bytes>(window_ / old, 1) * c.mss : greater(window_, c.mss);
    }

    constexpr bytes window() const noexcept { return window_; }
    constexpr bytes slow_start_threshold() const noexcept { return threshold_; }

    template <class F>
    constexpr void visit(instant, F&& f) const {
        f("cwnd", window_);
        f("ssthresh", threshold_);
        f("counted", counted_);
    }

    friend constexpr bool operator==(new_reno const&, new_reno const&) noexcept = default;

    static constexpr bytes first_window(bytes mss) noexcept {
        if constexpr (Initial == initial_window::rfc6928) return lesser(10 * mss, greater<bytes>(2 * mss, 14'600));
        else return mss > 2190 ? 2 * mss : mss > 1095 ? 3 * mss : 4 * mss;  // RFC 5681, 3.1
    }

private:
    static constexpr bytes largest   = bytes{1} << 30;  // no peer can offer more (RFC 7323, 2.3)
    static constexpr bytes unlimited = largest;

    bytes window_{};
    bytes threshold_{};
    bytes counted_{};   // octets acknowledged since the window last grew in avoidance
};

static_assert(policy<new_reno<>>);

}  // namespace tenon::congestion
