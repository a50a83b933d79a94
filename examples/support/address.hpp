// SPDX-License-Identifier: BSL-1.0
// Addresses and URLs from the command line, as a stack for both versions of IP wants them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tenon/text.hpp>

namespace support {

// IPv4 as ::ffff:a.b.c.d (policy/network/both.hpp).
inline std::optional<tenon::ipv6_address> parse_address(std::string_view text) {
    if (auto const v4 = tenon::parse_ipv4(text)) return tenon::to_mapped(*v4);
    return tenon::parse_ipv6(text);
}

inline std::optional<std::uint16_t> parse_port(std::string_view text) {
    unsigned value = 0;
    if (text.empty() || text.size() > 5) return std::nullopt;
    for (char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<unsigned>(c - '0');
    }
    if (value == 0 || value > 65535) return std::nullopt;
    return static_cast<std::uint16_t>(value);
}

struct url {
    tenon::ipv6_address address{};
    std::uint16_t port{80};
    std::string host{};    // as written, with the port if there was one: the Host field (RFC 9110, 7.2)
    std::string target{};  // path and query, never empty
};

// http://ADDRESS[:PORT][/PATH], the address numeric and in brackets if IPv6 (RFC 3986, 3.2.2). There is no resolver here.
inline std::optional<url> parse_url(std::string_view text) {
    constexpr std::string_view scheme = "http://";
    if (!text.starts_with(scheme)) return std::nullopt;
    text.remove_prefix(scheme.size());
    url result;
    auto const end = std::min(text.find_first_of("/?#"), text.size());
    auto authority = text.substr(0, end);
    auto target    = text.substr(end, text.find('#') - end);
    for (char c : text)
        if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) return std::nullopt;
    result.host   = authority;
    result.target = target.starts_with('/') ? std::string{target} : '/' + std::string{target};
    std::string_view name = authority, port;
    if (authority.starts_with('[')) {
        auto const close = authority.find(']');
        if (close == authority.npos) return std::nullopt;
        name = authority.substr(1, close - 1);
        port = authority.substr(close + 1);
        if (!port.empty() && port.front() != ':') return std::nullopt;
    } else if (auto const colon = authority.find(':'); colon != authority.npos) {
        name = authority.substr(0, colon);
        port = authority.substr(colon);
    }
    if (!port.empty()) {
        auto const number = parse_port(port.substr(1));
        if (!number) return std::nullopt;
        result.port = *number;
    }
    auto const address = authority.starts_with('[') ? tenon::parse_ipv6(name) : parse_address(name);
    if (!address) return std::nullopt;
    result.address = *address;
    return result;
}

}  // namespace support
