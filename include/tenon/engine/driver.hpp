// SPDX-License-Identifier: BSL-1.0
// Driver: what everybody who drives connections over a transport needs, endpoint and host alike. O(1).
#pragma once
#include <tenon/core/contract.hpp>
#include <tenon/core/units.hpp>
#include <tenon/engine/emission.hpp>
#include <tenon/engine/homes.hpp>
#include <tenon/engine/path.hpp>
#include <tenon/engine/timestamps.hpp>
#include <tenon/policy/initial_sequence/concept.hpp>

namespace tenon {

template <class Address>
struct socket_address {
    Address       address{};
    std::uint16_t port{};

    friend constexpr bool operator==(socket_address const&, socket_address const&) noexcept = default;
};

namespace engine {

template <class Network, class T>
constexpr link_facts link_of(T const& transport, typename Network::address const& remote) noexcept {
    return {lesser<bytes>(transport.limits().mtu, 65'535) - Network::header(remote) - wire::header_length, Network::default_mss(remote)};
}

// How many segments one packet may hold: its length field has 16 bits.
constexpr bytes most_segments(bytes limit, bytes mss) noexcept {
    return mss == 0 || limit < 2 ? 1 : greater<bytes>(lesser(limit, 65'000 / mss), 1);
}

// RFC 9293, 3.9.2.3: who may talk to whom.
template <class Network>
constexpr bool can_connect(typename Network::address const& local, typename Network::address const& remote) noexcept {
    return can_be_an_end(local) && can_be_an_end(remote) && Network::is_v4(local) == Network::is_v4(remote);
}

template <class P>
initial_sequence::start first_sequence(tuple<typename P::network::address> const& e, instant now, initial_sequence::secret_key const& secret,
                        std::optional<sequence> floor = {}) noexcept {
    using datagrams   = datagram_of<typename P::network>;
    auto const local  = datagrams::in_network_order(e.local);
    auto const remote = datagrams::in_network_order(e.remote);
    return P::initial_sequence::initial({.local = local.view(), .remote = remote.view(), .local_port = e.local_port,
                                         .remote_port = e.remote_port, .now = now, .secret = secret, .floor = floor});
}

// The options of a plan of this connection. Those of SYNs are rare, and out of the way.
template <class P, class Connection>
struct plan_options {
    Connection const& connection;
    plan const&       p;
    homes<P> const&   home;
    [[no_unique_address]] stamp_time<P::options::offered.timestamps> now;
    std::uint16_t mss;  // what our SYN says

    constexpr auto of_syn() const noexcept { return connection.offers(home, now, mss); }
    TENON_PER_SEGMENT void operator()(std::byte* out) const noexcept {
        if (p.kind == sending::syn) write_handshake(out, of_syn());
        else connection.write_options(out, now, p);
    }
};

// Writes a plan of this connection and hands it to the transport; 0: refused.
template <class P, transport::packet_io T, class Connection>
TENON_PER_SEGMENT inline transport::ticket commit(T& transport, stamp_time<P::options::offered.timestamps> now, Connection const& c, homes<P> h,
                                                  tuple<typename P::network::address> const& ends, plan& p) noexcept {
    using network = typename P::network;
    plan_options<P, Connection> const options{c, p, h, now, static_cast<std::uint16_t>(link_of<network>(transport, ends.remote).mss)};
    if (p.kind == sending::syn) p.header.options = static_cast<std::uint8_t>(handshake_octets(options.of_syn()));
    return emission<network, typename P::checksum, T>{transport}.segment(ends, p, options, c.send_store(), h.send, c.ecn_of(p));
}

// The options of a segment that belongs to no connection: timestamps, or nothing.
template <options::offer Offer>
struct bare_options {
    [[no_unique_address]] only_if<Offer.timestamps, wire::timestamp_pair, struct bare_timestamps_field> timestamps{};

    void operator()([[maybe_unused]] std::byte* out) const noexcept {
        if constexpr (Offer.timestamps) write_timestamps(out, timestamps);
    }
};

// RFC 7323, 5.2: the RST that answers a segment with timestamps repeats its TSval, and has none of its own.
template <options::offer Offer>
bare_options<Offer> reset_options([[maybe_unused]] wire::segment const& s, [[maybe_unused]] plan& p) noexcept {
    bare_options<Offer> result;
    if constexpr (Offer.timestamps) {
        wire::timestamp_pair t;
        if (!wire::find_timestamps(s.options, t)) return result;
        result.timestamps = {.echo = t.value};
        p.header.options  = timestamps_octets;
    }
    return result;
}

}  // namespace engine

}  // namespace tenon
