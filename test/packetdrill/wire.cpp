// SPDX-License-Identifier: BSL-1.0
// A second opinion about checksums, independent of the library's.
#include "wire.hpp"

#include <utility>

namespace tenon::packetdrill {
namespace {

struct layout {
    std::size_t tcp{};        // where the TCP header begins; 0: no TCP
    std::size_t addresses{};  // where both addresses lie
    std::size_t addresses_octets{};
};

unsigned octet(std::span<std::byte const> p, std::size_t i) noexcept { return std::to_integer<unsigned>(p[i]); }

layout layout_of(std::span<std::byte const> p) noexcept {
    if (p.size() >= 40 && octet(p, 0) >> 4 == 4 && octet(p, 9) == 6) return {(octet(p, 0) & 15) * 4u, 12, 8};
    if (p.size() >= 60 && octet(p, 0) >> 4 == 6 && octet(p, 6) == 6) return {40, 8, 32};
    return {};
}

std::uint32_t sum(std::span<std::byte const> p) noexcept {
    std::uint32_t s = 0;
    for (std::size_t i = 0; i < p.size(); ++i) s += i % 2 == 0 ? octet(p, i) << 8 : octet(p, i);
    return s;
}

std::uint32_t folded(std::uint32_t s) noexcept {
    while (s >> 16 != 0) s = (s & 0xffff) + (s >> 16);
    return s;
}

}  // namespace

bool checksum_is_right(std::span<std::byte const> p) noexcept {
    auto const l = layout_of(p);
    if (l.tcp == 0) return true;
    auto const segment = p.subspan(l.tcp);
    return folded(sum(p.subspan(l.addresses, l.addresses_octets)) + 6 + static_cast<std::uint32_t>(segment.size()) + sum(segment)) == 0xffff;
}

void neutralize(std::span<std::byte> p) noexcept {
    auto const l = layout_of(p);
    constexpr std::byte psh{8}, syn{2};
    if (l.tcp == 0) return;
    auto const end = l.tcp + (octet(p, l.tcp + 12) >> 4) * 4;
    if ((p[l.tcp + 13] & syn) != std::byte{}) {
        // SACK-permitted before two NOPs goes behind them: two words change places, and their sum stays.
        for (auto i = l.tcp + 24; i + 4 <= end; i += 4)
            if (octet(p, i) == 4 && octet(p, i + 1) == 2 && octet(p, i + 2) == 1 && octet(p, i + 3) == 1) {
                std::swap(p[i], p[i + 2]);
                std::swap(p[i + 1], p[i + 3]);
            }
    }
    if ((p[l.tcp + 13] & psh) == std::byte{}) return;
    p[l.tcp + 13] &= ~psh;
    // RFC 1624, equation 3: the word that holds the flags became smaller by 8.
    auto const old = octet(p, l.tcp + 16) << 8 | octet(p, l.tcp + 17);
    auto const mended = ~folded((~old & 0xffff) + (~8u & 0xffff)) & 0xffff;
    p[l.tcp + 16] = static_cast<std::byte>(mended >> 8);
    p[l.tcp + 17] = static_cast<std::byte>(mended & 0xff);
}

}  // namespace tenon::packetdrill
