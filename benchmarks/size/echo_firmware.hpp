// SPDX-License-Identifier: BSL-1.0
// The program around a composition whose size is measured: the echo server of examples/04 on its packet FIFO, asleep until a
// packet or a deadline. TENON_MEASURE makes it whole. memcpy and memset are the C library's here; examples/04 shows what small
// ones of one's own save.
#pragma once
#include "../../examples/support/packet_fifo.hpp"

// octets: what does not count as control block; here: an address expression; reading: what the clock is given.
#define TENON_MEASURE(policies, mtu, octets, here, reading)                                                                  \
    namespace {                                                                                                              \
    using measured = tenon::endpoint<policies, support::packet_fifo<mtu>>;                                                   \
    measured tcp;                                                                                                            \
    support::packet_fifo<mtu> device;                                                                                        \
    }                                                                                                                        \
    extern "C" {                                                                                                             \
    extern char tenon_tcb_size[sizeof(measured) - (octets)];                                                                 \
    char tenon_tcb_size[sizeof tenon_tcb_size];                                                                              \
    void tenon_poll();                                                                                                       \
    [[gnu::noinline]] void tenon_poll() { tcp.poll(device, reading(support::fifo.milliseconds)); }                           \
    }                                                                                                                        \
    int main() {                                                                                                             \
        for (;;) {                                                                                                           \
            support::echo(tcp, here);                                                                                        \
            tenon_poll();                                                                                                    \
            while (support::fifo.received == 0) {                                                                            \
                auto const until = tcp.next_deadline(reading(support::fifo.milliseconds));                                   \
                if (until && !(reading(support::fifo.milliseconds) < *until)) break;                                         \
            }                                                                                                                \
        }                                                                                                                    \
    }
