// SPDX-License-Identifier: BSL-1.0
// The smallest retransmit timer: always one second.
#pragma once
#include <tenon/policy/retransmit_timer/concept.hpp>

namespace tenon::archetype {

struct retransmit_timer {
    void on_sample(duration) noexcept {}
    void on_timeout() noexcept {}
    void on_handshake_lost() noexcept {}
    duration timeout() const noexcept { return from_s(1); }
    duration smoothed() const noexcept { return {}; }
    friend bool operator==(retransmit_timer const&, retransmit_timer const&) = default;
};
static_assert(tenon::retransmit_timer::policy<retransmit_timer>);

}  // namespace tenon::archetype
