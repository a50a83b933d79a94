// SPDX-License-Identifier: BSL-1.0
// The receive sequence space (RFC 9293, 3.3.1) and the window that is advertised from it. Not a template.
//
//       front                 nxt                      edge
//         |  readable          |  RCV.WND, advertised    |
//  -------+--------------------+-------------------------+----->  seq
//
// The edge never moves left (RFC 9293, 3.8.6: shrinking is discouraged), and moves right only in steps worth a segment
// (3.8.6.2.2: silly window avoidance).
#pragma once
#include <algorithm>

#include <tenon/core/sequence.hpp>
#include <tenon/core/units.hpp>

namespace tenon::engine {

struct receive_space {
    sequence front{};  // the oldest octet the application has not read
    sequence nxt{};    // RCV.NXT
    sequence edge{};   // RCV.NXT + RCV.WND as last advertised

    constexpr void start(sequence irs, bytes window) noexcept { *this = {.front = irs + 1, .nxt = irs + 1, .edge = irs + 1 + window}; }

    constexpr bytes readable() const noexcept { return nxt - front; }
    constexpr bytes window() const noexcept { return edge - nxt; }

    // Where the edge may stand when `promise` octets can be stored from the front on; `largest` is what the window field can say.
    constexpr sequence possible_edge(bytes promise, bytes largest) const noexcept {
        bytes const held = readable();
        return later(edge, nxt + lesser(promise > held ? promise - held : 0, largest));
    }

    // RFC 9293, 3.8.6.2.2: min(1/2 RCV.BUFF, Eff.snd.MSS).
    constexpr bool worth_telling(sequence possible, bytes promise, bytes mss) const noexcept {
        return possible - edge >= lesser((promise + 1) / 2, mss);
    }

    // RFC 9293, 3.4, the acceptability test of table 6.
    [[gnu::always_inline]] constexpr bool acceptable(sequence seq, bytes length) const noexcept {
        bytes const wnd = window();
        if (length == 0) return wnd == 0 ? seq == nxt : seq - nxt < wnd;
        return wnd != 0 && (seq - nxt < wnd || seq + (length - 1) - nxt < wnd);
    }

    friend constexpr bool operator==(receive_space const&, receive_space const&) noexcept = default;
};

}  // namespace tenon::engine
