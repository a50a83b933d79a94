// SPDX-License-Identifier: BSL-1.0
// Coalescing: whether less than a full segment may be sent, although more may be written soon.
//
//   called when                                              with                      must
//   all that is left to send, and the windows allow it,      may_send_runt(facts)      say whether it goes now
//   is less than a full segment
//
// Facts: what is unacknowledged, how much would be sent, the effective MSS, and whether this connection's user has asked for no
// delay (RFC 9293, MUST-17). Not asked about a FIN, which lets everything before it go. `coalesces` false means never a delay.
#pragma once
#include <concepts>
#include <type_traits>

#include <tenon/core/units.hpp>

namespace tenon::coalescing {

struct facts {
    bytes outstanding{};  // SND.NXT - SND.UNA
    bytes octets{};       // what would be sent; less than `mss`
    bytes mss{};          // Eff.snd.MSS
    bool  no_delay{};     // the user wants each write sent at once
};

template <class C> concept says_whether_it_coalesces = requires { { C::coalesces } -> std::convertible_to<bool>; };
template <class C> concept judges_runts = requires (facts f) { { C::may_send_runt(f) } noexcept -> std::same_as<bool>; };
template <class C> concept is_a_value = std::is_trivially_copyable_v<C> && std::equality_comparable<C>;

template <class C> concept policy = is_a_value<C> && says_whether_it_coalesces<C> && judges_runts<C>;

}  // namespace tenon::coalescing
