// SPDX-License-Identifier: BSL-1.0
// ICMP: whether errors that routers and hosts report about our segments are heard. What they may do is fixed by RFC 9293,
// 3.9.2.2 and RFC 5927: abort an open that has not succeeded, lower the effective MSS, and nothing else.
#pragma once
#include <concepts>

namespace tenon::icmp {

template <class I> concept says_whether_it_hears = requires { { I::hears } -> std::convertible_to<bool>; };
template <class I> concept policy = says_whether_it_hears<I>;

}  // namespace tenon::icmp
