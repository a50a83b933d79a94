// SPDX-License-Identifier: BSL-1.0
// Datagram: the network axis applied to wire/: one address type, whichever versions of IP a composition has.
#pragma once
#include <array>

#include <tenon/core/contract.hpp>
#include <tenon/policy/network/concept.hpp>
#include <tenon/wire/checksum.hpp>
#include <tenon/wire/ip.hpp>
#include <tenon/wire/segment.hpp>

namespace tenon::engine {

template <class Network>
struct datagram_of {
    using address = typename Network::address;
    using packet  = wire::datagram<address>;

    TENON_PER_SEGMENT static wire::ip_error read(octets_in octets, packet& out) noexcept {
        if constexpr (Network::v4 && Network::v6) {
            if (!octets.empty() && (octets[0] & std::byte{0xf0}) == std::byte{0x60}) {
                auto const e = wire::read_ipv6(octets, out);
                // Inside IPv6 a mapped address is a forgery that would pass for IPv4 here (RFC 4942, 2.2).
                bool const forged = e == wire::ip_error::none && (Network::is_v4(out.source) || Network::is_v4(out.destination));
                return forged ? wire::ip_error::bad_version : e;
            }
            wire::datagram<ipv4_address> v4;
            auto const e = wire::read_ipv4(octets, v4);
            out = {to_mapped(v4.source), to_mapped(v4.destination), v4.payload, v4.protocol, v4.ttl, v4.traffic_class};
            return e;
        } else if constexpr (Network::v6) {
            return wire::read_ipv6(octets, out);
        } else {
            return wire::read_ipv4(octets, out);
        }
    }

    TENON_PER_SEGMENT static void write(std::byte* to, address const& source, address const& destination, bytes payload,
                                        std::uint8_t traffic_class = 0) noexcept {
        if constexpr (Network::v4)
            if (Network::is_v4(destination)) {
                wire::write_ipv4(to, {.source = narrow(source), .destination = narrow(destination), .payload = static_cast<std::uint16_t>(payload),
                                      .traffic_class = traffic_class});
                return;
            }
        if constexpr (Network::v6) wire::write_ipv6(to, {.source = source, .destination = destination, .payload = static_cast<std::uint16_t>(payload),
                                                             .traffic_class = traffic_class});
    }

    static wire::partial_sum pseudo_header(address const& source, address const& destination, bytes length) noexcept {
        if constexpr (!Network::v6) {
            return wire::pseudo_header(source, destination, length);
        } else {
            if (Network::v4 && Network::is_v4(destination)) return wire::pseudo_header(narrow(source), narrow(destination), length);
            return wire::pseudo_header(source, destination, length, wire::tcp_protocol);
        }
    }

    // The address in network order, for keyed hashes.
    struct octets {
        std::array<std::byte, Network::v6 ? 16 : 4> value;
        octets_in view() const noexcept { return value; }
    };
    static constexpr octets in_network_order(address const& a) noexcept {
        octets result{};
        if constexpr (Network::v6) {
            for (std::size_t i = 0; i < 16; ++i) result.value[i] = std::byte{a.octets[i]};
        } else {
            for (std::size_t i = 0; i < 4; ++i) result.value[i] = static_cast<std::byte>(a.value >> (24 - 8 * i));
        }
        return result;
    }

private:
    static constexpr ipv4_address narrow(address const& a) noexcept {
        if constexpr (Network::v6) return from_mapped(a);
        else return a;
    }
};

}  // namespace tenon::engine
