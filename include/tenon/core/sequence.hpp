// SPDX-License-Identifier: BSL-1.0
// A sequence number: a point on a circle of 2^32 (RFC 9293, 3.4). Two points differ by a distance; they do not add.
#pragma once
#include <cstdint>

#include <tenon/core/units.hpp>

namespace tenon {

struct sequence {
    std::uint32_t value{};

    constexpr sequence& operator+=(bytes n) noexcept { value += n; return *this; }
    constexpr sequence& operator-=(bytes n) noexcept { value -= n; return *this; }

    friend constexpr sequence operator+(sequence a, bytes n) noexcept { return {a.value + n}; }
    friend constexpr sequence operator-(sequence a, bytes n) noexcept { return {a.value - n}; }

    // How far a lies ahead of b, modulo 2^32.
    friend constexpr bytes operator-(sequence a, sequence b) noexcept { return a.value - b.value; }

    friend constexpr bool operator==(sequence, sequence) noexcept = default;
    // Order on the circle: true where the shorter way says so. Not transitive beyond 2^31, hence no operator<=>.
    friend constexpr bool operator<(sequence a, sequence b) noexcept { return static_cast<std::int32_t>(a.value - b.value) < 0; }
    friend constexpr bool operator>(sequence a, sequence b) noexcept { return b < a; }
    friend constexpr bool operator<=(sequence a, sequence b) noexcept { return static_cast<std::int32_t>(a.value - b.value) <= 0; }
    friend constexpr bool operator>=(sequence a, sequence b) noexcept { return b <= a; }
};

constexpr sequence later(sequence a, sequence b) noexcept { return a < b ? b : a; }
constexpr sequence earlier(sequence a, sequence b) noexcept { return a < b ? a : b; }

}  // namespace tenon
