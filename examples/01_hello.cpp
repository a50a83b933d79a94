// SPDX-License-Identifier: BSL-1.0
// Two endpoints in one program, joined by a pair of queues, say hello. Nothing else is needed to run TCP: no sockets, no
// threads, no clock of its own. The examples that follow each add one idea.
// ctest:
#include <cstdio>
#include <span>
#include <string>

#include <CLI/CLI.hpp>

#include <tenon/endpoint.hpp>
#include <tenon/transport/memory.hpp>

int main(int argc, char** argv) {
    CLI::App options{"Two TCP endpoints say hello over a pair of queues in memory."};
    CLI11_PARSE(options, argc, argv);
    // [hello]
    static tenon::transport::memory_pair<> wire;
    static tenon::endpoint<tenon::default_policies, tenon::transport::memory_pair<>::end> client, server;
    auto const here = tenon::ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1), there = tenon::ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2);
    std::string text(64, ' ');

    server.listen({there, 7});
    client.connect(wire.a(), {}, {here, 49152}, {there, 7});
    if (!client.send(std::as_bytes(std::span{"hello", 5}))) return 1;
    while (server.readable() == 0) client.poll(wire.a(), {}), server.poll(wire.b(), {});
    text.resize(server.receive(std::as_writable_bytes(std::span{text})).count);
    // [/hello]
    std::puts(text.c_str());
    return text == "hello" ? 0 : 1;
}
