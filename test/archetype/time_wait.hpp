// SPDX-License-Identifier: BSL-1.0
// The smallest TIME-WAIT that waits, and waits for a FIN.
#pragma once
#include <tenon/policy/time_wait/concept.hpp>

namespace tenon::archetype {

struct time_wait {
    static constexpr bool waits             = true;
    static constexpr bool limits_fin_wait_2 = true;
    static duration linger() noexcept { return from_s(1); }
    static duration fin_wait_2() noexcept { return from_s(60); }
    friend bool operator==(time_wait const&, time_wait const&) = default;
};
static_assert(tenon::time_wait::policy<time_wait>);

}  // namespace tenon::archetype
