// SPDX-License-Identifier: BSL-1.0
// The library's end of one cell of the matrix (matrix.py), over a TUN device, with the impairment and the capture that the cell
// asks for. It prints "ready", then "done", and goes on answering until SIGTERM.
// Exit code: 0 all went as the script says; 1 not; 2 no device.
#include <utility>

#include "examples/support/tun_program.hpp"
#include "matrix_peer.hpp"

namespace {

struct options : matrix::path_options {
    std::string tun{"tun0"}, address{"10.77.0.2"}, peer{"10.77.0.1"}, role{"server"}, workload{"both"};
    std::uint16_t port{7000};
    std::uint64_t size{100'000};
    unsigned count{2000}, patience{120}, set{};

    void add_to(CLI::App& app) {
        matrix::path_options::add_to(app);
        app.add_option("--tun", tun, "The TUN device");
        app.add_option("--address", address, "Our own address");
        app.add_option("--peer", peer, "The peer's address");
        app.add_option("--port", port, "The server's port");
        app.add_option("--role", role, "Who opens")->check(CLI::IsMember({"client", "server"}));
        app.add_option("--workload", workload, "What is said");
        app.add_option("--size", size, "Octets in one direction");
        app.add_option("--count", count, "How many short connections");
        app.add_option("--patience", patience, "Seconds");
        app.add_option("--options", set, "Sum of: window scale 1, timestamps 2, SACK 4, ECN 8")
            ->check(CLI::Range(0u, matrix::compositions - 1));
    }
};

using runs = int (*)(matrix::cell const&, support::tun_device&, matrix::path&);

template <unsigned... Sets>
runs choose(unsigned set, std::integer_sequence<unsigned, Sets...>) {
    static constexpr runs all[] = {&matrix::run<Sets>...};
    return all[set];
}

}  // namespace

int main(int argc, char** argv) {
    options o;
    CLI::App app{"The library's end of one cell of the interoperability matrix"};
    o.add_to(app);
    CLI11_PARSE(app, argc, argv);
    auto const what = matrix::find_workload(o.workload);
    auto const ours = support::parse_address(o.address), theirs = support::parse_address(o.peer);
    if (!what || !ours || !theirs) return 1;
    auto const device = std::make_unique<support::tun_device>();
    if (!support::open_tun(*device, o.tun)) return support::no_tun_device;
    matrix::path way{*device, o};
    if (!o.pcap.empty() && !way.writes()) return 1;
    matrix::cell const c{.ours = *ours, .theirs = *theirs, .port = o.port, .client = o.role == "client", .what = *what,
                         .size = o.size, .count = matrix::connections_of(*what, o.count), .width = matrix::at_once_of(*what),
                         .patience = o.patience};
    return choose(o.set, std::make_integer_sequence<unsigned, matrix::compositions>{})(c, *device, way);
}
