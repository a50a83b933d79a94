// SPDX-License-Identifier: BSL-1.0
// Retransmit timer: how long to wait for an acknowledgment.
//
//   called when                                  with               must
//   a round trip was measured (Karn observed)    on_sample(d)       update the estimate, end the back-off
//   the timer fired                              on_timeout()       back off
//   data may flow after a retransmitted SYN      on_handshake_lost()  RFC 6298, 5.7
//   the timer is armed                           timeout()          answer, back-off included
//   anybody asks                                 smoothed()         the smoothed round trip; zero before the first sample
#pragma once
#include <concepts>
#include <type_traits>

#include <tenon/core/time.hpp>

namespace tenon::retransmit_timer {

template <class T> concept takes_samples = requires (T t, duration d) { { t.on_sample(d) } noexcept; };
template <class T> concept backs_off = requires (T t) { { t.on_timeout() } noexcept; };
template <class T> concept minds_a_lost_handshake = requires (T t) { { t.on_handshake_lost() } noexcept; };
template <class T> concept answers_timeout = requires (T const t) { { t.timeout() } noexcept -> std::same_as<duration>; };
template <class T> concept answers_smoothed = requires (T const t) { { t.smoothed() } noexcept -> std::same_as<duration>; };
template <class T> concept is_a_value = std::is_trivially_copyable_v<T> && std::equality_comparable<T> && std::is_default_constructible_v<T>;

template <class T>
concept policy = is_a_value<T> && takes_samples<T> && backs_off<T> && minds_a_lost_handshake<T> && answers_timeout<T> && answers_smoothed<T>;

}  // namespace tenon::retransmit_timer
