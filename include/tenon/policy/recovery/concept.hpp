// SPDX-License-Identifier: BSL-1.0
// Recovery: which of the octets in flight are lost.
//
//   called when                             with                       must
//   an ACK came, after flight applied it    on_ack(facts, board)       mark what is lost; say whether that is congestion
//   the retransmission timer fired          on_timeout(board)          forget what it counted; mark what is lost
//   the connection opens                    (all-zero is a fresh one)
//
// The board is a narrow view of flight, which alone stores marks:
//   board.mark_front(n)     the first n octets in flight are lost; one segment of them may ignore the window
//   board.mark_all()        everything in flight is lost
//   board.count_delivered(n)  n more octets left the network out of order (a duplicate ACK says so)
// Whether a loss opens an episode is the episode's decision; a policy only reports it.
#pragma once
#include <concepts>
#include <cstdint>
#include <type_traits>

#include <tenon/core/units.hpp>

namespace tenon::recovery {

struct facts {
    bytes mss{};
    bytes outstanding{};     // after this ACK
    bytes acknowledged{};    // newly, cumulatively
    bool  duplicate{};       // RFC 5681, 2: a duplicate acknowledgment
    bool  in_recovery{};     // an episode of loss is on and its recovery point is not yet acknowledged
    bool  may_begin{};       // RFC 6582, 3.2, step 2: the cumulative acknowledgment covers more than "recover"
};

enum class verdict : std::uint8_t { nothing, congestion };

// The smallest board, for checking the concept; flight's own does more.
struct board_archetype {
    void mark_front(bytes) noexcept {}
    void mark_all() noexcept {}
    void count_delivered(bytes) noexcept {}
};

template <class R> concept judges_acks = requires (R r, facts const& f, board_archetype& b) { { r.on_ack(f, b) } noexcept -> std::same_as<verdict>; };
template <class R> concept judges_timeouts = requires (R r, board_archetype& b) { { r.on_timeout(b) } noexcept; };
template <class R> concept is_a_value = std::is_trivially_copyable_v<R> && std::equality_comparable<R> && std::is_default_constructible_v<R>;

// Optional: `hears_acks` false says that on_ack never does anything. Then nothing is kept for it, and no episode of repair exists.
template <class R>
inline constexpr bool hears_acks_of = [] {
    if constexpr (requires { R::hears_acks; }) return bool{R::hears_acks};
    else return true;
}();

template <class R> concept policy = is_a_value<R> && judges_acks<R> && judges_timeouts<R>;

}  // namespace tenon::recovery
