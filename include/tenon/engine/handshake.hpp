// SPDX-License-Identifier: BSL-1.0
// Handshake: what two SYNs have settled, however it came about: LISTEN, a half-open entry, a cookie. A connection is made
// from it and the ACK that completes it.
#pragma once
#include <cstdint>

#include <tenon/core/sequence.hpp>
#include <tenon/engine/negotiation.hpp>
#include <tenon/wire/segment.hpp>

namespace tenon::engine {

// The two ends of a connection, as seen from here.
template <class Address>
struct tuple {
    Address       local{};
    Address       remote{};
    std::uint16_t local_port{};
    std::uint16_t remote_port{};

    friend constexpr bool operator==(tuple const&, tuple const&) noexcept = default;
};

template <tenon::options::offer Offer, bool Marks = false>
struct handshake_result {
    sequence          iss{};
    sequence          irs{};
    handshake_options<Offer> peer{};
    std::uint16_t     window{};        // of the SYN: never scaled (RFC 7323, 2.2)
    bool              retransmitted{};  // our SYN-ACK was
    bool              answered{};       // our SYN-ACK is out already
    [[no_unique_address]] only_if<Offer.timestamps, std::uint32_t, struct offset_field> timestamp_offset{};
    [[no_unique_address]] only_if<Marks, bool, struct ecn_setup_field> marks{};  // the SYN was an ECN-setup SYN
};

// RFC 9293, 3.10.7.2: what a segment means to LISTEN.
enum class listen_verdict : std::uint8_t { ignore, reset_peer, syn };

constexpr listen_verdict judge_listen(wire::segment const& s) noexcept {
    using wire::flag;
    if (s.has(flag::rst)) return listen_verdict::ignore;
    if (s.has(flag::ack)) return listen_verdict::reset_peer;
    return s.has(flag::syn) ? listen_verdict::syn : listen_verdict::ignore;
}

}  // namespace tenon::engine
