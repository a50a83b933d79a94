// SPDX-License-Identifier: BSL-1.0
// The caller's readings are instants already: simulators, tests, hosts with a 64-bit clock in nanoseconds.
#pragma once
#include <tenon/policy/clock/concept.hpp>

namespace tenon::clock {

// By default a timer is exact to 65.5 us and reaches 39 hours, the time of a segment to 1.02 us and 36 minutes.
template <unsigned DeadlineShift = 16, unsigned StampShift = 10>
struct manual {
    using reading = instant;
    static constexpr unsigned deadline_shift = DeadlineShift;
    static constexpr unsigned stamp_shift    = StampShift;

    static constexpr instant widen(reading r) noexcept { return r; }
    static constexpr reading narrow(instant deadline, instant, reading) noexcept { return deadline; }

    friend constexpr bool operator==(manual, manual) noexcept = default;
};

static_assert(policy<manual<>>);

}  // namespace tenon::clock
