// SPDX-License-Identifier: BSL-1.0
// Octets written as hex, and random ones that can be replayed.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace wire_test {

using octets = std::vector<std::byte>;

inline octets hex(std::string_view text) {
    octets result;
    std::string digits;
    for (char const c : text) {
        if (c == ' ') continue;
        digits += c;
        if (digits.size() == 2) {
            result.push_back(static_cast<std::byte>(std::stoi(digits, nullptr, 16)));
            digits.clear();
        }
    }
    return result;
}

// A copy on the heap that ends exactly where the octets end, so that a sanitizer sees one read too far.
inline octets first(octets const& all, std::size_t n) { return octets(all.data(), all.data() + n); }

// Replay a failure with TENON_SEED=<the seed printed>.
inline std::uint32_t seed() {
    static std::uint32_t const value = [] {
        char const* const text = std::getenv("TENON_SEED");
        return text != nullptr ? static_cast<std::uint32_t>(std::stoul(text)) : std::random_device{}();
    }();
    return value;
}

inline octets random_octets(std::mt19937& random, std::size_t n) {
    octets result(n);
    for (auto& o : result) o = static_cast<std::byte>(random() & 0xff);
    return result;
}

}  // namespace wire_test

#define REPLAYABLE() BOOST_TEST_CONTEXT("replay with TENON_SEED=" << wire_test::seed())
