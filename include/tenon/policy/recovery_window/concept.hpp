// SPDX-License-Identifier: BSL-1.0
// Recovery window: how much may be in the network while an episode of loss is being repaired.
//
//   called when                              with               must
//   an episode of loss begins                on_enter(facts)    note where it starts (congestion has already reduced)
//   an ACK came during it                    on_ack(facts)      update
//   something was sent during it             on_sent(n)         update
//   output asks, during it only              window(cwnd)       answer in octets; compared with pipe
#pragma once
#include <concepts>
#include <type_traits>

#include <tenon/core/units.hpp>

namespace tenon::recovery_window {

struct facts {
    bytes mss{};
    bytes prior_pipe{};   // before the ACK at hand
    bytes pipe{};         // after it, losses taken off
    bytes delivered{};    // newly
    bytes lost{};         // newly
    bytes threshold{};    // the congestion policy's
};

template <class W> concept enters = requires (W w, facts const& f) { { w.on_enter(f) } noexcept; };
template <class W> concept hears_acks = requires (W w, facts const& f) { { w.on_ack(f) } noexcept; };
template <class W> concept hears_what_is_sent = requires (W w, bytes n) { { w.on_sent(n) } noexcept; };
template <class W> concept answers_window = requires (W const w, bytes n) { { w.window(n) } noexcept -> std::same_as<bytes>; };
template <class W> concept is_a_value = std::is_trivially_copyable_v<W> && std::equality_comparable<W> && std::is_default_constructible_v<W>;

template <class W> concept policy = is_a_value<W> && enters<W> && hears_acks<W> && hears_what_is_sent<W> && answers_window<W>;

}  // namespace tenon::recovery_window
