// SPDX-License-Identifier: BSL-1.0
// Clock: from what a device reads to the instants that the library counts in, and back. The library itself reads no clock.
//
//   called when                            with                            must
//   the environment passes the time in     widen(reading)                  answer an instant, never before the last one
//   the environment wants to sleep         narrow(deadline, now, reading)  answer the reading at which to wake up, given that
//                                                                          `now` was read as `reading`; never early
//
// deadline_shift and stamp_shift choose the ticks (core/time.hpp) in which timers and the times of sent segments are stored:
// 2^shift nanoseconds. A finer tick costs range, not octets.
#pragma once
#include <concepts>
#include <type_traits>

#include <tenon/core/time.hpp>

namespace tenon::clock {

template <class C> concept chooses_its_ticks = requires {
    { C::deadline_shift } -> std::convertible_to<unsigned>;
    { C::stamp_shift } -> std::convertible_to<unsigned>;
};
template <class C> concept widens_readings = requires (C c, typename C::reading r) {
    { c.widen(r) } noexcept -> std::same_as<instant>;
};
template <class C> concept narrows_deadlines = requires (C const c, instant deadline, instant now, typename C::reading r) {
    { c.narrow(deadline, now, r) } noexcept -> std::same_as<typename C::reading>;
};
template <class C>
concept is_a_value = std::is_trivially_copyable_v<C> && std::equality_comparable<C> && std::is_default_constructible_v<C>;

template <class C> concept policy = is_a_value<C> && chooses_its_ticks<C> && widens_readings<C> && narrows_deadlines<C>;

}  // namespace tenon::clock
