// SPDX-License-Identifier: BSL-1.0
// What a program on a TUN device has around its TCP: the options that all of them take, and the way from the command line to
// an open device and a path on it.
#pragma once
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "address.hpp"
#include "tun_device.hpp"

namespace support {

struct tun_options {
    std::string tun{"tun0"};
    std::string address{"10.77.0.2"};
    path_options path{};

    void add_to(CLI::App& app) {
        app.add_option("--tun", tun, "The TUN device")->capture_default_str();
        app.add_option("--address", address, "Our own address, IPv4 or IPv6")->capture_default_str();
        path.add_to(app);
    }
};

inline CLI::Option* add_port(CLI::App& app, std::uint16_t& port) {
    return app.add_option("--port", port, "The port to listen on")->capture_default_str();
}

// Nothing, and a sentence on standard error, for what is not an address.
inline std::optional<tenon::ipv6_address> own_address(tun_options const& o) {
    auto const address = parse_address(o.address);
    if (!address) std::fprintf(stderr, "not an address: %s\n", o.address.c_str());
    return address;
}

inline constexpr int no_tun_device = 2;  // an exit code

// Opens the device and calls use(device, path); gives back what that returns, or no_tun_device.
template <class Use>
int over_tun(tun_options const& o, Use use) {
    auto const device = std::make_unique<tun_device>();
    if (!open_tun(*device, o.tun)) return no_tun_device;
    int const result = over_path(*device, o.path, [&](auto& path) { return use(*device, path); });
    explain_lost_packets(*device);
    return result;
}

}  // namespace support
