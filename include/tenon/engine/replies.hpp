// SPDX-License-Identifier: BSL-1.0
// Replies to segments that belong to no connection: RESET generation (RFC 9293, 3.10.7.1 and 3.5.2). Pure; not a template.
#pragma once
#include <tenon/wire/emit.hpp>
#include <tenon/wire/segment.hpp>

namespace tenon::engine {

// The RST that answers s. The caller has made sure that s is not a RST itself (attack C16).
constexpr void reset_for(wire::segment const& s, wire::header& h) noexcept {
    h.source      = s.destination;
    h.destination = s.source;
    if (s.has(wire::flag::ack)) {
        h.seq     = s.ack;  // <SEQ=SEG.ACK><CTL=RST>
        h.control = wire::flag::rst;
    } else {
        h.ack     = s.seq + s.length();  // <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>
        h.control = wire::flag::rst | wire::flag::ack;
    }
}
constexpr wire::header reset_for(wire::segment const& s) noexcept {
    wire::header h{};
    reset_for(s, h);
    return h;
}

}  // namespace tenon::engine
