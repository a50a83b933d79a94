// SPDX-License-Identifier: BSL-1.0
// Random: numbers for choices that need not be secret: ephemeral ports, jitter, probing. What must not be guessed
// (initial sequence numbers, cookies, hash keys) comes from a keyed hash and a secret of the environment instead.
//
//   called when                     with        must
//   the environment is made         seed(s)     start over; equal seeds give equal numbers
//   a choice is to be made          next()      answer 32 bits
//
// Every value of the generator, all zero included, is a valid start.
#pragma once
#include <concepts>
#include <cstdint>
#include <type_traits>

namespace tenon::random {

template <class R> concept can_be_seeded = requires (R r, std::uint64_t s) { { r.seed(s) } noexcept; };
template <class R> concept gives_numbers = requires (R r) { { r.next() } noexcept -> std::same_as<std::uint32_t>; };
template <class R>
concept is_a_value = std::is_trivially_copyable_v<R> && std::equality_comparable<R> && std::is_default_constructible_v<R>;

template <class R> concept policy = is_a_value<R> && can_be_seeded<R> && gives_numbers<R>;

// One of 0 .. n - 1, for n of at least 1, without a division; no number is likelier than another by more than n in 2^32.
template <policy R>
constexpr std::uint32_t below(R& r, std::uint32_t n) noexcept {
    return static_cast<std::uint32_t>(std::uint64_t{r.next()} * n >> 32);
}

}  // namespace tenon::random
