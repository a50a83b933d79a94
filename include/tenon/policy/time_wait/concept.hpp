// SPDX-License-Identifier: BSL-1.0
// Time-wait: how long a connection that was closed here first lingers (RFC 9293, 3.6.1), and how long it waits for the FIN of
// a peer to whom nobody listens any more.
//
//   called when                                             with          must
//   TIME-WAIT is entered, or its timer restarted            linger()      answer the time to stay
//   FIN-WAIT-2 is entered or the user lets go of it there   fin_wait_2()  answer the time to wait; asked only if
//                                                                         `limits_fin_wait_2`
//
// `waits` false means TIME-WAIT ends as it begins, and no timer exists for it.
#pragma once
#include <concepts>
#include <type_traits>

#include <tenon/core/time.hpp>

namespace tenon::time_wait {

template <class T> concept says_whether_it_waits = requires {
    { T::waits } -> std::convertible_to<bool>;
    { T::limits_fin_wait_2 } -> std::convertible_to<bool>;
};
template <class T> concept says_how_long_to_linger = !T::waits || requires { { T::linger() } noexcept -> std::same_as<duration>; };
template <class T> concept says_how_long_to_await_a_fin =
    !T::limits_fin_wait_2 || requires { { T::fin_wait_2() } noexcept -> std::same_as<duration>; };
template <class T> concept is_a_value = std::is_trivially_copyable_v<T> && std::equality_comparable<T>;

template <class T>
concept policy = is_a_value<T> && says_whether_it_waits<T> && says_how_long_to_linger<T> && says_how_long_to_await_a_fin<T>;

}  // namespace tenon::time_wait
