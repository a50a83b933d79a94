// SPDX-License-Identifier: BSL-1.0
// The smallest transport: one packet in each direction, in the caller's hands.
#pragma once
#include <array>
#include <cstring>
#include <tenon/transport/concept.hpp>

namespace tenon::archetype {

struct slot {
    std::array<std::byte, 600> octets{};
    bytes size{};  // 0: empty
};

class transport {
public:
    static constexpr tenon::transport::capabilities most{.mtu = 600};

    transport(slot& out, slot& in) noexcept : out_{out}, in_{in} {}

    tenon::transport::capabilities limits() const noexcept { return most; }
    octets_out reserve(bytes n) noexcept {
        if (out_.size != 0 || n > out_.octets.size()) return {};
        return {out_.octets.data(), n};
    }
    void cancel(octets_out) noexcept {}
    tenon::transport::ticket commit(octets_out frame, std::span<octets_in const>, tenon::transport::departure const&) noexcept {
        out_.size = static_cast<bytes>(frame.size());
        return 1;
    }
    tenon::transport::ticket flush() noexcept { return 1; }
    std::span<tenon::transport::arrival> arrivals(std::span<tenon::transport::arrival> burst) noexcept {
        if (in_.size == 0 || burst.empty()) return {};
        burst[0] = {.octets = {in_.octets.data(), in_.size}};
        return burst.first(1);
    }
    void give_back(tenon::transport::arrival const&) noexcept { in_.size = 0; }

private:
    slot& out_;
    slot& in_;
};
static_assert(tenon::transport::packet_io<transport>);

}  // namespace tenon::archetype
