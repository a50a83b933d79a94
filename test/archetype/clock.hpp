// SPDX-License-Identifier: BSL-1.0
// The smallest clock: a reading that can do nothing but be read.
#pragma once
#include <tenon/policy/clock/concept.hpp>

namespace tenon::archetype {

struct clock {
    struct reading {
        std::int64_t nanoseconds;
    };
    static constexpr unsigned deadline_shift = 12;
    static constexpr unsigned stamp_shift    = 12;
    instant widen(reading r) noexcept { return {r.nanoseconds}; }
    reading narrow(instant deadline, instant, reading) const noexcept { return {deadline.nanoseconds}; }
    friend bool operator==(clock const&, clock const&) = default;
};
static_assert(tenon::clock::policy<clock>);

}  // namespace tenon::archetype
