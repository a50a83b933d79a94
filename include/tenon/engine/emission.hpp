// SPDX-License-Identifier: BSL-1.0
// Emission: from a plan to octets in a transport's frame. Where the transport gathers, the payload is handed over as pieces
// of the send store; where it does not, it is copied once, the checksum made on the way.
#pragma once
#include <algorithm>
#include <array>
#include <cstring>

#include <tenon/engine/datagram.hpp>
#include <tenon/engine/handshake.hpp>
#include <tenon/engine/plan.hpp>
#include <tenon/policy/checksum/concept.hpp>
#include <tenon/transport/concept.hpp>
#include <tenon/wire/emit.hpp>

namespace tenon::engine {

// What follows the TCP header's twenty octets.
struct syn_options {
    std::uint16_t mss{};
    std::uint8_t  shift{};
    bool          scales{};
};

template <class Network, class Checksum, transport::packet_io T>
class emission {
    using address   = typename Network::address;
    using datagrams = datagram_of<Network>;
    using ends      = tuple<address>;

    static constexpr transport::capabilities most = T::most;
    static constexpr bool gathers = most.pieces != 0;
    static constexpr std::size_t most_pieces = std::min<std::size_t>(most.pieces, 8);
    static constexpr bool may_leave_sum = Checksum::asks_transport && most.send != transport::checksums::stack;

public:
    // Whether packets of several segments can go out at all.
    static constexpr bool cuts = most.segments > 1 && may_leave_sum;

    explicit emission(T& t) noexcept : transport_{t} {}

    // A segment without payload or options. False: the transport refused.
    bool bare(ends const& e, wire::header const& h) noexcept {
        bytes const ip = Network::header(e.remote);
        auto const frame = transport_.reserve(ip + wire::header_length);
        if (frame.empty()) return false;
        wire::write_header(frame.data() + ip, h);
        return finish(e, frame.first(ip + wire::header_length), ip, {}, {}, 0) != 0;
    }

    // Options is the composition's offer. A gathering transport may run out of pieces: then the plan is shortened.
    template <options::offer Offer, class Store>
    transport::ticket segment(ends const& e, plan& p, syn_options const& syn, Store const& store, typename Store::home& home) noexcept {
        bytes const ip = Network::header(e.remote);
        bytes const options = p.kind == sending::syn ? handshake_octets<Offer>(syn.scales) : 0;
        bytes const header = ip + wire::header_length + options;
        auto const frame = transport_.reserve(gathers ? header : header + p.length);
        if (frame.empty()) return 0;
        if (p.kind == sending::syn) write_handshake<Offer>(frame.data() + ip + wire::header_length, syn.mss, syn.scales, syn.shift);
        if constexpr (gathers) {
            std::array<octets_in, most_pieces> pieces{};
            std::size_t count = 0;
            if (p.length != 0) count = collect(p, store, home, pieces);
            write_header(e, p, frame.data() + ip, options);
            return finish(e, frame.first(header), ip, std::span{pieces}.first(count), {}, p.cut);
        } else {
            auto const sum = p.length != 0 ? copy(p, store, home, frame.data() + header) : wire::partial_sum{};
            write_header(e, p, frame.data() + ip, options);
            return finish(e, frame.first(header + p.length), ip, {}, {sum, header}, p.cut);
        }
    }

private:
    // Payload that lies in the frame already, summed on its way there.
    struct summed {
        wire::partial_sum sum{};
        bytes from{};  // where it begins in the frame; 0: there is none
    };

    static void write_header(ends const& e, plan const& p, std::byte* to, bytes options) noexcept {
        wire::write_header(to, {.source = e.local_port, .destination = e.remote_port, .seq = p.seq, .ack = p.ack, .control = p.control,
                                .window = p.window, .options = static_cast<std::uint8_t>(options)});
    }

    template <class Store>
    static std::size_t collect(plan& p, Store const& store, typename Store::home& home, std::span<octets_in> pieces) noexcept {
        bytes const n = store.read(home, p.offset, p.length, pieces);
        if (n != p.length) {
            p.length  = n;
            p.control = p.control.without(wire::flag::fin | wire::flag::psh);
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
            std::array<octets_in, 2> pieces{};
            if (store.read(home, p.offset + done, p.length - done, pieces) == 0) break;
            for (auto const& piece : pieces) {
                if (piece.empty()) continue;
                if constexpr (may_leave_sum) std::memcpy(to + done, piece.data(), piece.size());
                else sum = wire::append(sum, done, wire::copy_and_sum(to + done, piece));
                done += static_cast<bytes>(piece.size());
            }
        }
        return sum;
    }

    transport::ticket finish(ends const& e, octets_out frame, bytes ip, std::span<octets_in const> body, summed in_frame, std::uint16_t cut) noexcept {
        std::size_t payload = 0;
        for (auto const& piece : body) payload += piece.size();
        auto const length = static_cast<bytes>(frame.size() - ip + payload);
        datagrams::write(frame.data(), e.local, e.remote, length);
        auto sum = datagrams::pseudo_header(e.local, e.remote, length);
        bool const whole = !may_leave_sum || transport_.limits().send == transport::checksums::stack;
        if (whole) {
            bytes const header_end = in_frame.from != 0 && !may_leave_sum ? in_frame.from : static_cast<bytes>(frame.size());
            sum += wire::sum(frame.subspan(ip, header_end - ip));
            if constexpr (!may_leave_sum) sum += in_frame.sum;
            std::size_t odd = 0;
            for (auto const& piece : body) {
                sum = wire::append(sum, odd, wire::sum(piece));
                odd += piece.size();
            }
            wire::put_checksum(frame.data() + ip, wire::finish(sum));
        } else if (transport_.limits().send == transport::checksums::partial) {
            wire::put_checksum(frame.data() + ip, wire::fold(sum));
        }
        auto const header = in_frame.from != 0 ? in_frame.from : static_cast<bytes>(frame.size());
        return transport_.commit(frame, body, {.cut = cut, .tcp_offset = static_cast<std::uint16_t>(ip), .header = static_cast<std::uint16_t>(header)});
    }

    T& transport_;
};

}  // namespace tenon::engine
