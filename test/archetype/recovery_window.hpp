// SPDX-License-Identifier: BSL-1.0
// The smallest recovery window.
#pragma once
#include <tenon/policy/recovery_window/concept.hpp>

namespace tenon::archetype {

struct recovery_window {
    void on_enter(tenon::recovery_window::facts const&) noexcept {}
    void on_ack(tenon::recovery_window::facts const&) noexcept {}
    void on_sent(bytes) noexcept {}
    bytes window(bytes congestion_window) const noexcept { return congestion_window; }
    friend bool operator==(recovery_window const&, recovery_window const&) = default;
};
static_assert(tenon::recovery_window::policy<recovery_window>);

}  // namespace tenon::archetype
