// SPDX-License-Identifier: BSL-1.0
// The states of a connection (RFC 9293, 3.3.2) and what each of them allows.
#pragma once
#include <cstddef>
#include <cstdint>

namespace tenon {

// In the order in which a connection passes through them; CLOSED, "no connection state at all", is zero.
enum class state : std::uint8_t {
    closed, listen, syn_sent, syn_received, established, fin_wait_1, fin_wait_2, close_wait, closing, last_ack, time_wait
};

inline constexpr std::size_t state_count = 11;

// RFC 9293, 3.5.2: LISTEN, SYN-SENT and SYN-RECEIVED are the non-synchronized states.
constexpr bool synchronized(state s) noexcept { return s >= state::established; }

// RFC 9293, 3.10.2: SEND is segmentized here; before, it is queued; after, it is refused.
constexpr bool may_send_data(state s) noexcept { return s == state::established || s == state::close_wait; }

// RFC 9293, 3.10.7.4, seventh step: segment text is taken here; elsewhere it is queued or ignored.
constexpr bool may_receive_data(state s) noexcept {
    return s == state::established || s == state::fin_wait_1 || s == state::fin_wait_2;
}

// Our FIN has been sent and is not yet known to have arrived.
constexpr bool awaits_ack_of_fin(state s) noexcept {
    return s == state::fin_wait_1 || s == state::closing || s == state::last_ack;
}

}  // namespace tenon
