// SPDX-License-Identifier: BSL-1.0
// Reassembly: what arrived ahead of RCV.NXT, as intervals of sequence numbers. The octets lie in the receive store.
//
//   called when                            with                      must
//   any data arrived, before it is stored  missing(from, to)         return the first stretch of [from, to) not yet held;
//                                                                    from == to when all of it is held
//   data ahead of RCV.NXT arrived,         admits(nxt, from, to)     say whether accept would keep the range
//     before it is stored
//   it was stored                          accept(nxt, from, to)     hold the range; false = refused, nothing changed
//   in-order data moved RCV.NXT to nxt     advance(nxt)              swallow what is now contiguous; return the new RCV.NXT
//   SACK blocks are written                count(), block(i)         show the intervals, the most recently touched first
//                                                                    (the order of RFC 2018, 4)
//   the connection ends                    clear()                   hold nothing
//
// Facts: RCV.NXT < from < to <= RCV.NXT + 2^30; whatever lies outside is refused. Intervals are disjoint and do not touch.
// Data at RCV.NXT never needs a place in the table, so it is always admissible. Octets held already are not written again:
// the first copy of an octet stays (the engine writes only what `missing` names). A range that was stored in part is
// accepted in part. A FIN takes one sequence number (RFC 9293, 3.4): a range may end behind it, with no octet stored for it;
// the engine remembers where it stands. A refused range counts as loss.
//
// One arrival, as the engine handles it:
//   s = from
//   while g = missing(s, to) is not empty:   s = g.from + octets of g that the store took;   if s != g.to, stop
//   at RCV.NXT: RCV.NXT = advance(s), else accept(RCV.NXT, from, s)
#pragma once
#include <concepts>
#include <cstddef>

#include <tenon/core/sequence.hpp>

namespace tenon::reassembly {

struct interval {
    sequence from{};
    sequence to{};  // one past the last

    constexpr bool empty() const noexcept { return from == to; }
    friend constexpr bool operator==(interval, interval) noexcept = default;
};

inline constexpr bytes reach = bytes{1} << 30;  // no window is larger (RFC 7323, 2.3)

// Ahead of nxt, not empty, within reach.
constexpr bool out_of_order(sequence nxt, sequence from, sequence to) noexcept {
    bytes const begin = from - nxt;
    bytes const end = to - nxt;
    return begin != 0 && begin < end && end <= reach;
}

template <class R> concept states_its_capacity = requires { { R::capacity } -> std::convertible_to<std::size_t>; };
template <class R> concept names_what_is_missing = requires (R const k, sequence s) {
    { k.missing(s, s) } noexcept -> std::same_as<interval>;
};
template <class R> concept keeps_ranges = requires (R r, R const k, sequence s) {
    { k.admits(s, s, s) } noexcept -> std::same_as<bool>;
    { r.accept(s, s, s) } noexcept -> std::same_as<bool>;
    { r.clear() } noexcept;
};
template <class R> concept swallows_what_became_contiguous = requires (R r, sequence s) {
    { r.advance(s) } noexcept -> std::same_as<sequence>;
};
template <class R> concept shows_its_intervals = requires (R const k, std::size_t i) {
    { k.count() } noexcept -> std::same_as<std::size_t>;
    { k.block(i) } noexcept -> std::same_as<interval>;
};

template <class R>
concept policy = std::equality_comparable<R> && states_its_capacity<R> && names_what_is_missing<R> && keeps_ranges<R> &&
                 swallows_what_became_contiguous<R> && shows_its_intervals<R>;

}  // namespace tenon::reassembly
