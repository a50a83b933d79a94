// SPDX-License-Identifier: BSL-1.0
// Plan: one segment that may go out now, as output decided it and before anything is written. Handed back to `sent` once
// the transport has taken it; a plan that is dropped leaves no trace.
#pragma once
#include <cstdint>

#include <tenon/core/sequence.hpp>
#include <tenon/wire/emit.hpp>

namespace tenon::engine {

enum class sending : std::uint8_t {
    nothing,
    reset,            // abort
    syn,              // SYN or SYN-ACK, first time or again
    acknowledgement,  // no data
    fresh,            // data or FIN never sent before
    again,            // data or FIN marked lost
    probe,            // one octet (or what a small window holds) into a window that is closed or too small to be worth it
    keep_alive,       // no data, an old sequence number
};

// Why nothing (more) goes out: the only source of "cwnd-limited" and "application-limited".
enum class limit : std::uint8_t { none, no_data, window, peer_window, pacing, coalescing, transport };

struct plan {
    sending       kind{};     // the small fields first: small processors reach them with shorter instructions
    limit         why{};      // if kind is nothing
    std::uint16_t cut{};      // payload octets per segment, if the transport is to cut; else 0
    wire::header  header{};   // without ports, which are the driver's; a SYN's options are counted when it is written
    sequence      edge{};     // right edge that the window field advertises
    bytes         offset{};   // of the payload in the send store
    bytes         length{};   // payload octets

    explicit constexpr operator bool() const noexcept { return kind != sending::nothing; }
    constexpr bool has(wire::flag f) const noexcept { return header.control.has(f); }
};

}  // namespace tenon::engine
