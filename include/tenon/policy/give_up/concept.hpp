// SPDX-License-Identifier: BSL-1.0
// Give up: how long to go on without an answer (RFC 9293, 3.8.3).
//
//   called when                          with                   must
//   a retransmission timer fired, and    after_timeout(facts const&)   carry on; advise the network layer and the user (R1);
//   a probe of a closed window that                             or abandon the connection (R2, user timeout)
//   nobody answered
//
// Facts: how often the segment was retransmitted, how long the peer has acknowledged nothing, whether it is a SYN, and the limit
// that this connection's user has set, if any (MUST-21). A zero-window probe that is answered never counts (MUST-37).
// `gives_up` false means the facts need not exist.
#pragma once
#include <concepts>
#include <cstdint>
#include <type_traits>

#include <tenon/core/time.hpp>

namespace tenon::give_up {

enum class verdict : std::uint8_t { carry_on, advise, abandon };

struct facts {
    unsigned retransmissions{};
    duration elapsed{};       // since the oldest unacknowledged octet was first sent
    bool     handshake{};     // that octet is the SYN
    duration user_timeout{};  // zero: the user has set none; takes the place of R2
};

template <class G> concept says_whether_it_gives_up = requires { { G::gives_up } -> std::convertible_to<bool>; };
template <class G> concept judges_timeouts = requires (facts f) { { G::after_timeout(f) } noexcept -> std::same_as<verdict>; };
template <class G> concept is_a_value = std::is_trivially_copyable_v<G> && std::equality_comparable<G>;

template <class G> concept policy = is_a_value<G> && says_whether_it_gives_up<G> && judges_timeouts<G>;

}  // namespace tenon::give_up
