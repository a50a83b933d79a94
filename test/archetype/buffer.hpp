// SPDX-License-Identifier: BSL-1.0
// The smallest store: a few octets of its home, moved down when the front moves. It cannot be compared.
#pragma once
#include <algorithm>
#include <array>
#include <cstring>
#include <tenon/policy/buffer/concept.hpp>

namespace tenon::archetype {

struct buffer {
    struct home {
        std::array<std::byte, 600> octets;
    };

    bytes write(home& h, bytes at, octets_in in) noexcept {
        if (at >= h.octets.size()) return 0;
        auto const n = std::min(in.size(), h.octets.size() - at);
        std::memcpy(h.octets.data() + at, in.data(), n);
        return static_cast<bytes>(n);
    }
    bytes read(home& h, bytes at, bytes n, std::span<octets_in> out) const noexcept {
        if (out.empty() || n == 0) return 0;
        out[0] = {h.octets.data() + at, 1};  // as little as a store may lend
        return 1;
    }
    void drop(home& h, bytes n) noexcept { std::memmove(h.octets.data(), h.octets.data() + n, h.octets.size() - n); }
    void release(home&) noexcept {}
    bytes promise(home const& h) const noexcept { return static_cast<bytes>(h.octets.size()); }
};
static_assert(tenon::buffer::octet_store<buffer>);

}  // namespace tenon::archetype
