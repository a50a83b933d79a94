// SPDX-License-Identifier: BSL-1.0
// Units: what the library counts in. Octets are counted in 32 bits; a TCP window never exceeds 2^30 (RFC 7323, 2.3).
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace tenon {

using bytes      = std::uint32_t;                // a number of octets
using octets_in  = std::span<std::byte const>;   // octets somebody lends for reading
using octets_out = std::span<std::byte>;         // octets somebody lends for writing

// By value: std::min and std::max take addresses, which small processors pay for with stack.
template <class T> constexpr T lesser(T a, T b) noexcept { return b < a ? b : a; }
template <class T> constexpr T greater(T a, T b) noexcept { return a < b ? b : a; }

}  // namespace tenon
