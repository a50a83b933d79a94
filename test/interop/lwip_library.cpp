// SPDX-License-Identifier: BSL-1.0
// The library's end of a conversation with lwIP (lwip_peer.cpp), over the kernel's end of a TAP device. Scripts, captures and exit
// codes are those of matrix_peer.
#include "examples/support/tun_program.hpp"
#include "lwip_ethernet.hpp"
#include "matrix_session.hpp"

namespace {

// What every TCP has (RFC 9293): no option but MSS.
struct baseline : tenon::default_policies {
    using options = tenon::options::minimal;
};
// lwIP knows window scaling and SACK-permitted of these, as Debian has built it.
struct everything : tenon::default_policies {
    using receive_buffer = tenon::buffer::ring<1 << 17>;
};

using device_type = support::watched<support::ethernet>;
using path        = support::worse_path<device_type>;

struct options : support::path_options {
    std::string interface{"tap0"}, address{"10.77.0.2"}, peer{"10.77.0.1"}, role{"server"}, workload{"both"};
    std::uint64_t size{100'000};
    unsigned count{1};
    bool all{};

    void add_to(CLI::App& app) {
        support::path_options::add_to(app);
        app.add_option("--interface", interface, "The TAP device");
        app.add_option("--address", address, "Our own address");
        app.add_option("--peer", peer, "lwIP's address");
        app.add_option("--role", role, "Who opens")->check(CLI::IsMember({"client", "server"}));
        app.add_option("--workload", workload, "What is said");
        app.add_option("--size", size, "Octets in one direction");
        app.add_option("--count", count, "How many connections, one after another");
        app.add_flag("--all-options", all, "Every option that the library has, not the baseline");
    }
};

}  // namespace

int main(int argc, char** argv) {
    options o;
    CLI::App app{"The library's end of a conversation with lwIP"};
    o.add_to(app);
    CLI11_PARSE(app, argc, argv);
    auto const what = matrix::find_workload(o.workload);
    auto const ours = support::parse_address(o.address), theirs = support::parse_address(o.peer);
    if (!what || !ours || !theirs) return 1;
    auto const device = std::make_unique<device_type>();
    if (int const failed = device->open(o.interface.c_str(), *ours, *theirs); failed != 0) {
        std::fprintf(stderr, "cannot open %s: %s\n", o.interface.c_str(), std::strerror(failed));
        return support::no_tun_device;
    }
    path way{*device, o};
    matrix::cell const c{.ours = *ours, .theirs = *theirs, .client = o.role == "client", .what = *what, .size = o.size,
                         .count = o.count, .width = 1, .patience = 60};
    if (o.all) return matrix::session<everything, device_type, path>{c, *device, way}.run();
    return matrix::session<baseline, device_type, path>{c, *device, way}.run();
}
