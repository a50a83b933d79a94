// SPDX-License-Identifier: BSL-1.0
// Impairment: a decorator that makes a good path a bad one, in each direction on its own: delay, rate, a bounded queue,
// loss, reordering, duplication, one-bit corruption (simulation/link.hpp). Time is what advance(now) says, virtual or
// real; sleep no longer than next_event(). For hosts: packets are copied and held in a growing pool.
//
// Checksums are the stack's on top of it, or a flipped bit would be hidden by whoever makes them below.
#pragma once
#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include <tenon/core/time.hpp>
#include <tenon/core/units.hpp>
#include <tenon/simulation/link.hpp>
#include <tenon/simulation/port.hpp>
#include <tenon/simulation/scheduler.hpp>
#include <tenon/transport/concept.hpp>

namespace tenon::transport {

template <packet_io Transport, class Link = simulation::link>
class impairment {
    static_assert(Transport::most.send == checksums::stack, "a transport that makes checksums would mend corrupted packets");
    using port = simulation::port<Link, Transport::most.mtu>;

public:
    static constexpr capabilities most{.mtu = Transport::most.mtu};

    // A transport that is full is tried again after this time.
    static constexpr duration retry = from_ms(1);
    // Packets fetched from below in one round, so that a fast sender cannot hold the caller.
    static constexpr std::size_t rounds = 32, burst_size = 32;

    impairment(Transport& below, simulation::link_options const& sending, simulation::link_options const& arriving)
        : impairment{below, Link{fit(sending)}, Link{fit(arriving)}} {}
    impairment(Transport& below, Link sending, Link arriving)
        : below_{below}, out_{std::move(sending)}, in_{std::move(arriving)}, port_{out_, in_, clock_, Transport::most.mtu} {}
    impairment(impairment const&) = delete;
    impairment& operator=(impairment const&) = delete;

    // Moves what is due. Call it when time has passed or the transport below has become readable.
    void advance(instant now) noexcept {
        clock_.advance_to(now);
        pass_on();
        fetch();
        in_.advance(clock_.now());
    }

    // When advance has something to do, apart from packets that arrive below.
    std::optional<instant> next_event() const noexcept {
        auto const sending = blocked_ ? std::optional{clock_.now() + retry} : out_.next_event();
        return simulation::earliest(sending, in_.next_event());
    }

    // Links that are given ready-made may have smaller slots than packets below; what exceeds them is not taken.
    capabilities limits() const noexcept {
        return {.mtu = std::min({below_.limits().mtu, Transport::most.mtu, out_.pool().slot_octets()})};
    }
    octets_out reserve(bytes n) noexcept { return n <= limits().mtu ? port_.reserve(n) : octets_out{}; }
    void cancel(octets_out frame) noexcept { port_.cancel(frame); }
    ticket commit(octets_out frame, std::span<octets_in const> body, departure const& how) noexcept {
        return port_.commit(frame, body, how);
    }
    ticket flush() noexcept {
        pass_on();
        return port_.flush();
    }
    std::span<arrival> arrivals(std::span<arrival> burst) noexcept {
        fetch();
        return port_.arrivals(burst);
    }
    void give_back(arrival const& one) noexcept { port_.give_back(one); }

    Link& sending() noexcept { return out_; }
    Link& arriving() noexcept { return in_; }

private:
    // Room for what the transport below may give, merged packets included.
    static simulation::link_options fit(simulation::link_options o) noexcept {
        o.largest = std::max(o.largest, Transport::most.segments > 1 ? bytes{65'600} : Transport::most.mtu);
        return o;
    }

    // What has crossed the impaired path goes down, as far as there is room.
    void pass_on() noexcept {
        blocked_   = false;
        auto moved = false;
        out_.advance(clock_.now());
        while (auto const* next = out_.arrived(clock_.now())) {
            auto const room = below_.reserve(next->octets);
            if (room.size() < next->octets) { blocked_ = true; break; }
            if (next->octets != 0) std::memcpy(room.data(), next->data, next->octets);
            if (below_.commit(room.first(next->octets), {}, {}) == 0) { blocked_ = true; break; }
            out_.release(out_.deliver(clock_.now())->first);
            moved = true;
        }
        if (moved) below_.flush();
    }

    void fetch() noexcept {
        std::array<arrival, burst_size> burst;
        for (std::size_t round = 0; round < rounds; ++round) {
            auto const got = below_.arrivals(burst);
            for (auto const& one : got) {
                in_.send(one.octets, clock_.now(), one.cut, one.verified);
                below_.give_back(one);
            }
            if (got.size() < burst.size()) return;
        }
    }

    Transport&        below_;
    simulation::clock clock_{};
    Link              out_, in_;
    port              port_;
    bool              blocked_{};
};

}  // namespace tenon::transport
