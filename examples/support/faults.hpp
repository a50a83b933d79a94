// SPDX-License-Identifier: BSL-1.0
// What may happen to packets on a way, as options on a command line and as a link of the simulation. The same in both directions.
#pragma once
#include <cstdint>
#include <map>
#include <string>

#include <CLI/CLI.hpp>

#include <tenon/simulation/link.hpp>

namespace support {

// Numbers on a command line that have a unit behind them.
inline CLI::AsNumberWithUnit with_time_unit() {
    return CLI::AsNumberWithUnit{std::map<std::string, double>{{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}}};
}
inline CLI::AsNumberWithUnit with_rate_unit() {
    return CLI::AsNumberWithUnit{std::map<std::string, double>{{"kbit", 1e3}, {"mbit", 1e6}, {"gbit", 1e9}}};
}

struct faults {
    double rate{};                            // bits per second; 0: no limit
    double loss{}, reorder{}, duplicate{};    // shares of the packets
    double jump{2e6};                         // ns that a reordered packet is held up
    std::uint64_t seed{1};

    static CLI::Option* add_share(CLI::App& app, char const* name, double& share, char const* what) {
        return app.add_option(name, share, what)->check(CLI::Range(0.0, 1.0));
    }
    void add_to(CLI::App& app) {
        app.add_option("--rate", rate, "Bits per second of each way, such as 10mbit; 0: no limit")->transform(with_rate_unit());
        add_share(app, "--loss", loss, "Share of packets lost on each way, such as 0.02");
        add_share(app, "--reorder", reorder, "Share of packets held up, so that others overtake");
        app.add_option("--reorder-delay", jump, "How long those are held up")->transform(with_time_unit());
        add_share(app, "--duplicate", duplicate, "Share of packets delivered twice");
        app.add_option("--seed", seed, "Seed of the faults");
    }

    static tenon::simulation::ratio share(double d) { return {static_cast<std::uint32_t>(d * 1e9)}; }

    // direction: 0 or 1. Each has its own random numbers.
    tenon::simulation::link link(std::uint64_t direction, double delay, tenon::simulation::drop_tail queue,
                                 double corrupt = 0) const {
        auto const time = [](double ns) { return tenon::duration{static_cast<std::int64_t>(ns)}; };
        return tenon::simulation::link{{.rate = static_cast<std::uint64_t>(rate), .delay = time(delay), .reorder = share(reorder),
                                        .reorder_delay = time(jump), .duplicate = share(duplicate), .corrupt = share(corrupt),
                                        .seed = 2 * seed + direction},
                                       queue,
                                       tenon::simulation::bernoulli_loss{share(loss)}};
    }
};

}  // namespace support
