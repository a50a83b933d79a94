// SPDX-License-Identifier: BSL-1.0
// Admission: what to do with a segment, judged from its header and the two sequence spaces alone (RFC 9293, 3.10.7; RFC
// 5961). Understands and decides; does nothing. A template over what is checked, not over the policies. O(1).
#pragma once
#include <tenon/core/contract.hpp>
#include <tenon/engine/receive_space.hpp>
#include <tenon/engine/send_space.hpp>
#include <tenon/state/state.hpp>
#include <tenon/wire/segment.hpp>

namespace tenon::engine {

enum class admitted : std::uint8_t {
    process,           // acceptable: go on with its ACK, text and FIN
    ack_alone,         // not acceptable, but its ACK is to be heard, and it is to be acknowledged
    acknowledge,       // not acceptable: send an ACK, drop it
    challenge,         // perhaps a blind attack: send an ACK within the allowance, drop it
    drop,
    reset,             // a RST that counts
    reset_peer,        // answer with a RST built from the segment, drop it
    new_incarnation,   // a SYN in the window of a connection without RFC 5961: the peer has started anew
    back_to_listen,    // a SYN in the window of a passive SYN-RECEIVED (erratum 8710)
};

struct situation {
    tenon::state state{};
    bool passive{};  // opened by LISTEN
};

// RFC 9293, 3.10.7.3: SYN-SENT.
template <class Window>
constexpr admitted judge_syn_sent(basic_send_space<Window> const& snd, wire::segment const& s) noexcept {
    using wire::flag;
    if (s.has(flag::ack) && (s.ack <= snd.una || s.ack > snd.nxt))
        return s.has(flag::rst) ? admitted::drop : admitted::reset_peer;
    // A RST that acknowledges nothing could come from anybody.
    if (s.has(flag::rst)) return s.has(flag::ack) ? admitted::reset : admitted::drop;
    return s.has(flag::syn) ? admitted::process : admitted::drop;
}

// RFC 9293, 3.10.7.4: every state that has received a SYN. Called from one place, so inlined even where octets count.
template <bool Checks, class Window>
[[gnu::always_inline]] constexpr admitted judge(situation now, basic_send_space<Window> const& snd, receive_space const& rcv, wire::segment const& s) noexcept {
    using wire::flag;
    bool const rst = s.has(flag::rst);
    bool const syn = s.has(flag::syn);
    if (!rcv.acceptable(s.seq, s.length())) {
        // 3.10.7.4, first: with a window of zero, RSTs and ACKs are still to be heard.
        if (rst) return s.seq == rcv.nxt && now.state != state::time_wait ? admitted::reset : admitted::drop;
        // RFC 9293, A.2: the SYN-ACK of a simultaneous open, a probe into a closed window and a keep-alive stand just
        // before or at RCV.NXT; refusing their ACKs ends in a war of packets.
        bool const beside = s.seq == rcv.nxt || s.seq + 1 == rcv.nxt;
        if (syn && now.state != state::syn_received) return Checks ? admitted::challenge : admitted::acknowledge;
        bool const heard = s.has(flag::ack) && beside && snd.classify(s.ack) != ack_kind::beyond;
        return heard ? admitted::ack_alone : admitted::acknowledge;
    }
    if (rst) {
        // RFC 1337, 3, F1: a RST must not cut TIME-WAIT short.
        if (now.state == state::time_wait) return admitted::drop;
        if constexpr (Checks) return s.seq == rcv.nxt ? admitted::reset : admitted::challenge;  // RFC 5961, 3.2
        else return admitted::reset;
    }
    if (syn) {
        if (now.state == state::syn_received && now.passive) return admitted::back_to_listen;
        if constexpr (Checks) return admitted::challenge;  // RFC 5961, 4.2
        else return now.state == state::time_wait ? admitted::acknowledge : admitted::new_incarnation;
    }
    if (!s.has(flag::ack)) return admitted::drop;
    if (now.state == state::syn_received && (s.ack <= snd.una || s.ack > snd.nxt)) return admitted::reset_peer;
    // RFC 5961, 5.2: what acknowledges neither anything recent nor anything sent was not written by the peer.
    if constexpr (Checks)
        if (s.ack + snd.max_window < snd.una) return admitted::challenge;
    if (s.ack > snd.nxt) return Checks ? admitted::challenge : admitted::acknowledge;
    return admitted::process;
}

}  // namespace tenon::engine
