// SPDX-License-Identifier: BSL-1.0
// ECN: whether congestion marks of routers are agreed on with the peer, told to it, and heard from it as if a segment were lost.
// What the window does then is the congestion policy's: on_congestion with cause::ecn.
#pragma once
#include <concepts>

namespace tenon::ecn {

template <class E> concept says_whether_it_marks = requires { { E::marks } -> std::convertible_to<bool>; };
template <class E> concept policy = says_whether_it_marks<E>;

}  // namespace tenon::ecn
