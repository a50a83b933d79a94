// SPDX-License-Identifier: BSL-1.0
// Emission: from a plan to octets in a transport's frame. Where the transport gathers, the payload is handed over as pieces
// of the send store; where it does not, it is copied once, the checksum made on the way.
#pragma once
#include <algorithm>
#include <array>
#include <cstring>

#include <tenon/core/contract.hpp>
#include <tenon/core/units.hpp>
#include <tenon/engine/datagram.hpp>
#include <tenon/engine/handshake.hpp>
#include <tenon/engine/plan.hpp>
#include <tenon/policy/checksum/concept.hpp>
#include <tenon/transport/concept.hpp>
#include <tenon/wire/emit.hpp>

namespace tenon::engine {

template <class Network, class Checksum, transport::packet_io T>
class emission {
    using address   = typename Network::address;
    using datagrams = datagram_of<Network>;
    using ends      = tuple<address>;

    static constexpr transport::capabilities most = T::most;
    static constexpr bool gathers = most.pieces != 0;
    static constexpr std::size_t most_pieces = lesser<std::size_t>(most.pieces, 8);
    static constexpr bool may_leave_sum = Checksum::asks_transport && most.send != transport::checksums::stack;
    // Otherwise the payload is summed in one pass with the header before it, at an even offset.
    static constexpr bool sums_copy = !may_leave_sum && wire::copies_and_sums_at_once;

public:
    // Whether packets of several segments can go out at all.
    static constexpr bool cuts = most.segments > 1 && may_leave_sum;

    explicit emission(T& t) noexcept : transport_{t} {}

    // `write_options` is called with the place of as many octets as the plan's header says. A gathering transport may run out of
    // pieces: then the plan is shortened. 0: the transport refused.
    template <class Options, class Store>
    TENON_PER_SEGMENT transport::ticket segment(ends const& e, plan& p, Options const& write_options, Store const& store, typename Store::home& home,
                                                std::uint8_t traffic_class = 0) noexcept {
        bytes const ip = Network::header(e.remote);
        bytes const header = ip + wire::header_length + p.header.options;
        auto const frame = transport_.reserve(gathers ? header : header + p.length);
        if (frame.empty()) return 0;
        if (p.header.options != 0) write_options(frame.data() + ip + wire::header_length);
        p.header.source      = e.local_port;
        p.header.destination = e.remote_port;
        std::array<octets_in, most_pieces> pieces;
        std::size_t count = 0;
        wire::partial_sum sum{};
        if (p.length != 0) {
            if constexpr (gathers) count = collect(p, store, home, pieces);
            else sum = copy(p, store, home, frame.data() + header);
        }
        wire::write_header(frame.data() + ip, p.header);
        return finish(e, frame, ip, header, std::span{pieces}.first(count), gathers ? p.length : 0, sum, p.cut, traffic_class);
    }

private:
    template <class Store>
    static std::size_t collect(plan& p, Store const& store, typename Store::home& home, std::span<octets_in> pieces) noexcept {
        bytes const n = store.read(home, p.offset, p.length, pieces);
        if (n != p.length) {
            p.length  = n;
            p.header.control = p.header.control.without(wire::flag::fin | wire::flag::psh);
        }
        std::size_t count = 0;
        while (count < pieces.size() && !pieces[count].empty()) ++count;
        return count;
    }

    // RFC 1071, 2 (B): pieces of odd length turn the sum of what follows.
    template <class Store>
    static wire::partial_sum copy(plan const& p, Store const& store, typename Store::home& home, std::byte* to) noexcept {
        wire::partial_sum sum{};
        bytes done = 0;
        while (done < p.length) {
            octets_in piece{};
            if (store.read(home, p.offset + done, p.length - done, {&piece, 1}) == 0) break;
            if constexpr (sums_copy) sum = wire::append(sum, done, wire::copy_and_sum(to + done, piece));
            else std::memcpy(to + done, piece.data(), piece.size());
            done += static_cast<bytes>(piece.size());
        }
        return sum;
    }

    // The headers take `header` octets of the frame; payload that follows them there sums to `in_frame` already.
    transport::ticket finish(ends const& e, octets_out frame, bytes ip, bytes header, std::span<octets_in const> body, bytes outside,
                             wire::partial_sum in_frame, std::uint16_t cut, std::uint8_t traffic_class) noexcept {
        bytes const length = (gathers ? header : static_cast<bytes>(frame.size())) - ip + outside;
        datagrams::write(frame.data(), e.local, e.remote, length, traffic_class);
        auto sum = datagrams::pseudo_header(e.local, e.remote, length);
        if constexpr (may_leave_sum) {
            auto const who = transport_.limits().send;
            if (who == transport::checksums::partial) wire::put_checksum(frame.data() + ip, wire::fold(sum));
            if (who == transport::checksums::stack) {
                // What a copy left unsummed lies behind the headers, at an even offset.
                sum += wire::sum(frame.subspan(ip));
                wire::put_checksum(frame.data() + ip, wire::finish(add(sum, body)));
            }
        } else {
            sum = wire::sum(sums_copy ? frame.subspan(ip, header - ip) : frame.subspan(ip), sum);
            if constexpr (sums_copy) sum += in_frame;
            wire::put_checksum(frame.data() + ip, wire::finish(add(sum, body)));
        }
        return transport_.commit(frame, body, {.cut = cut, .tcp_offset = static_cast<std::uint16_t>(ip), .header = static_cast<std::uint16_t>(header)});
    }

    static wire::partial_sum add(wire::partial_sum sum, std::span<octets_in const> body) noexcept {
        if constexpr (gathers) {
            std::size_t odd = 0;
            for (auto const& piece : body) {
                sum = wire::append(sum, odd, wire::sum(piece));
                odd += piece.size();
            }
        }
        return sum;
    }

    T& transport_;
};

}  // namespace tenon::engine
