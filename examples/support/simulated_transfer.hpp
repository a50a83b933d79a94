// SPDX-License-Identifier: BSL-1.0
// One transfer over a simulated path, in virtual time: two endpoints of one composition, two links, and what came of it.
#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <tenon/endpoint.hpp>
#include <tenon/policy/observer/counters.hpp>
#include <tenon/simulation/network.hpp>
#include <tenon/simulation/port.hpp>

#include "faults.hpp"

namespace support {

namespace simulation = tenon::simulation;

struct simulated_path : faults {
    double rtt{40e6};       // ns, without queueing
    std::uint64_t queue{};  // octets; 0: one bandwidth-delay product

    simulated_path() : faults{.rate = 10e6, .loss = 0.01, .reorder = 0.005, .duplicate = 0.005, .jump = 4e6} {}

    void add_to(CLI::App& app) {
        app.add_option("--rtt", rtt, "Round trip without queueing, such as 40ms")->transform(with_time_unit());
        app.add_option("--queue", queue, "Octets that wait before the bottleneck; 0: one bandwidth-delay product");
        faults::add_to(app);
    }

    simulation::link link(std::uint64_t direction) const {
        auto const product = static_cast<std::uint64_t>(rate / 8 * rtt / 1e9);
        return faults::link(direction, rtt / 2, {.octets = queue != 0 ? queue : product});
    }
};

// What every composition below starts from: buffers for twice the default path's product, and counters.
struct simulated_policies : tenon::default_policies {
    using send_buffer    = tenon::buffer::ring<131'072>;
    using receive_buffer = tenon::buffer::ring<131'072>;
    using observer       = tenon::observer::counters;
};

struct transfer_result {
    bool                       finished{};
    tenon::duration            took{};       // virtual
    tenon::duration            smoothed{};   // the sender's last SRTT
    tenon::observer::counters  counters{};   // of the sender
    std::vector<std::byte>     received{};

    double goodput() const { return took.nanoseconds == 0 ? 0 : static_cast<double>(received.size()) * 8e9 / static_cast<double>(took.nanoseconds); }
};

template <class Policies>
class simulated_transfer {
    using endpoint_type = tenon::endpoint<Policies, simulation::port<>>;

public:
    static transfer_result run(simulated_path const& path, tenon::octets_in file) {
        transfer_result result;
        result.received.reserve(file.size());
        simulation::network net;
        auto there = path.link(0), back = path.link(1);
        simulation::port<> left{there, back, net.time()}, right{back, there, net.time()};
        auto const client = std::make_unique<endpoint_type>(), server = std::make_unique<endpoint_type>();
        // Only what moves something is called: a call gives the endpoint something to do at once.
        bool closed{}, ended{};
        simulation::attached from{*client, left, [&] {
            if (closed) return;
            if (file.empty()) closed = client->shutdown() == tenon::error::none;
            else if (client->writable() != 0) file = file.subspan(client->send(file).count);
        }};
        simulation::attached to{*server, right, [&](tenon::ready events) {
            ended |= has(events, tenon::ready::end_of_stream);
            if (auto const n = server->readable(); n != 0) {
                auto const had = result.received.size();
                result.received.resize(had + n);
                result.received.resize(had + server->receive(std::span{result.received}.last(n)).count);
            }
        }};

        typename endpoint_type::address const here{tenon::ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1), 49152};
        typename endpoint_type::address const away{tenon::ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2), 7};
        server->listen(away);
        client->connect(left, net.now(), here, away);
        net.add(there), net.add(back), net.add(from), net.add(to);
        auto const limit = tenon::instant{} + tenon::from_s(24 * 3600);
        result.finished = net.run(limit, [&] { return ended && server->readable() == 0; }) == simulation::outcome::done;
        result.took     = net.now() - tenon::instant{};
        result.smoothed = client->connection().sending().retransmit_timer().smoothed();
        result.counters = client->observer();
        return result;
    }
};

}  // namespace support
