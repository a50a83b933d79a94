// SPDX-License-Identifier: BSL-1.0
// Network: which versions of IP there are. Descriptors only; headers and pseudo-headers are in wire/.
//
//   asked for                                       must be
//   address                                         a value that holds any address of the network
//   v4, v6                                          which versions exist; the code of the other is left out
//   is_v4(address)                                  which version a packet to or from `address` has
//   header(address)                                 the octets of its header, without options or extensions
//   default_mss(address)                            what a peer that says nothing can take (RFC 9293, 3.7.1, MUST-15)
#pragma once
#include <concepts>
#include <type_traits>

#include <tenon/core/address.hpp>
#include <tenon/core/units.hpp>

namespace tenon::network {

// RFC 791, 3.1: five words without options. RFC 8200, 3: forty octets.
inline constexpr bytes ipv4_header = 20;
inline constexpr bytes ipv6_header = 40;
// RFC 9293, 3.7.1: 576 and 1280 octets less the headers of IP and TCP.
inline constexpr bytes ipv4_default_mss = 536;
inline constexpr bytes ipv6_default_mss = 1220;

template <class N>
concept has_addresses = std::is_trivially_copyable_v<typename N::address> && std::equality_comparable<typename N::address>;
template <class N> concept names_its_versions = (N::v4 || N::v6);
template <class N> concept describes_its_headers = requires (typename N::address const& a) {
    { N::is_v4(a) } noexcept -> std::same_as<bool>;
    { N::header(a) } noexcept -> std::same_as<bytes>;
    { N::default_mss(a) } noexcept -> std::same_as<bytes>;
};
template <class N> concept is_a_tag = std::is_empty_v<N> && std::is_trivially_copyable_v<N> && std::equality_comparable<N>;

template <class N> concept policy = is_a_tag<N> && has_addresses<N> && names_its_versions<N> && describes_its_headers<N>;

}  // namespace tenon::network
