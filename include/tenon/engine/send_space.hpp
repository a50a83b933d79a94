// SPDX-License-Identifier: BSL-1.0
// The send sequence space (RFC 9293, 3.3.1).
//
//        una                  nxt          una + window        end
//         |  outstanding       |  may go    |  must wait        |
//  -------+--------------------+------------+-------------------+----->  seq
//
// end is one past the last octet the application has written, and the FIN's own number once it has closed. SYN takes the
// number before the first octet; una stands on it until it is acknowledged.
#pragma once
#include <optional>

#include <tenon/core/sequence.hpp>
#include <tenon/core/time.hpp>

namespace tenon::engine {

// What an acknowledgment says to the sender.
struct ack_facts {
    sequence ack{};
    bool     duplicate{};  // RFC 5681, 2
};
struct marked_ack_facts {
    sequence ack{};
    bool     duplicate{};
    bool     marked{};     // ECE (RFC 3168, 6.1.2)
};
struct stamped_ack_facts {
    sequence ack{};
    bool     duplicate{};
    bool     marked{};  // ECE
    std::optional<duration> round_trip{};  // what its timestamp says (RFC 7323, 4.1)
};

enum class ack_kind : std::uint8_t {
    old,        // SEG.ACK < SND.UNA
    repeated,   // SEG.ACK = SND.UNA
    advances,   // SND.UNA < SEG.ACK <= SND.NXT
    beyond,     // something not yet sent
};

// Window holds what a peer can offer: 16 bits are enough without window scale.
template <class Window>
struct basic_send_space {
    sequence una{};         // SND.UNA
    sequence nxt{};         // SND.NXT
    sequence end{};
    sequence wl1{};         // SND.WL1
    sequence wl2{};         // SND.WL2
    Window   window{};      // SND.WND, scaled
    Window   max_window{};  // the largest ever offered (RFC 9293, 3.8.6.2.1: Max(SND.WND))

    constexpr void start(sequence iss) noexcept { *this = {.una = iss, .nxt = iss, .end = iss + 1}; }

    constexpr bytes outstanding() const noexcept { return nxt - una; }
    // Octets written and never sent. The FIN is not one of them; once it is sent, nxt is past end.
    constexpr bytes unsent() const noexcept { return nxt < end ? end - nxt : 0; }
    constexpr bool fin_sent() const noexcept { return nxt > end; }
    constexpr bool fin_acknowledged() const noexcept { return una > end; }
    // How far the peer's window lets nxt go; 0 when it was shrunk below what is out already (RFC 9293, MUST-34).
    constexpr bytes usable() const noexcept {
        auto const room = static_cast<std::int32_t>(una + window - nxt);
        return room > 0 ? static_cast<bytes>(room) : 0;
    }

    constexpr ack_kind classify(sequence ack) const noexcept {
        if (ack > nxt) return ack_kind::beyond;
        if (ack > una) return ack_kind::advances;
        return ack == una ? ack_kind::repeated : ack_kind::old;
    }

    // RFC 9293, 3.10.7.4, fifth: an old segment must not overwrite a newer window.
    constexpr bool update_window(sequence seq, sequence ack, bytes offered) noexcept {
        if (!(wl1 < seq || (wl1 == seq && wl2 <= ack))) return false;
        set_window(seq, ack, offered);
        return true;
    }
    constexpr void set_window(sequence seq, sequence ack, bytes offered) noexcept {
        window = static_cast<Window>(offered);
        wl1 = seq;
        wl2 = ack;
        if (window > max_window) max_window = window;
    }

    friend constexpr bool operator==(basic_send_space const&, basic_send_space const&) noexcept = default;
};
using send_space = basic_send_space<bytes>;

}  // namespace tenon::engine
