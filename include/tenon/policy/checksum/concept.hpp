// SPDX-License-Identifier: BSL-1.0
// Checksum: who makes and checks the TCP checksum (RFC 9293, 3.1, MUST-2 and MUST-3). Tags only; the sum itself is in wire/.
//
// `asks_transport` false: the library computes and checks every sum, and the code that asks a transport does not exist.
// True: the transport's capabilities decide for each packet, and the library's sum is linked in only if `most` leaves it to us.
#pragma once
#include <concepts>
#include <type_traits>

namespace tenon::checksum {

template <class C> concept says_whom_to_ask = requires { { C::asks_transport } -> std::convertible_to<bool>; };
template <class C> concept is_a_tag = std::is_empty_v<C> && std::is_trivially_copyable_v<C> && std::equality_comparable<C>;

template <class C> concept policy = is_a_tag<C> && says_whom_to_ask<C>;

}  // namespace tenon::checksum
