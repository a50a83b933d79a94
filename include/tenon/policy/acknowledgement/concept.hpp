// SPDX-License-Identifier: BSL-1.0
// Acknowledgement: when to acknowledge data that arrived in order. Out-of-order data, filled gaps and unacceptable
// segments are acknowledged at once by the engine (RFC 5681, 4.2); no policy can change that.
//
//   called when                                      with             must
//   data arrived in order, before RCV.NXT advances   on_segment(f)    say now, or later
//   an acknowledgment went out, alone or with data   on_sent()        forget what it counted
//   the answer was later                             delay            how long at most; below 0.5 s (RFC 9293, MUST-40)
#pragma once
#include <concepts>
#include <cstdint>
#include <type_traits>

#include <tenon/core/time.hpp>
#include <tenon/core/units.hpp>

namespace tenon::acknowledgement {

struct facts {
    bytes         octets{};    // in order, new
    std::uint16_t segments{};  // how many segments they came in (a transport may have merged some)
    bool          push{};
};

enum class when : std::uint8_t { later, now };

template <class A> concept says_whether_it_delays = requires { { A::delays } -> std::convertible_to<bool>; };
template <class A> concept decides = requires (A a, facts const& f) { { a.on_segment(f) } noexcept -> std::same_as<when>; };
template <class A> concept hears_what_is_sent = requires (A a) { { a.on_sent() } noexcept; };
template <class A> concept bounds_its_delay = !A::delays || requires { { A::delay } -> std::convertible_to<duration>; };
template <class A> concept is_a_value = std::is_trivially_copyable_v<A> && std::equality_comparable<A>;

template <class A> concept policy = is_a_value<A> && says_whether_it_delays<A> && decides<A> && hears_what_is_sent<A> && bounds_its_delay<A>;

}  // namespace tenon::acknowledgement
