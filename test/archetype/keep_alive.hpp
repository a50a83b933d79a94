// SPDX-License-Identifier: BSL-1.0
// The smallest keep-alive that probes: on or off, every second, for ever.
#pragma once
#include <tenon/policy/keep_alive/concept.hpp>

namespace tenon::archetype {

struct keep_alive {
    static constexpr bool probes = true;
    void enable(bool to) noexcept { on = to; }
    bool enabled() const noexcept { return on; }
    duration wait() const noexcept { return from_s(1); }
    void on_arrival() noexcept {}
    tenon::keep_alive::verdict on_timeout() noexcept { return tenon::keep_alive::verdict::probe; }
    friend bool operator==(keep_alive const&, keep_alive const&) = default;

    bool on{};
};
static_assert(tenon::keep_alive::policy<keep_alive>);

}  // namespace tenon::archetype
