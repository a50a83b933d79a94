// SPDX-License-Identifier: BSL-1.0
// Addresses as text (opt-in, hosted): dotted quads as in RFC 1123, 2.1, and IPv6 as in RFC 4291, 2.2 and RFC 5952.
// Strict: no leading zeros in a quad, no zone, no prefix length. Hand-written, O(characters), nothing from the locale.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tenon/core/address.hpp>

namespace tenon {

namespace text_detail {

constexpr int digit_of(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return 16;
}

// Takes the number at the front of `text`: 1 to `most_digits` digits.
constexpr std::optional<unsigned> take_number(std::string_view& text, int base, std::size_t most_digits) noexcept {
    unsigned value = 0;
    std::size_t n = 0;
    for (; n < text.size() && digit_of(text[n]) < base; ++n) {
        if (n == most_digits) return std::nullopt;
        value = value * static_cast<unsigned>(base) + static_cast<unsigned>(digit_of(text[n]));
    }
    if (n == 0) return std::nullopt;
    text.remove_prefix(n);
    return value;
}

constexpr bool take(std::string_view& text, std::string_view what) noexcept {
    if (!text.starts_with(what)) return false;
    text.remove_prefix(what.size());
    return true;
}

struct zeros {
    std::size_t first{8};
    std::size_t count{};
};

// RFC 5952, 4.2: the longest run of zero groups, the first of equals, and never a single group.
constexpr zeros longest_zeros(std::array<std::uint16_t, 8> const& groups) noexcept {
    zeros best;
    for (std::size_t i = 0; i < 8;) {
        std::size_t n = 0;
        while (i + n < 8 && groups[i + n] == 0) ++n;
        if (n > 1 && n > best.count) best = {i, n};
        i += n + 1;
    }
    return best;
}

inline std::string hexadecimal(unsigned value) {
    std::string digits;
    do digits.insert(digits.begin(), "0123456789abcdef"[value % 16]);
    while ((value /= 16) != 0);
    return digits;
}

}  // namespace text_detail

constexpr std::optional<ipv4_address> parse_ipv4(std::string_view text) noexcept {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) {
        if (i != 0 && !text_detail::take(text, ".")) return std::nullopt;
        // A leading zero means octal to some readers and decimal to others, so it means nothing here.
        bool const zero = text.starts_with('0');
        auto const before = text.size();
        auto const octet = text_detail::take_number(text, 10, 3);
        if (!octet || *octet > 255 || (zero && before - text.size() != 1)) return std::nullopt;
        value = value << 8 | *octet;
    }
    if (!text.empty()) return std::nullopt;
    return ipv4_address{value};
}

constexpr std::optional<ipv6_address> parse_ipv6(std::string_view text) noexcept {
    std::array<std::uint16_t, 8> groups{};
    std::size_t count = 0;
    std::optional<std::size_t> gap;  // where :: stands
    if (text_detail::take(text, "::")) gap = 0;
    while (!text.empty()) {
        if (count == 8) return std::nullopt;
        auto const here = text;
        auto const group = text_detail::take_number(text, 16, 4);
        if (!text.empty() && text.front() == '.') {  // RFC 4291, 2.2 (3): the last 32 bits as a quad
            auto const quad = parse_ipv4(here);
            if (!quad || count > 6) return std::nullopt;
            groups[count++] = static_cast<std::uint16_t>(quad->value >> 16);
            groups[count++] = static_cast<std::uint16_t>(quad->value & 0xffff);
            break;
        }
        if (!group) return std::nullopt;
        groups[count++] = static_cast<std::uint16_t>(*group);
        if (text.empty()) break;
        if (text_detail::take(text, "::")) {
            if (gap) return std::nullopt;
            gap = count;
        } else if (!text_detail::take(text, ":") || text.empty()) {
            return std::nullopt;
        }
    }
    if (gap ? count == 8 : count != 8) return std::nullopt;
    if (gap) {
        auto const first = groups.begin() + static_cast<std::ptrdiff_t>(*gap);
        auto const last  = groups.begin() + static_cast<std::ptrdiff_t>(count);
        std::fill(first, std::move_backward(first, last, groups.end()), std::uint16_t{0});
    }
    return ipv6(groups);
}

inline std::string to_string(ipv4_address a) {
    std::string text = std::to_string(a.value >> 24);
    for (int shift = 16; shift >= 0; shift -= 8) text += '.' + std::to_string(a.value >> shift & 0xff);
    return text;
}

// RFC 5952: lower case, no leading zeros, one :: where it shortens most, mapped addresses with a quad.
inline std::string to_string(ipv6_address const& a) {
    if (is_mapped(a)) return "::ffff:" + to_string(from_mapped(a));
    std::array<std::uint16_t, 8> groups{};
    for (std::size_t i = 0; i < 8; ++i) groups[i] = static_cast<std::uint16_t>(a.octets[2 * i] << 8 | a.octets[2 * i + 1]);
    auto const gap = text_detail::longest_zeros(groups);
    std::string text;
    for (std::size_t i = 0; i < 8; ++i) {
        if (i == gap.first) {
            text += "::";
            i += gap.count - 1;
        } else {
            if (!text.empty() && text.back() != ':') text += ':';
            text += text_detail::hexadecimal(groups[i]);
        }
    }
    return text;
}

// Parses an address of the asked-for version: parse<ipv4_address>("192.0.2.1").
template <class Address>
constexpr std::optional<Address> parse(std::string_view text) noexcept;
template <>
constexpr std::optional<ipv4_address> parse<ipv4_address>(std::string_view text) noexcept { return parse_ipv4(text); }
template <>
constexpr std::optional<ipv6_address> parse<ipv6_address>(std::string_view text) noexcept { return parse_ipv6(text); }

}  // namespace tenon
