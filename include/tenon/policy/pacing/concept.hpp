// SPDX-License-Identifier: BSL-1.0
// Pacing: when the next segment may leave.
//
//   called when                          with                must
//   output wants to send                 departure(now)      answer the earliest instant; not after `now` = at once
//   a segment was handed over            on_sent(now, n)     account for it
//
// `paces` false means there is no departure slot, no field and no code.
#pragma once
#include <concepts>
#include <type_traits>

#include <tenon/core/time.hpp>
#include <tenon/core/units.hpp>

namespace tenon::pacing {

template <class P> concept says_whether_it_paces = requires { { P::paces } -> std::convertible_to<bool>; };
template <class P> concept schedules_departures = !P::paces || requires (P p, P const& k, instant now, bytes n) {
    { k.departure(now) } noexcept -> std::same_as<instant>;
    { p.on_sent(now, n) } noexcept;
};
template <class P> concept is_a_value = std::is_trivially_copyable_v<P> && std::equality_comparable<P>;

template <class P> concept policy = is_a_value<P> && says_whether_it_paces<P> && schedules_departures<P>;

}  // namespace tenon::pacing
