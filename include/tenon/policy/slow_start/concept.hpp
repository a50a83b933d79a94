// SPDX-License-Identifier: BSL-1.0
// Slow start: how much one ACK may add to a congestion window that is below its threshold.
//
//   called when                                           with            must
//   an ACK of new data came and window < threshold        growth(facts)   answer in octets
//
// Asked only for congestion policies that need::slow_start. Stateless ones leave no field.
#pragma once
#include <concepts>
#include <type_traits>

#include <tenon/core/time.hpp>
#include <tenon/core/units.hpp>

namespace tenon::slow_start {

struct facts {
    bytes mss{};
    bytes window{};
    bytes acknowledged{};  // newly cumulatively acknowledged
};

template <class S> concept answers_growth = requires (S s, facts const& f) { { s.growth(f) } noexcept -> std::same_as<bytes>; };
template <class S> concept is_a_value = std::is_trivially_copyable_v<S> && std::equality_comparable<S>;

template <class S> concept policy = is_a_value<S> && answers_growth<S>;

}  // namespace tenon::slow_start
