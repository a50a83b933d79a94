// SPDX-License-Identifier: BSL-1.0
// Numbers in network order, read and written octet by octet: right on any alignment and byte order.
// Compilers turn each into one load and one reversal where the processor has them; they see that too late to inline by
// themselves at -Os, hence the attribute (a call is longer than the load).
#pragma once
#include <cstddef>
#include <cstdint>

namespace tenon::wire {

[[gnu::always_inline]] constexpr std::uint8_t get8(std::byte const* p) noexcept { return std::to_integer<std::uint8_t>(*p); }

[[gnu::always_inline]] constexpr std::uint16_t get16(std::byte const* p) noexcept {
    return static_cast<std::uint16_t>(std::to_integer<unsigned>(p[0]) << 8 | std::to_integer<unsigned>(p[1]));
}

[[gnu::always_inline]] constexpr std::uint32_t get32(std::byte const* p) noexcept {
    return std::to_integer<std::uint32_t>(p[0]) << 24 | std::to_integer<std::uint32_t>(p[1]) << 16
         | std::to_integer<std::uint32_t>(p[2]) << 8 | std::to_integer<std::uint32_t>(p[3]);
}

// Each put returns the place after what it wrote.
[[gnu::always_inline]] constexpr std::byte* put8(std::byte* p, std::uint8_t v) noexcept {
    p[0] = std::byte{v};
    return p + 1;
}

[[gnu::always_inline]] constexpr std::byte* put16(std::byte* p, std::uint16_t v) noexcept {
    p[0] = static_cast<std::byte>(v >> 8);
    p[1] = static_cast<std::byte>(v & 0xff);
    return p + 2;
}

// Processors that want aligned words take eight instructions for it: one copy where octets count.
#if defined(__OPTIMIZE_SIZE__)
[[gnu::noinline]]
#else
[[gnu::always_inline]]
#endif
constexpr std::byte* put32(std::byte* p, std::uint32_t v) noexcept {
    p[0] = static_cast<std::byte>(v >> 24);
    p[1] = static_cast<std::byte>(v >> 16 & 0xff);
    p[2] = static_cast<std::byte>(v >> 8 & 0xff);
    p[3] = static_cast<std::byte>(v & 0xff);
    return p + 4;
}

}  // namespace tenon::wire
