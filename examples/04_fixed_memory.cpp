// SPDX-License-Identifier: BSL-1.0
// TCP in memory that is fixed at compile time: an echo server as firmware holds it. The same lines run here against an
// endpoint of default_policies, and with TENON_FIRMWARE on a device whose network is a packet FIFO.
//
// What the composition has: IPv4, opens of both kinds, Reno's window, RFC 6298, zero-window probes, the MSS option, TIME-WAIT.
// What it leaves out, and what that means:
//   fast retransmit        buffers of one segment never bring three duplicate ACKs: a loss waits for the timer
//   restart after idle     of no use either, where no more than a segment can be in flight
//   reassembly             a segment that comes out of order is sent again by the peer
//   delayed ACK, Nagle     each segment is acknowledged at once, short ones go out at once
//   limit of FIN-WAIT-2    a peer that never sends its FIN keeps a closed endpoint busy; abort() as well
//   giving up, keep-alive  a peer that is gone for good is found out by the application's own patience, with abort()
//   RFC 5961               a blind attacker who hits the window resets the connection
//   RFC 6528               initial sequence numbers are fixed, as on a link of one's own; an attacker on the Internet guesses them
//   ICMP                   no path MTU discovery: 576 octets pass everywhere that IPv4 does
//   window scale           of no use with buffers of 512 octets
// ctest:
// ctest: 100000
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include <tenon/endpoint.hpp>
#include <tenon/policy/acknowledgement/immediate.hpp>
#include <tenon/policy/blind_attack_checks/none.hpp>
#include <tenon/policy/clock/tick32.hpp>
#include <tenon/policy/coalescing/none.hpp>
#include <tenon/policy/give_up/none.hpp>
#include <tenon/policy/icmp/none.hpp>
#include <tenon/policy/initial_sequence/fixed.hpp>
#include <tenon/policy/keep_alive/none.hpp>
#include <tenon/policy/network/ipv4.hpp>
#include <tenon/policy/reassembly/in_order_only.hpp>
#include <tenon/policy/recovery/timeout_only.hpp>

#include "support/packet_fifo.hpp"

namespace {

// [policies]
struct firmware_policies : tenon::default_policies {
    using congestion          = tenon::congestion::new_reno<tenon::congestion::initial_window::rfc5681, false>;
    using recovery            = tenon::recovery::timeout_only;
    using network             = tenon::network::ipv4;
    using clock               = tenon::clock::tick32<>;  // a counter of milliseconds
    using send_buffer         = tenon::buffer::ring<512>;
    using receive_buffer      = tenon::buffer::ring<512>;
    using options             = tenon::options::minimal;
    using reassembly          = tenon::reassembly::in_order_only;
    using acknowledgement     = tenon::acknowledgement::immediate;
    using coalescing          = tenon::coalescing::none;
    using give_up             = tenon::give_up::none;
    using keep_alive          = tenon::keep_alive::none;
    using icmp                = tenon::icmp::none;
    using blind_attack_checks = tenon::blind_attack_checks::none;
    using time_wait           = tenon::time_wait::rfc9293<tenon::time_wait::parameters{.fin_wait_2 = {}}>;
    using initial_sequence    = tenon::initial_sequence::fixed<0x2545'f491>;
    static constexpr unsigned burst = 1;
};
// [/policies]

constexpr auto octets_held = firmware_policies::send_buffer::capacity + firmware_policies::receive_buffer::capacity;
constexpr tenon::socket_address<tenon::ipv4_address> here{tenon::ipv4(192, 0, 2, 1), 7};

}  // namespace

#ifdef TENON_FIRMWARE

namespace {

using device_type   = support::packet_fifo<576>;
using echo_endpoint = tenon::endpoint<firmware_policies, device_type>;
echo_endpoint tcp;
device_type device;

}  // namespace

extern "C" {
// Small ones: a C library's are made for speed, and newlib's take 470 octets.
[[gnu::optimize("no-tree-loop-distribute-patterns")]] void* memcpy(void* to, void const* from, std::size_t n) {
    auto* out = static_cast<char*>(to);
    auto const* in = static_cast<char const*>(from);
    for (std::size_t i = 0; i != n; ++i) out[i] = in[i];
    return to;
}
[[gnu::optimize("no-tree-loop-distribute-patterns")]] void* memset(void* to, int value, std::size_t n) {
    auto* out = static_cast<char*>(to);
    for (std::size_t i = 0; i != n; ++i) out[i] = static_cast<char>(value);
    return to;
}

extern char tenon_tcb_size[sizeof(echo_endpoint) - octets_held];
char tenon_tcb_size[sizeof tenon_tcb_size];

void tenon_poll();
[[gnu::noinline]] void tenon_poll() { tcp.poll(device, support::fifo.milliseconds); }
}

int main() {
    for (;;) {
        support::echo(tcp, here);
        tenon_poll();
        // A device that wants to sleep asks tcp.next_deadline(support::fifo.milliseconds) until when it may; that is code more.
    }
}

#else  // the same server on this machine

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <tenon/transport/memory.hpp>

namespace {

using cable = tenon::transport::memory_pair<tenon::transport::memory_options{.slots = 8, .mtu = 576}>;

constexpr std::byte octet_at(std::uint32_t i) noexcept { return static_cast<std::byte>(i * 2654435761u >> 24); }

// Sends `total` octets, takes them back, closes. True if each came back as it went.
bool call(std::uint32_t total) noexcept {
    static cable wire;
    static tenon::endpoint<firmware_policies, cable::end> server;
    static tenon::endpoint<tenon::default_policies, cable::end> client;
    std::uint32_t milliseconds = 0xffff'fff0;  // wraps soon
    tenon::instant now{};
    std::uint32_t sent = 0, back = 0;

    support::echo(server, here);
    client.connect(wire.a(), now, {tenon::to_mapped(tenon::ipv4(192, 0, 2, 2)), 49152},
                   {tenon::to_mapped(here.address), here.port});
    for (; client.state() != tenon::state::time_wait; ++milliseconds, now += tenon::from_ms(1)) {
        client.poll(wire.a(), now);
        server.poll(wire.b(), milliseconds);
        support::echo(server, here);
        std::array<std::byte, 256> some;
        auto n = std::min({static_cast<tenon::bytes>(some.size()), total - sent, client.writable()});
        for (std::uint32_t i = 0; i < n; ++i) some[i] = octet_at(sent + i);
        if (n != 0) sent += client.send(std::span{some}.first(n)).count;
        if (client.readable() != 0) {
            n = client.receive(some).count;
            for (std::uint32_t i = 0; i < n; ++i)
                if (some[i] != octet_at(back++)) return false;
        }
        if (back == total && !client.connection().sending().finishing()) client.shutdown();
        if (client.state() == tenon::state::closed || now.nanoseconds > tenon::from_s(600).nanoseconds) return false;
    }
    std::printf("%lu octets there and back in %lld ms\n", static_cast<unsigned long>(total), static_cast<long long>(now.nanoseconds / 1'000'000));
    std::printf("the server: %zu octets, %zu of them buffers\n", sizeof server, std::size_t{octets_held});
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 2 || (argc == 2 && (argv[1][0] < '0' || argv[1][0] > '9'))) {
        std::puts("usage: fixed_memory [octets]\n\nAn echo server of fixed memory answers a client that sends so many octets (default 3000).");
        return argc == 2 && std::strcmp(argv[1], "--help") == 0 ? 0 : 2;
    }
    return call(argc == 2 ? static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10)) : 3000) ? 0 : 1;
}

#endif
