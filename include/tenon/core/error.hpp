// SPDX-License-Identifier: BSL-1.0
// Errors a caller can meet: values, never exceptions. `message` is linked in only where it is called.
#pragma once
#include <cstdint>

#include <tenon/core/units.hpp>

namespace tenon {

enum class error : std::uint8_t {
    none,
    // a normal answer, not a failure
    would_block,           // nothing to read yet, or no room to write now: try again after the next event
    end_of_stream,         // the peer has sent everything it will ever send (its FIN has been read)
    // what the caller did wrong
    not_open,              // the connection does not exist (RFC 9293, 3.10: "connection does not exist")
    already_open,          // open on a connection that is in use ("connection already exists")
    closing,               // send after shutdown or close ("connection closing")
    invalid_address,       // unspecified, multicast or broadcast remote address, port 0, or the wrong family
    address_in_use,        // a listener or connection already has this pair of addresses and ports
    no_memory_lent,        // open without use(), where the buffers keep their octets in memory of the caller's
    invalid_option,        // an option that leaves nothing to do, as a backlog of 0
    // what happened to the connection
    refused,               // the peer answered our SYN with RST ("connection refused")
    reset,                 // the peer reset a connection that was open ("connection reset")
    aborted,               // abort() was called here
    timed_out,             // no answer within R2, the SYN limit, the user timeout or the keep-alive probes
    unreachable,           // ICMP says so while it was being opened, or said so before the peer fell silent (RFC 9293, 3.9.2.2)
    // what the stack has no room for
    no_ports,              // every ephemeral port towards this address is taken
    no_room,               // no free connection, listener or half-open entry
};

constexpr char const* message(error e) noexcept {
    switch (e) {
        case error::none: return "no error";
        case error::would_block: return "nothing can be moved now; try again after the next event";
        case error::end_of_stream: return "the peer has closed its direction and everything was read";
        case error::not_open: return "the connection does not exist";
        case error::already_open: return "the connection already exists";
        case error::closing: return "the connection is closing; nothing more can be sent";
        case error::invalid_address: return "the address or port cannot be the end of a connection";
        case error::address_in_use: return "the address and port are in use";
        case error::no_memory_lent: return "the buffers have been lent no memory";
        case error::invalid_option: return "an option has a value that cannot be used";
        case error::refused: return "the peer refused the connection";
        case error::reset: return "the peer reset the connection";
        case error::aborted: return "the connection was aborted here";
        case error::timed_out: return "the peer did not answer in time";
        case error::unreachable: return "the network reports that the peer cannot be reached";
        case error::no_ports: return "no ephemeral port is free";
        case error::no_room: return "the table is full";
    }
    return "unknown error";
}

// How many octets moved, and what stands in the way of more.
struct [[nodiscard]] transfer {
    bytes count{};
    error status{};

    explicit constexpr operator bool() const noexcept { return status == error::none; }
    friend constexpr bool operator==(transfer, transfer) noexcept = default;
};

}  // namespace tenon
