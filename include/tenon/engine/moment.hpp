// SPDX-License-Identifier: BSL-1.0
// Moment: the present, as a connection counts it: the exact instant for policies, ticks for what is stored. A clock whose two
// ticks are one has its instant turned into ticks once per call; after that, time costs 32 bits.
// Passed by reference.
#pragma once
#include <tenon/core/time.hpp>

namespace tenon::engine {

using coarse_tick = tick<20>;  // a millisecond, for waits of minutes and more

template <class Clock, bool OneTick = Clock::deadline_shift == Clock::stamp_shift>
struct moment {
    using deadline = tick<Clock::deadline_shift>;
    using stamp    = tick<Clock::stamp_shift>;

    instant exact{};

    constexpr moment(instant now) noexcept : exact{now} {}
    constexpr deadline reached() const noexcept { return deadline::floor(exact); }
    constexpr deadline after(duration wait) const noexcept { return deadline::ceil(exact + wait); }
    constexpr stamp stamped() const noexcept { return stamp::floor(exact); }
    constexpr coarse_tick coarse() const noexcept { return coarse_tick::floor(exact); }
};

template <class Clock>
struct moment<Clock, true> {
    using deadline = tick<Clock::deadline_shift>;
    using stamp    = deadline;

    instant exact{};
    stamp   whole{};  // the instant, cut to a tick

    constexpr moment(instant now) noexcept : exact{now}, whole{stamp::floor(now)} {}
    constexpr deadline reached() const noexcept { return whole; }
    // What was cut off counts as a tick, so that nothing fires early.
    constexpr deadline after(duration wait) const noexcept { return whole + (deadline::covering(wait) + 1); }
    constexpr stamp stamped() const noexcept { return whole; }
    constexpr coarse_tick coarse() const noexcept {
        if constexpr (Clock::stamp_shift == 20) return whole;
        else return coarse_tick::floor(exact);
    }
};

}  // namespace tenon::engine
