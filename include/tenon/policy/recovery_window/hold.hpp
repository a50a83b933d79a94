// SPDX-License-Identifier: BSL-1.0
// Packet conservation: what was in the network when the episode began stays in it, one segment out for each one
// delivered; the reduced window rules only after the episode. For links whose loss is not congestion.
#pragma once
#include <algorithm>

#include <tenon/core/time.hpp>
#include <tenon/policy/recovery_window/concept.hpp>

namespace tenon::recovery_window {

class hold {
public:
    constexpr void on_enter(facts const& f) noexcept { held_ = std::max(f.prior_pipe, f.mss); }
    constexpr void on_ack(facts const&) noexcept {}
    constexpr void on_sent(bytes) noexcept {}
    constexpr bytes window(bytes congestion_window) const noexcept { return std::max(held_, congestion_window); }
    template <class F>
    constexpr void visit(instant, F&& f) const { f("held window", held_); }

    friend constexpr bool operator==(hold const&, hold const&) noexcept = default;

private:
    bytes held_{};
};

static_assert(policy<hold>);

}  // namespace tenon::recovery_window
