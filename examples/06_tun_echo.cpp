// SPDX-License-Identifier: BSL-1.0
// 06: TCP for the kernel's programs. An endpoint behind a TUN device gives back every octet it gets (RFC 862).
// New here: a packet device of the operating system, its descriptor in a poll loop, and deadlines to sleep until.
//
//   ip tuntap add dev tun0 mode tun && ip addr add 10.77.0.1/24 dev tun0 && ip link set tun0 up
//   tun_echo --tun tun0 --address 10.77.0.2 &
//   nc 10.77.0.2 7
#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include <tenon/endpoint.hpp>

#include "support/tun_program.hpp"

namespace {

struct options : support::tun_options {
    std::uint16_t port{7};
    unsigned connections{};
};

// Moves what can be moved from the receive buffer to the send buffer, without a copy of our own.
template <class Link>
void echo(Link& link) {
    std::array<tenon::octets_in, 2> pieces;
    while (link.readable() != 0) {
        auto const held = link.peek(pieces);
        auto const sent = link.send(pieces[0].first(std::min<std::size_t>(pieces[0].size(), held)));
        if (sent.count == 0) break;
        link.consume(sent.count);
    }
}

template <class Path>
int serve(options const& o, tenon::ipv6_address const& address, support::tun_device& device, Path& path) {
    using transport = std::remove_reference_t<decltype(path.transport())>;
    support::stop_signals const signals;
    auto const link = std::make_unique<tenon::endpoint<tenon::default_policies, transport>>();
    link->keep_secret(support::random_secret());
    unsigned served = 0;
    bool ended      = false;
    while (!support::stop_signals::asked()) {
        if (link->state() == tenon::state::closed && link->listen({address, o.port}) != tenon::error::none) return 1;
        auto const now = support::now();
        path.advance(now);
        auto const events = link->poll(path.transport(), now);
        echo(*link);
        // The peer's FIN: everything has been echoed, so ours follows.
        ended |= has(events, tenon::ready::end_of_stream);
        if (ended && link->readable() == 0) {
            (void)link->close();
            ended = false;
        }
        if (has(events, tenon::ready::closed)) {
            ended = false;
            ++served;
            std::printf("connection %u: %s\n", served, message(link->failure()));
            std::fflush(stdout);
            if (served == o.connections) return 0;
            continue;
        }
        support::rest(signals, device, path, link->next_deadline(now));
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    options o;
    CLI::App app{"Echoes what programs of this machine send to it over TCP, one connection at a time"};
    o.add_to(app);
    support::add_port(app, o.port);
    app.add_option("--connections", o.connections, "Exit after so many; 0: on SIGINT or SIGTERM");
    CLI11_PARSE(app, argc, argv);

    auto const address = support::own_address(o);
    if (!address) return 1;
    return support::over_tun(o, [&](auto& device, auto& path) { return serve(o, *address, device, path); });
}
