// SPDX-License-Identifier: BSL-1.0
// RFC 6582: the window is the reduced congestion window; each duplicate ACK is a segment that left the network. The RFC
// inflates cwnd by it, here pipe shrinks by it: the same segments go out at the same time. No state.
#pragma once
#include <tenon/policy/recovery_window/concept.hpp>

namespace tenon::recovery_window {

struct newreno {
    static constexpr void on_enter(facts const&) noexcept {}
    static constexpr void on_ack(facts const&) noexcept {}
    static constexpr void on_sent(bytes) noexcept {}
    static constexpr bytes window(bytes congestion_window) noexcept { return congestion_window; }
    friend constexpr bool operator==(newreno, newreno) noexcept = default;
};

static_assert(policy<newreno>);

}  // namespace tenon::recovery_window
