// SPDX-License-Identifier: BSL-1.0
// Queue discipline: which packets may wait for the wire, and which leave it. The order is first in, first out.
//
//   called when                        with                            must
//   a packet comes                     admits(backlog, octets, now, r)  pass, mark or drop it
//   a packet's transmission begins     releases(backlog, packet, now, r) pass, mark or drop it; after a drop the next is asked
//
// Facts: the backlog counts waiting packets; the packet in transmission is not counted, nor is the packet asked about.
// A marked packet gets Congestion Experienced if it is ECN-capable and is dropped if not (RFC 3168, 5).
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <tenon/core/time.hpp>
#include <tenon/core/units.hpp>
#include <tenon/simulation/random.hpp>

namespace tenon::simulation {

struct backlog {
    std::size_t   packets{};
    std::uint64_t octets{};  // of packets, without link-layer overhead
    bool          idle{};    // the wire is free: the packet will not wait
};

struct waiting_packet {
    bytes   octets{};
    instant since{};  // when it entered the queue
};

enum class verdict : std::uint8_t { pass, mark, drop };

template <class Q> concept judges_coming_packets = requires (Q q, backlog const& b, bytes octets, instant now, random& r) {
    { q.admits(b, octets, now, r) } -> std::same_as<verdict>;
};
template <class Q> concept judges_leaving_packets = requires (Q q, backlog const& b, waiting_packet const& p, instant now, random& r) {
    { q.releases(b, p, now, r) } -> std::same_as<verdict>;
};
template <class Q> concept queue_discipline = judges_coming_packets<Q> && judges_leaving_packets<Q>;

// Both limits hold.
struct drop_tail {
    std::size_t   packets{std::numeric_limits<std::size_t>::max()};
    std::uint64_t octets{std::numeric_limits<std::uint64_t>::max()};

    verdict admits(backlog const& b, bytes n, instant, random&) const noexcept {
        if (b.idle) return verdict::pass;
        return b.packets < packets && b.octets <= octets && n <= octets - b.octets ? verdict::pass : verdict::drop;
    }
    verdict releases(backlog const&, waiting_packet const&, instant, random&) const noexcept { return verdict::pass; }
};

// Drop-tail that also marks whatever finds `mark` packets or more waiting: the switch of RFC 8257, 3.1.
struct step_marking {
    std::size_t mark{};
    drop_tail   limit{};

    verdict admits(backlog const& b, bytes n, instant now, random& r) const noexcept {
        auto const told = limit.admits(b, n, now, r);
        return told == verdict::pass && b.packets >= mark && !b.idle ? verdict::mark : told;
    }
    verdict releases(backlog const&, waiting_packet const&, instant, random&) const noexcept { return verdict::pass; }
};

static_assert(queue_discipline<drop_tail> && queue_discipline<step_marking>);

}  // namespace tenon::simulation
