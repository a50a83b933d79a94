// SPDX-License-Identifier: BSL-1.0
// Keys: from one secret a key for each purpose, so that what one of them lets be seen tells nothing of the others; and the
// hash of a flow.
#pragma once
#include <cstdint>

#include <tenon/engine/datagram.hpp>
#include <tenon/engine/handshake.hpp>
#include <tenon/policy/demux/keyed_hash.hpp>
#include <tenon/policy/initial_sequence/concept.hpp>
#include <tenon/policy/initial_sequence/siphash.hpp>

namespace tenon {

enum class key_for : std::uint8_t { initial_sequence, demux, ports, flows };

constexpr initial_sequence::secret_key derive_key(initial_sequence::secret_key const& secret, key_for purpose) noexcept {
    initial_sequence::secret_key key{};
    for (std::uint8_t half = 0; half < 2; ++half) {
        initial_sequence::siphash<> h{secret};
        h.add(static_cast<std::uint8_t>(purpose));
        h.add(half);
        key[half] = h.result();
    }
    return key;
}

// 32 bits that depend on both ends: for demultiplexing with D, or to choose among hosts and listeners.
template <class Network, class D = demux::keyed_hash>
std::uint32_t hash_of(engine::tuple<typename Network::address> const& e, demux::secret_key const& key) noexcept {
    auto const local  = engine::datagram_of<Network>::in_network_order(e.local);
    auto const remote = engine::datagram_of<Network>::in_network_order(e.remote);
    return D::hash({.local = local.view(), .remote = remote.view(), .local_port = e.local_port, .remote_port = e.remote_port},
                   key);
}

// Which of several hosts, or of listeners that share, a flow belongs to: (std::uint64_t{hash} * n) >> 32. The ends are as seen
// from the host: local is a packet's destination.
template <class Network>
std::uint32_t flow_hash(engine::tuple<typename Network::address> const& e, initial_sequence::secret_key const& secret) noexcept {
    return hash_of<Network>(e, derive_key(secret, key_for::flows));
}

// For ports: depends on everything but the local port.
template <class Network>
std::uint64_t port_hash(engine::tuple<typename Network::address> const& e, initial_sequence::secret_key const& key) noexcept {
    initial_sequence::siphash<> h{key};
    h.add(engine::datagram_of<Network>::in_network_order(e.local).view());
    h.add(engine::datagram_of<Network>::in_network_order(e.remote).view());
    h.add_16(e.remote_port);
    return h.result();
}

}  // namespace tenon
