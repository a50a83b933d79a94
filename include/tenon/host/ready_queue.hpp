// SPDX-License-Identifier: BSL-1.0
// Ready queue: what became possible, per identifier, in the order in which it first did. What happens to one identifier
// before it is fetched is one event. Every call O(1).
#pragma once
#include <tenon/engine/ready.hpp>
#include <tenon/host/index_rings.hpp>

namespace tenon {

template <std::size_t Identifiers>
class ready_queue {
public:
    struct item {
        std::uint32_t id{};
        ready         bits{};
    };

    // Remembered; fetched only after `announce`.
    constexpr void note(std::uint32_t id, ready bits) noexcept { bits_[id] |= bits; }
    constexpr void announce(std::uint32_t id) noexcept {
        if (bits_[id] != ready::none && !queue_.contains(id)) queue_.push_back(id);
    }
    constexpr void push(std::uint32_t id, ready bits) noexcept {
        note(id, bits);
        announce(id);
    }
    constexpr void forget(std::uint32_t id, ready which) noexcept {
        bits_[id] = without(bits_[id], which);
        if (bits_[id] == ready::none) queue_.erase(id);
    }
    constexpr void forget(std::uint32_t id) noexcept {
        bits_[id] = ready::none;
        queue_.erase(id);
    }
    constexpr bool empty() const noexcept { return queue_.empty(); }

    constexpr std::optional<item> pop() noexcept {
        auto const id = queue_.pop_front();
        if (!id) return std::nullopt;
        item const result{*id, bits_[*id]};
        bits_[*id] = ready::none;
        return result;
    }

private:
    index_rings<1, Identifiers> queue_{};
    std::array<ready, Identifiers> bits_{};
};

}  // namespace tenon
