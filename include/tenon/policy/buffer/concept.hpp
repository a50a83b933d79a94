// SPDX-License-Identifier: BSL-1.0
// Buffer: where the octets of one direction lie, on a home that is passed in and never kept.
//
//   called when                               with               must
//   the application writes; data arrives      write(h, at, in)   store `in` at `at` octets past the front, maybe only a
//                                                                prefix; return how many were stored (0 = no memory now)
//   a segment is made; the application reads  read(h, at, n, out) fill `out` with pieces that hold the octets
//                                                                [at, at + n) in order; return how many octets the pieces
//                                                                hold, maybe fewer than n when `out` is too short
//   octets are acknowledged, or consumed      drop(h, n)         move the front by n; what is before it is gone
//   a window is computed; room is asked for   promise(h)         how many octets from the front on could be stored, those
//                                                                already stored included
//   the connection ends                       release(h)         give everything back to the home
//
// Facts: all offsets count from the front, the oldest octet not yet dropped. The engine, not the store, knows which octets
// have been written; it reads only those. `write` beyond promise() stores what fits. A receive store gets writes in any
// order (reassembly); a send store gets them in order. A store that is all zero is empty and valid.
//
// A send store that refers to the application's memory instead of copying has `refer` in place of `write`:
//   refer(h, in, cookie)   keep a reference to `in`; the memory stays the application's and must not change until
//                          `released(h)` has returned its cookie.
#pragma once
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>

#include <tenon/core/units.hpp>

namespace tenon::buffer {

struct nothing {  // the home of a store that needs none
    friend constexpr bool operator==(nothing, nothing) noexcept = default;
};

template <class S> concept names_its_home = requires { typename S::home; };
template <class S> concept stores_octets = requires (S s, typename S::home& h, bytes at, octets_in in) {
    { s.write(h, at, in) } noexcept -> std::same_as<bytes>;
};
template <class S> concept lends_stored_octets = requires (S const k, typename S::home& h, bytes at, bytes n, std::span<octets_in> out) {
    { k.read(h, at, n, out) } noexcept -> std::same_as<bytes>;
};
template <class S> concept forgets_octets = requires (S s, typename S::home& h, bytes n) {
    { s.drop(h, n) } noexcept;
    { s.release(h) } noexcept;
};
template <class S> concept promises_room = requires (S const k, typename S::home const& h) {
    { k.promise(h) } noexcept -> std::same_as<bytes>;
};

template <class S>
concept octet_store = names_its_home<S> && stores_octets<S> && lends_stored_octets<S> && forgets_octets<S> && promises_room<S>;

template <class S> concept refers_to_octets = octet_store<S> && requires (S s, typename S::home& h, octets_in in, std::uintptr_t cookie) {
    { s.refer(h, in, cookie) } noexcept -> std::same_as<bytes>;
    { s.released(h) } noexcept -> std::same_as<std::optional<std::uintptr_t>>;
};

// Octets a store can ever hold, where that is known at compile time; 2^30 otherwise. Sizes fields and the window scale.
template <class S>
inline constexpr bytes capacity_of = [] {
    if constexpr (requires { S::capacity; }) return bytes{S::capacity};
    else return bytes{1} << 30;
}();

}  // namespace tenon::buffer
