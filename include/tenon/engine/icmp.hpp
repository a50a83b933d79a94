// SPDX-License-Identifier: BSL-1.0
// ICMP errors for either version of IP, in the terms of a connection.
#pragma once
#include <algorithm>

#include <tenon/core/units.hpp>
#include <tenon/engine/datagram.hpp>
#include <tenon/wire/icmp.hpp>

namespace tenon::engine {

// About a segment of ours: source is here, destination the peer.
template <class Network>
struct icmp_notice {
    typename Network::address source{};
    typename Network::address destination{};
    std::uint16_t   source_port{};
    std::uint16_t   destination_port{};
    sequence        seq{};
    wire::icmp_kind kind{};
    bytes           mss{};  // too_big: what a segment may carry
};

namespace detail {

template <class Network, class Address, class Widen>
constexpr void note(wire::icmp_error<Address> const& e, icmp_notice<Network>& out, Widen widen) noexcept {
    out.source           = widen(e.source);
    out.destination      = widen(e.destination);
    out.source_port      = e.source_port;
    out.destination_port = e.destination_port;
    out.seq              = e.seq;
    out.kind             = e.kind;
    // RFC 5927, 7.2: no forged report pushes segments below what every path carries. A router that names no MTU is
    // older than RFC 1191, and gets just that.
    bytes const headers = Network::header(out.destination) + wire::header_length;
    bytes const least   = Network::default_mss(out.destination);
    out.mss = e.mtu > headers ? greater(e.mtu - headers, least) : least;
}

}  // namespace detail

template <class Network>
bool read_icmp(wire::datagram<typename Network::address> const& ip, icmp_notice<Network>& out) noexcept {
    if constexpr (Network::v4) {
        if (Network::is_v4(ip.source)) {
            wire::icmp_error<ipv4_address> e;
            if (wire::read_icmpv4(ip.payload, e) != wire::icmp_result::error) return false;
            detail::note<Network>(e, out, [](ipv4_address a) {
                if constexpr (Network::v6) return to_mapped(a);
                else return a;
            });
            return true;
        }
    }
    if constexpr (Network::v6) {
        wire::icmp_error<ipv6_address> e;
        if (wire::read_icmpv6(ip, e) != wire::icmp_result::error) return false;
        detail::note<Network>(e, out, [](ipv6_address const& a) { return a; });
        return true;
    }
    return false;
}

}  // namespace tenon::engine
