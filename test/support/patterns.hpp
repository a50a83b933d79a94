// SPDX-License-Identifier: BSL-1.0
// Patterns: streams of octets whose value at each offset is known without keeping them, so that what arrives can be checked
// in any chunks and a misplaced, repeated or lost octet is found at its offset.
#pragma once
#include <cstddef>
#include <cstdint>

#include <tenon/core/units.hpp>

namespace tenon::test {

// The octet at `offset` of stream `id`. Neither short shifts nor powers of two repeat it.
constexpr std::byte pattern(std::uint32_t id, std::uint64_t offset) noexcept {
    auto x = (offset + 1) * 0x9e3779b97f4a7c15 + id * 0xd1b54a32d192ed03;
    x ^= x >> 29;
    return static_cast<std::byte>((x * 0xbf58476d1ce4e5b9) >> 56);
}

// One direction: what was written and what has been read, in octets.
struct stream {
    std::uint32_t id{};
    std::uint64_t written{}, read{};

    // The next octets to write; count with `wrote` those that were taken.
    void fill(octets_out out) const noexcept {
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = pattern(id, written + i);
    }
    void wrote(std::size_t n) noexcept { written += n; }

    // The octets that were read next; false at the first that is wrong.
    bool check(octets_in in) noexcept {
        for (auto octet : in)
            if (octet != pattern(id, read++)) return false;
        return read <= written;
    }
};

}  // namespace tenon::test
