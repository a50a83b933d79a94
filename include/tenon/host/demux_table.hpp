// SPDX-License-Identifier: BSL-1.0
// Demultiplexing: chains of identifiers by hash. It knows the hashes and not the ends; the host compares those. Eight octets
// per identifier; insert O(1), a look-up as long as its chain, which the keyed hash keeps short whatever peers choose.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include <tenon/policy/demux/concept.hpp>

namespace tenon {

template <demux::policy D, std::size_t Identifiers>
class demux_table {
    static constexpr bool linear = D::searches_linearly;
    static constexpr std::size_t buckets = linear ? 1 : Identifiers;

public:
    static constexpr std::uint32_t none = 0xffff'ffff;

    constexpr void insert(std::uint32_t id, std::uint32_t hash) noexcept {
        auto& head = heads_[bucket(hash)];
        nodes_[id] = {head, hash};
        head = id + 1;
    }
    constexpr void erase(std::uint32_t id) noexcept {
        auto* link = &heads_[bucket(nodes_[id].hash)];
        while (*link != id + 1) {
            if (*link == 0) return;
            link = &nodes_[*link - 1].next;
        }
        *link = nodes_[id].next;
        nodes_[id] = {};
    }

    // Of an identifier that is in the table.
    constexpr std::uint32_t hash(std::uint32_t id) const noexcept { return nodes_[id].hash; }
    // The first identifier at or behind the chain's `from` whose hash is the same; none = 0xffffffff.
    constexpr std::uint32_t first(std::uint32_t hash) const noexcept { return same(heads_[bucket(hash)], hash); }
    constexpr std::uint32_t next(std::uint32_t id) const noexcept { return same(nodes_[id].next, nodes_[id].hash); }

private:
    struct node {
        std::uint32_t next{};  // one more than the identifier; 0: the chain ends
        std::uint32_t hash{};
    };

    static constexpr std::size_t bucket(std::uint32_t hash) noexcept {
        if constexpr (linear) return 0;
        else return D::bucket(hash, static_cast<std::uint32_t>(buckets));
    }
    constexpr std::uint32_t same(std::uint32_t link, std::uint32_t hash) const noexcept {
        while (link != 0 && nodes_[link - 1].hash != hash) link = nodes_[link - 1].next;
        return link - 1;
    }

    std::array<std::uint32_t, buckets> heads_{};
    std::array<node, Identifiers> nodes_{};
};

}  // namespace tenon
