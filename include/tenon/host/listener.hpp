// SPDX-License-Identifier: BSL-1.0
// Listeners: who waits at which address and port, and the connections that wait to be accepted. Look-up O(listeners at the
// port), which only the application can make many; everything else O(1).
#pragma once
#include <array>
#include <cstdint>
#include <optional>

#include <tenon/core/address.hpp>
#include <tenon/host/aged_slots.hpp>
#include <tenon/host/demux_table.hpp>
#include <tenon/host/handle.hpp>

namespace tenon {

template <class Address>
struct listener {
    Address       address{};     // unspecified: any of ours
    std::uint16_t port{};
    std::uint16_t backlog{};     // connections that may wait to be accepted
    std::uint16_t waiting{};     // that do
    bool          shares{};      // others may listen at the same address and port
    std::uint32_t generation{};  // odd while open
};

template <class Address, std::size_t Listeners, std::size_t Connections>
class listener_table {
    static_assert(Listeners >= 1 && Listeners <= 0xffff);

    // Ports are the application's choice: no key is needed.
    struct by_port {
        static constexpr bool searches_linearly = false;
        static constexpr std::uint32_t hash(demux::ends const& e, demux::secret_key const&) noexcept {
            return spread(e.local_port);
        }
        static constexpr std::uint32_t bucket(std::uint32_t hash, std::uint32_t buckets) noexcept {
            return static_cast<std::uint32_t>(std::uint64_t{hash} * buckets >> 32);
        }
        static constexpr std::uint32_t spread(std::uint16_t port) noexcept { return port * 0x9e37'79b1u; }
        friend constexpr bool operator==(by_port, by_port) noexcept = default;
    };

public:
    using index = std::uint32_t;

    constexpr opened<listener_handle> open(Address const& address, std::uint16_t port, std::uint16_t backlog,
                                           bool shares) noexcept {
        std::uint32_t const hash = by_port::spread(port);
        for (auto i = chains_.first(hash); i != chains_.none; i = chains_.next(i))
            if (listeners_[i].address == address && !(shares && listeners_[i].shares)) return {{}, error::address_in_use};
        auto const i = slots_.take();
        if (!i) return {{}, error::no_room};
        chains_.insert(*i, hash);
        auto& l = listeners_[*i];
        l = {.address = address, .port = port, .backlog = backlog, .shares = shares, .generation = l.generation + 1};
        return {{*i, l.generation}, error::none};
    }
    // Nobody waits any more.
    constexpr void close(index i) noexcept {
        chains_.erase(i);
        slots_.give_back(i);
        ++listeners_[i].generation;
    }

    constexpr bool valid(listener_handle h) const noexcept {
        return h.index < Listeners && detail::in_use(h.generation) && listeners_[h.index].generation == h.generation;
    }
    constexpr listener<Address> const& operator[](index i) const noexcept { return listeners_[i]; }
    constexpr listener_handle handle(index i) const noexcept { return {i, listeners_[i].generation}; }

    constexpr bool takes(index i, Address const& address, std::uint16_t port) const noexcept {
        auto const& l = listeners_[i];
        return detail::in_use(l.generation) && l.port == port && (is_unspecified(l.address) || l.address == address);
    }
    // Who takes a SYN to this address and port. One that names the address goes before one that takes any; those that
    // share get equal parts of all flow hashes.
    constexpr std::optional<index> find(Address const& address, std::uint16_t port, std::uint32_t flow) const noexcept {
        if (auto const exact = choose(address, port, flow)) return exact;
        return choose(Address{}, port, flow);
    }

    // ---- connections that wait

    constexpr bool has_room(index i) const noexcept { return listeners_[i].waiting < listeners_[i].backlog; }
    constexpr void enqueue(index i, std::uint32_t connection) noexcept {
        waiting_.push_back(connection, i);
        owner_[connection] = static_cast<std::uint16_t>(i);
        ++listeners_[i].waiting;
    }
    constexpr bool waits(std::uint32_t connection) const noexcept { return waiting_.contains(connection); }
    // For one that waits.
    constexpr index owner(std::uint32_t connection) const noexcept { return owner_[connection]; }
    constexpr std::optional<std::uint32_t> front(index i) const noexcept { return waiting_.front(i); }
    constexpr void leave(std::uint32_t connection) noexcept {
        if (!waits(connection)) return;
        waiting_.erase(connection);
        --listeners_[owner_[connection]].waiting;
    }

private:
    constexpr std::optional<index> choose(Address const& address, std::uint16_t port, std::uint32_t flow) const noexcept {
        std::uint32_t const hash = by_port::spread(port);
        std::uint32_t matches = 0;
        for (auto i = chains_.first(hash); i != chains_.none; i = chains_.next(i))
            if (listeners_[i].address == address) ++matches;
        if (matches == 0) return std::nullopt;
        auto nth = static_cast<std::uint32_t>(std::uint64_t{flow} * matches >> 32);
        for (auto i = chains_.first(hash);; i = chains_.next(i))
            if (listeners_[i].address == address && nth-- == 0) return i;
    }

    aged_slots<Listeners> slots_{};
    demux_table<by_port, Listeners> chains_{};
    std::array<listener<Address>, Listeners> listeners_{};
    index_rings<Listeners, Connections> waiting_{};
    std::array<std::uint16_t, Connections> owner_{};
};

}  // namespace tenon
