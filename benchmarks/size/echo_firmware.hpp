// SPDX-License-Identifier: BSL-1.0
// The program around a composition whose size is measured: an echo server on a packet FIFO. TENON_MEASURE(policies) makes it
// whole. memcpy and memset are the C library's here; examples/04 shows what small ones of one's own save.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <tenon/endpoint.hpp>

namespace size {

struct fifo_registers {
    std::uint32_t received;      // octets of the packet at hand; 0: none
    std::uint32_t receive;       // its next octet
    std::uint32_t transmit;      // takes an octet
    std::uint32_t go;            // sends what was taken
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
    static tenon::transport::ticket commit(tenon::octets_out frame, std::span<tenon::octets_in const>, tenon::transport::departure const&) noexcept {
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

template <class Endpoint>
void echo(Endpoint& tcp, typename Endpoint::address const& here) noexcept {
    if (tcp.state() == tenon::state::closed) tcp.listen(here);
    std::array<tenon::octets_in, 1> piece;
    if (tcp.peek(piece) != 0) tcp.consume(tcp.send(piece[0]).count);
    else if (tcp.state() == tenon::state::close_wait) tcp.close();
}

}  // namespace size

// octets: what does not count as control block; here: an address expression; reading: what the clock is given.
#define TENON_MEASURE(policies, mtu, octets, here, reading)                                                                  \
    namespace {                                                                                                              \
    using measured = tenon::endpoint<policies, size::packet_fifo<mtu>>;                                                      \
    measured tcp;                                                                                                            \
    size::packet_fifo<mtu> device;                                                                                           \
    }                                                                                                                        \
    extern "C" {                                                                                                             \
    extern char tenon_tcb_size[sizeof(measured) - (octets)];                                                                 \
    char tenon_tcb_size[sizeof tenon_tcb_size];                                                                              \
    void tenon_poll();                                                                                                       \
    [[gnu::noinline]] void tenon_poll() { tcp.poll(device, reading(size::fifo.milliseconds)); }                              \
    }                                                                                                                        \
    int main() {                                                                                                             \
        for (;;) {                                                                                                           \
            size::echo(tcp, here);                                                                                           \
            tenon_poll();                                                                                                    \
            while (size::fifo.received == 0) {                                                                               \
                auto const until = tcp.next_deadline(reading(size::fifo.milliseconds));                                      \
                if (until && !(reading(size::fifo.milliseconds) < *until)) break;                                            \
            }                                                                                                                \
        }                                                                                                                    \
    }
