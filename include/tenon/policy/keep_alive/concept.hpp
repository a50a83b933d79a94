// SPDX-License-Identifier: BSL-1.0
// Keep-alive: whether an idle connection asks from time to time if the peer is still there (RFC 9293, 3.8.4).
//
//   called when                                    with             must
//   the user turns it on or off (MUST-24)          enable(on)       remember; off at the start (MUST-25)
//   nothing is outstanding, and the timer is armed enabled(), wait() answer how long after the last arrival, or after the last
//                                                                   probe if one is unanswered, to wait
//   any segment arrived                            on_arrival()     forget unanswered probes
//   the timer fired                                on_timeout()     probe (SEG.SEQ = SND.NXT - 1, no data), or abandon
//
// `probes` false means there is no field, no timer and no code; only this constant is looked at.
#pragma once
#include <concepts>
#include <cstdint>
#include <type_traits>

#include <tenon/core/time.hpp>

namespace tenon::keep_alive {

enum class verdict : std::uint8_t { probe, abandon };

template <class K> concept says_whether_it_probes = requires { { K::probes } -> std::convertible_to<bool>; };
template <class K> concept can_be_turned_off = !K::probes || requires (K k, K const& c) {
    { k.enable(true) } noexcept;
    { c.enabled() } noexcept -> std::same_as<bool>;
};
template <class K> concept says_how_long_to_wait = !K::probes || requires (K const& c) {
    { c.wait() } noexcept -> std::same_as<duration>;
};
template <class K> concept counts_probes = !K::probes || requires (K k) {
    { k.on_arrival() } noexcept;
    { k.on_timeout() } noexcept -> std::same_as<verdict>;
};
template <class K> concept is_a_value = std::is_trivially_copyable_v<K> && std::equality_comparable<K>;

template <class K>
concept policy = is_a_value<K> && says_whether_it_probes<K> && can_be_turned_off<K> && says_how_long_to_wait<K> &&
                 counts_probes<K>;

}  // namespace tenon::keep_alive
