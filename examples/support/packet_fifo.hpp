// SPDX-License-Identifier: BSL-1.0
// The device that 04 and the measurements of code size run on: a packet FIFO behind five registers, as a radio or a modem has
// it. It gets a packet whole and keeps nothing of ours. And one round of the echo server, which runs on a computer just as well.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <tenon/endpoint.hpp>

namespace support {

struct fifo_registers {
    std::uint32_t received;    // octets of the packet at hand; 0: none
    std::uint32_t receive;     // its next octet
    std::uint32_t transmit;    // takes an octet
    std::uint32_t go;          // sends what was taken
    std::uint32_t milliseconds;
};
inline auto& fifo = *reinterpret_cast<fifo_registers volatile*>(0x4000'0000);

template <tenon::bytes Mtu>
class packet_fifo {
public:
    static constexpr tenon::transport::capabilities most{.mtu = Mtu};
    static constexpr tenon::transport::capabilities limits() noexcept { return most; }

    tenon::octets_out reserve(tenon::bytes n) noexcept { return {frame_, n}; }
    static void cancel(tenon::octets_out) noexcept {}
    static tenon::transport::ticket commit(tenon::octets_out frame, std::span<tenon::octets_in const>,
                                           tenon::transport::departure const&) noexcept {
        for (auto const octet : frame) fifo.transmit = std::to_integer<std::uint32_t>(octet);
        fifo.go = 1;
        return 1;
    }
    static tenon::transport::ticket flush() noexcept { return 1; }

    std::span<tenon::transport::arrival> arrivals(std::span<tenon::transport::arrival> burst) noexcept {
        auto const n = fifo.received;
        if (n == 0 || n > Mtu) return {};
        for (auto& octet : std::span{packet_, n}) octet = static_cast<std::byte>(fifo.receive);
        burst[0].octets = {packet_, n};
        return burst.first(1);
    }
    static void give_back(tenon::transport::arrival const&) noexcept {}

private:
    std::byte frame_[Mtu], packet_[Mtu];
};

// One round of the server. Octets go from the receive ring to the send ring without a stop between.
template <class Endpoint>
void echo(Endpoint& tcp, typename Endpoint::address const& here) noexcept {
    tcp.listen(here);  // refused while the endpoint is in use
    std::array<tenon::octets_in, 1> piece;
    if (tcp.peek(piece) != 0) tcp.consume(tcp.send(piece[0]).count);
    else if (tcp.state() == tenon::state::close_wait) tcp.close();
}

}  // namespace support
