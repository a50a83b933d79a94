// SPDX-License-Identifier: BSL-1.0
// What was turned away or displaced because a table was full, by cause: which of them to enlarge, or that a flood is under way. They
// belong to the host and not to an observer: no connection is there to count it, and it must be readable when nobody thought
// of observing. 32 bits each, wrapping.
#pragma once
#include <cstdint>

namespace tenon {

struct full_tables {
    std::uint32_t half_open_displaced{};  // entries that made room for the SYN of another peer
    std::uint32_t syns_without_backlog{};  // SYNs dropped: `backlog` connections wait to be accepted
    std::uint32_t acks_without_backlog{};  // last ACKs dropped, the entry stays: the same
    std::uint32_t acks_without_slot{};     // last ACKs dropped, the entry stays: every slot is in use
    std::uint32_t connects_without_slot{};  // connect answered no_room
    std::uint32_t connects_without_port{};  // connect answered no_ports
    std::uint32_t time_wait_displaced{};   // records that made room before their 2 MSL were over

    friend constexpr bool operator==(full_tables const&, full_tables const&) noexcept = default;
};

}  // namespace tenon
