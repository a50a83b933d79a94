// SPDX-License-Identifier: BSL-1.0
#include "settings.hpp"

#include <arpa/inet.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

namespace tenon::packetdrill {
namespace {

std::optional<address> parse_address(std::string const& text) {
    in_addr four{};
    if (inet_pton(AF_INET, text.c_str(), &four) == 1) return address{to_mapped({ntohl(four.s_addr)}), 0};
    address six{};
    if (inet_pton(AF_INET6, text.c_str(), six.address.octets.data()) == 1) return six;
    return std::nullopt;
}

void set_options(wanted& w, std::string const& name) {
    w.timestamps = name != "no_timestamps" && name != "none";
    w.sack       = name != "no_sack" && name != "none";
    w.scales     = name != "none";
}

void set(flags& f, std::string const& key, std::string const& value) {
    auto& c = f.settings;
    if (key == "timers") c.timers = value;
    else if (key == "congestion") c.congestion = value;
    else if (key == "options") set_options(c.stack, value);
    else if (key == "network") c.stack.only_v6 = value == "ipv6";
    else if (key == "mtu") c.mtu = static_cast<bytes>(std::strtoul(value.c_str(), nullptr, 10));
    else if (key == "ecn") c.ecn = std::atoi(value.c_str());
    else if (key == "neutral") f.neutral = value == "1";
    else if (key == "local") {
        if (auto const a = parse_address(value)) (is_mapped(a->address) ? c.local_v4 : c.local_v6) = *a;
    } else {
        std::fprintf(stderr, "tenon: unknown flag %s\n", key.c_str());
        std::exit(2);
    }
}

}  // namespace

flags read_flags(char const* text) {
    flags f;
    f.settings.timers     = "linux";
    f.settings.congestion = "reno";
    f.settings.local_v4   = parse_address("192.168.0.1");
    f.settings.local_v6   = parse_address("fd3d:a0b:17d6::1");
    std::istringstream in{text == nullptr ? "" : text};
    for (std::string one; std::getline(in, one, ',');) {
        auto const at = one.find('=');
        if (!one.empty()) set(f, one.substr(0, at), at == std::string::npos ? "" : one.substr(at + 1));
    }
    return f;
}

void read_settings(configuration& c) {
    auto const* path = std::getenv("TENON_SYSCTLS");
    if (path == nullptr) return;
    std::ifstream in{path};
    for (std::string line; std::getline(in, line);) {
        auto const at = line.find('=');
        if (at == std::string::npos) continue;
        auto const key = line.substr(0, at), value = line.substr(at + 1);
        if (key == "tcp_timestamps") c.stack.timestamps = value != "0";
        else if (key == "tcp_sack") c.stack.sack = value != "0";
        else if (key == "tcp_window_scaling") c.stack.scales = value != "0";
        else if (key == "tcp_ecn") c.ecn = std::atoi(value.c_str());
    }
}

}  // namespace tenon::packetdrill
