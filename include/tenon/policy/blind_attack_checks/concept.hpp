// SPDX-License-Identifier: BSL-1.0
// Blind attack checks: whether segments that an off-path attacker could have guessed are held to the stricter rules of
// RFC 5961, and how many challenge ACKs may answer them.
//
//   called when                      with                   must
//   a challenge ACK would be owed    may_challenge(now)     say whether the connection's allowance permits it
//
// The allowance is per connection: a shared one is a side channel (RFC 5961, erratum 4772; CVE-2016-5696).
#pragma once
#include <concepts>
#include <type_traits>

#include <tenon/core/time.hpp>

namespace tenon::blind_attack_checks {

template <class B> concept says_whether_it_checks = requires { { B::checks } -> std::convertible_to<bool>; };
template <class B> concept limits_challenges = requires (B b, instant now) { { b.may_challenge(now) } noexcept -> std::same_as<bool>; };
template <class B> concept is_a_value = std::is_trivially_copyable_v<B> && std::equality_comparable<B>;

template <class B> concept policy = is_a_value<B> && says_whether_it_checks<B> && limits_challenges<B>;

}  // namespace tenon::blind_attack_checks
