// SPDX-License-Identifier: BSL-1.0
// Demux: how a host finds the connection of a segment. The policy says where to look; the table and its chains are the host's.
//
//   called when                                     with                    must
//   a segment arrives; a connection begins or ends  hash(ends, secret)      answer 32 bits that depend on all of `ends`
//                                                   bucket(hash, buckets)   answer one of 0 .. buckets - 1
//
// Facts: the addresses in network order and the ports. Who does not know the secret must not be able to choose ends
// that meet in one bucket. `searches_linearly` true means that there is one bucket, no hash, and at most `capacity` connections.
#pragma once
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <tenon/core/units.hpp>

namespace tenon::demux {

using secret_key = std::array<std::uint64_t, 2>;

struct ends {
    octets_in     local{};
    octets_in     remote{};
    std::uint16_t local_port{};
    std::uint16_t remote_port{};
};

template <class D> concept says_whether_it_searches = requires { { D::searches_linearly } -> std::convertible_to<bool>; };
template <class D> concept limits_a_linear_search = !D::searches_linearly || requires {
    { D::capacity } -> std::convertible_to<std::size_t>;
};
template <class D> concept hashes_the_ends = D::searches_linearly || requires (ends const& e, secret_key const& s) {
    { D::hash(e, s) } noexcept -> std::same_as<std::uint32_t>;
};
template <class D> concept chooses_a_bucket = D::searches_linearly || requires (std::uint32_t hash, std::uint32_t buckets) {
    { D::bucket(hash, buckets) } noexcept -> std::same_as<std::uint32_t>;
};
template <class D> concept is_a_value = std::is_trivially_copyable_v<D> && std::equality_comparable<D>;

template <class D>
concept policy = is_a_value<D> && says_whether_it_searches<D> && limits_a_linear_search<D> &&
                 hashes_the_ends<D> && chooses_a_bucket<D>;

}  // namespace tenon::demux
