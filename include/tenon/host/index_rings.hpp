// SPDX-License-Identifier: BSL-1.0
// Rings of indices: several queues over one set of indices, each index in one queue at most. Eight octets per index; every
// call O(1). All-zero is valid: no index in any queue.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <tenon/core/contract.hpp>

namespace tenon {

template <std::size_t Rings, std::size_t Indices>
class index_rings {
    static_assert(Rings >= 1 && Rings + Indices < std::size_t{1} << 32);

public:
    using index = std::uint32_t;

    constexpr bool contains(index i) const noexcept { return links_[Rings + i].next != 0; }
    constexpr bool empty(index ring = 0) const noexcept { return links_[ring].next == 0; }

    constexpr std::optional<index> front(index ring = 0) const noexcept {
        if (empty(ring)) return std::nullopt;
        return after(ring) - static_cast<index>(Rings);
    }

    constexpr void push_back(index i, index ring = 0) noexcept { put(i, before(ring), ring); }
    constexpr void push_front(index i, index ring = 0) noexcept { put(i, ring, after(ring)); }

    constexpr std::optional<index> pop_front(index ring = 0) noexcept {
        auto const first = front(ring);
        if (first) erase(*first);
        return first;
    }

    // Nothing happens if i is in no ring.
    constexpr void erase(index i) noexcept {
        place const p = i + static_cast<place>(Rings);
        place const left = before(p);
        place const right = after(p);
        join(left, right);
        links_[p] = {};
    }

private:
    using place = std::uint32_t;  // the rings' own places come first

    // A link is the neighbour's place exclusive-or the own one: zero is a ring of one.
    struct link {
        place next{};
        place back{};
    };

    constexpr place after(place p) const noexcept { return links_[p].next ^ p; }
    constexpr place before(place p) const noexcept { return links_[p].back ^ p; }
    constexpr void join(place left, place right) noexcept {
        links_[left].next  = right ^ left;
        links_[right].back = left ^ right;
    }
    constexpr void put(index i, place left, place right) noexcept {
        TENON_EXPECTS(!contains(i));
        place const p = i + static_cast<place>(Rings);
        join(left, p);
        join(p, right);
    }

    std::array<link, Rings + Indices> links_{};
};

}  // namespace tenon
