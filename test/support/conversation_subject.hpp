// SPDX-License-Identifier: BSL-1.0
// The endpoint that a conversation talks to, whatever its policies: behind an interface, so that a conversation is compiled
// once and held with any composition. test/endpoint/subjects.cpp makes them.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <tenon/core/error.hpp>
#include <tenon/core/time.hpp>
#include <tenon/engine/ready.hpp>
#include <tenon/state/machine.hpp>

#include "conversation_packet.hpp"
#include "dense_table.hpp"

namespace talk {

using namespace tenon::literals;

// A set of policies. Each differs from `standard` as said.
enum class composition {
    standard,    // default_policies
    impatient,   // FIN-WAIT-2 ends after 60 s; R2 off
    roomy,       // buffers of 1 MiB: window scale of 5
    small,       // receive buffer of 4096 octets, no window scale, no reassembly
    unchecked,   // without RFC 5961, every segment acknowledged at once, nothing coalesced, no TIME-WAIT, no giving up
    slow,        // the initial window of RFC 5681
    marking,     // ECN (RFC 3168)
    single,      // the same with a window of one segment
};

enum class versions { v4, v6, both };

// The transport: what it is given to send can be looked at, and it may be told to refuse.
struct wire_end {
    std::vector<octets> out{};
    std::vector<octets> in{};
    unsigned mtu{1500};
    unsigned refuse_every{};  // every k-th packet is refused once; 0: none
    unsigned calls{};
    bool refused{};           // since this was last cleared
    bool broken{};            // refuses everything
};

// Initial sequence numbers and the altered state table are one for all subjects.
struct scripted_start {
    static inline std::uint32_t iss{};
};
struct altered_rows {
    static inline tenon::test::dense_table table = tenon::test::rfc9293_dense;
};

class subject {
public:
    virtual ~subject() = default;

    virtual tenon::error listen(bool v6) = 0;
    virtual tenon::error connect(tenon::instant now, bool v6) = 0;
    virtual tenon::transfer send(std::span<std::byte const> octets) = 0;
    virtual tenon::transfer receive(std::span<std::byte> octets) = 0;
    virtual tenon::error shutdown() = 0;
    virtual tenon::error close() = 0;
    virtual tenon::error abort() = 0;
    virtual void keep_alive(bool on) = 0;
    virtual void no_delay(bool on) = 0;
    virtual void user_timeout(tenon::duration d) = 0;
    virtual tenon::ready poll(tenon::instant now) = 0;
    virtual std::optional<tenon::instant> next_deadline(tenon::instant now) = 0;

    virtual tenon::state state() const = 0;
    virtual tenon::error failure() const = 0;
    virtual tenon::bytes readable() const = 0;
    virtual tenon::bytes writable() const = 0;
    virtual tenon::bytes congestion_window() const = 0;
    virtual tenon::bytes threshold() const = 0;

    wire_end& wire() { return wire_; }

private:
    wire_end wire_{};
};

std::unique_ptr<subject> make_subject(composition c, versions v, bool altered);

}  // namespace talk
