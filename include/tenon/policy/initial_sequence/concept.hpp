// SPDX-License-Identifier: BSL-1.0
// Initial sequence: the first sequence number of a connection, and where its timestamps start (RFC 9293, 3.4.1; RFC 7323, 5.4).
//
//   called when                              with             must
//   a SYN or SYN,ACK is about to be made     initial(facts)   answer both; equal facts give equal answers
//
// Facts: the two ends, the time, the secret of the environment (128 bits that nobody else knows and that stay the same while
// connections last), and a floor where an earlier incarnation of the connection is still remembered: then the answer lies after
// it (RFC 9293, 3.6.1 (1); RFC 1122, 4.2.2.13).
#pragma once
#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <type_traits>

#include <tenon/core/sequence.hpp>
#include <tenon/core/time.hpp>
#include <tenon/core/units.hpp>

namespace tenon::initial_sequence {

using secret_key = std::array<std::uint64_t, 2>;

struct facts {
    octets_in               local{};   // addresses in network order, 4 or 16 octets
    octets_in               remote{};
    std::uint16_t           local_port{};
    std::uint16_t           remote_port{};
    instant                 now{};
    secret_key              secret{};
    std::optional<sequence> floor{};   // the last sequence number that the earlier incarnation used
};

struct start {
    sequence      number{};            // ISS
    std::uint32_t timestamp_offset{};  // added to the timestamp clock of this connection

    friend constexpr bool operator==(start, start) noexcept = default;
};

template <class I> concept chooses_a_start = requires (facts const& f) { { I::initial(f) } noexcept -> std::same_as<start>; };
template <class I> concept is_a_value = std::is_trivially_copyable_v<I> && std::equality_comparable<I>;

// Whether an environment must keep a secret for it; a policy that needs none says `static constexpr bool needs_secret = false`.
template <class I> inline constexpr bool needs_secret = true;
template <class I> requires requires { { I::needs_secret } -> std::convertible_to<bool>; }
inline constexpr bool needs_secret<I> = I::needs_secret;

template <class I> concept policy = is_a_value<I> && chooses_a_start<I>;

}  // namespace tenon::initial_sequence
