// SPDX-License-Identifier: BSL-1.0
// A window of a constant number of segments, whatever happens: for links whose capacity is known, and as a baseline in
// comparisons. Not for the Internet (RFC 9293, 3.8.2: MUST implement congestion control).
#pragma once
#include <tenon/policy/congestion/concept.hpp>

namespace tenon::congestion {

template <unsigned Segments = 4>
class fixed_window {
    static_assert(Segments >= 1, "a window of no segment never sends");

public:
    static constexpr need needs = need::none;

    constexpr void on_start(context const& c) noexcept { window_ = Segments * c.mss; }
    constexpr void on_sent(context const&, bytes) noexcept {}
    constexpr void on_ack(ack_event<needs> const&) noexcept {}
    constexpr void on_congestion(context const&, cause) noexcept {}
    constexpr void on_recovery_exit(context const&) noexcept {}
    constexpr void on_mss_change(context const& c, bytes) noexcept { window_ = Segments * c.mss; }

    constexpr bytes window() const noexcept { return window_; }
    constexpr bytes slow_start_threshold() const noexcept { return window_; }

    template <class F>
    constexpr void visit(instant, F&& f) const { f("cwnd", window_); }

    friend constexpr bool operator==(fixed_window const&, fixed_window const&) noexcept = default;

private:
    bytes window_{};
};

static_assert(policy<fixed_window<>>);

}  // namespace tenon::congestion
