// SPDX-License-Identifier: BSL-1.0
// Wire: the transport between the stack and packetdrill: two queues of IP packets. What leaves is stamped with the simulated time,
// and its TCP checksum is computed again here, since packetdrill does not look at it.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include <tenon/transport/concept.hpp>

namespace tenon::packetdrill {

struct packet {
    std::vector<std::byte> octets;
    std::int64_t           at{};  // microseconds
};

// RFC 9293, 3.1: the sum over pseudo-header and segment, checksum included, is all ones.
bool checksum_is_right(std::span<std::byte const> ip_packet) noexcept;
// For runs that compare only what RFCs prescribe (neutral.awk): clears PSH, orders the options of a SYN as Linux does.
void neutralize(std::span<std::byte> ip_packet) noexcept;

class wire {
public:
    static constexpr transport::capabilities most{.mtu = 65'535};

    transport::capabilities limits() const noexcept { return {.mtu = mtu}; }
    octets_out reserve(bytes n) noexcept { return n <= frame_.size() ? octets_out{frame_.data(), n} : octets_out{}; }
    void cancel(octets_out) noexcept {}
    transport::ticket commit(octets_out frame, std::span<octets_in const>, transport::departure const&) noexcept {
        out.push_back({{frame.begin(), frame.end()}, now});
        if (!checksum_is_right(out.back().octets)) ++wrong_checksums;
        if (neutral) neutralize(out.back().octets);
        if (++last_ == 0) last_ = 1;
        return last_;
    }
    transport::ticket flush() noexcept { return last_; }
    std::span<transport::arrival> arrivals(std::span<transport::arrival> burst) noexcept {
        std::size_t n = 0;
        for (; n < burst.size() && handed_ < in.size(); ++n) burst[n] = {.octets = in[handed_++]};
        return burst.first(n);
    }
    void give_back(transport::arrival const&) noexcept {
        in.pop_front();
        --handed_;
    }

    std::deque<std::vector<std::byte>> in;
    std::deque<packet> out;
    std::int64_t now{};
    bytes        mtu{1500};
    bool         neutral{};
    unsigned     wrong_checksums{};

private:
    std::array<std::byte, 65'536> frame_{};
    std::size_t handed_{};
    transport::ticket last_{};
};

static_assert(transport::packet_io<wire>);

}  // namespace tenon::packetdrill
