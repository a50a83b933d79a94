// SPDX-License-Identifier: BSL-1.0
// The smallest congestion policy: one segment at a time.
#pragma once
#include <tenon/policy/congestion/concept.hpp>

namespace tenon::archetype {

struct congestion {
    static constexpr tenon::congestion::need needs = tenon::congestion::need::none;

    void on_start(tenon::congestion::context const& c) noexcept { segment = c.mss; }
    void on_sent(tenon::congestion::context const&, bytes) noexcept {}
    void on_ack(tenon::congestion::ack_event<needs> const&) noexcept {}
    void on_congestion(tenon::congestion::context const&, tenon::congestion::cause) noexcept {}
    void on_recovery_exit(tenon::congestion::context const&) noexcept {}
    bytes window() const noexcept { return segment; }
    bytes slow_start_threshold() const noexcept { return segment; }
    friend bool operator==(congestion const&, congestion const&) = default;

    bytes segment{};
};
static_assert(tenon::congestion::policy<congestion>);

}  // namespace tenon::archetype
