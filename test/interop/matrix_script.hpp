// SPDX-License-Identifier: BSL-1.0
// What the two ends of one connection of the matrix do, as a script for each, and the octets that they say. Both ends compute
// the same octets from the client's port, so that what arrives is compared octet by octet. matrix_kernel.py knows the same.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace matrix {

// A prime, so that a piece which is lost, doubled or moved by any power of two shows.
inline constexpr std::size_t period = 65521;

inline auto const& octets_of_a_period() {
    static auto const table = [] {
        std::array<std::byte, period> t{};
        std::uint32_t x = 1;
        for (auto& octet : t) {
            x     = x * 1'103'515'245u + 12'345u;
            octet = static_cast<std::byte>(x >> 16);
        }
        return t;
    }();
    return table;
}

// One direction of one connection: an endless stream of octets.
class stream {
public:
    stream() = default;
    stream(std::uint16_t client_port, bool from_client) : start_{(2u * client_port + (from_client ? 0u : 1u)) * 7919u % period} {}

    // The octets at `position`, as many as lie in one piece.
    std::span<std::byte const> at(std::uint64_t position) const {
        return std::span{octets_of_a_period()}.subspan(static_cast<std::size_t>((start_ + position) % period));
    }
    bool matches(std::span<std::byte const> got, std::uint64_t position) const {
        while (!got.empty()) {
            auto const expected = at(position);
            auto const n        = std::min(got.size(), expected.size());
            if (!std::ranges::equal(got.first(n), expected.first(n))) return false;
            got = got.subspan(n);
            position += n;
        }
        return true;
    }

private:
    std::uint64_t start_{};
};

enum class workload : std::uint8_t { up, down, both, ping_pong, short_connections, half_close, abort, slow_reader, tiny_buffer };
inline constexpr std::array<std::string_view, 9> names_of_workloads{
    "up", "down", "both", "ping_pong", "short", "half_close", "abort", "slow_reader", "tiny_buffer"};

inline std::optional<workload> find_workload(std::string_view name) {
    auto const at = std::ranges::find(names_of_workloads, name);
    if (at == names_of_workloads.end()) return std::nullopt;
    return static_cast<workload>(at - names_of_workloads.begin());
}

enum class speaks : std::uint8_t { at_once, ping, pong, after_request, after_end };  // when the next octet may be sent
enum class shuts : std::uint8_t { when_sent, when_received, when_ended };            // when the FIN may be sent
enum class resets : std::uint8_t { nobody, ours, theirs };

inline constexpr std::uint64_t without_end = ~std::uint64_t{0};
inline constexpr std::uint64_t abort_after = 20'000;  // octets received

struct script {
    std::uint64_t send{}, receive{};
    speaks speaking{};
    shuts  shutting{};
    resets resetting{};
    bool   slow{};
};

// Our script for connection `number` of a workload. `library`: ours is the library's side, not its peer's; `client`: we opened it.
inline script script_for(workload w, std::uint64_t size, bool library, bool client, unsigned number, std::uint16_t client_port) {
    script s{.send = size, .receive = size};
    switch (w) {
        case workload::up: (library ? s.receive : s.send) = 0; break;
        case workload::down: (library ? s.send : s.receive) = 0; break;
        case workload::ping_pong:
            s.speaking = client ? speaks::ping : speaks::pong;
            s.shutting = client ? shuts::when_received : shuts::when_ended;
            break;
        case workload::short_connections:  // a request and a longer answer; an odd port: the server closes first
            (client ? s.receive : s.send) = 3 * size;
            s.speaking = client ? speaks::at_once : speaks::after_request;
            s.shutting = client == ((client_port & 1) == 0) ? (client ? shuts::when_received : shuts::when_sent) : shuts::when_ended;
            break;
        case workload::half_close: s.speaking = client ? speaks::at_once : speaks::after_end; break;
        case workload::abort:
            if (number >= 2) break;  // the third connection shows that all goes on
            s.send = s.receive = without_end;
            s.resetting = (number == 0) == library ? resets::ours : resets::theirs;
            break;
        case workload::slow_reader: s.slow = true; break;
        case workload::both:
        case workload::tiny_buffer: break;
    }
    return s;
}

inline unsigned connections_of(workload w, unsigned shorts) {
    return w == workload::short_connections ? shorts : w == workload::abort ? 3 : 1;
}
inline unsigned at_once_of(workload w) { return w == workload::short_connections ? 64 : 1; }

}  // namespace matrix
