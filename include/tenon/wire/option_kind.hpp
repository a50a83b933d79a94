// SPDX-License-Identifier: BSL-1.0
// TCP options: their kinds, their lengths on the wire, and the values they carry.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include <tenon/core/bounded_vector.hpp>
#include <tenon/core/sequence.hpp>
#include <tenon/core/units.hpp>

namespace tenon::wire {

enum class option_kind : std::uint8_t {
    end                        = 0,    // RFC 9293, 3.2
    nop                        = 1,    // RFC 9293, 3.2
    mss                        = 2,    // RFC 9293, 3.7.1
    window_scale               = 3,    // RFC 7323, 2.2
    sack_permitted             = 4,    // RFC 2018, 2
    sack                       = 5,    // RFC 2018, 3
    timestamps                 = 8,    // RFC 7323, 3.2
    alternate_checksum_request = 14,   // RFC 1146
    alternate_checksum_data    = 15,   // RFC 1146
    md5_signature              = 19,   // obsoleted by RFC 5925
    user_timeout               = 28,   // RFC 5482, 3.2
    authentication             = 29,   // RFC 5925, 2.2
    fast_open                  = 34,   // RFC 7413, 4.1.1
    accurate_ecn_0             = 172,  // RFC 9768, 3.2.3: order 0
    accurate_ecn_1             = 174,  // RFC 9768, 3.2.3: order 1
    experiment_1               = 253,  // RFC 6994: two octets of ExID first
    experiment_2               = 254,
};

// The ExID under which Fast Open was sent before it had a kind (RFC 7413, 9).
inline constexpr std::uint16_t fast_open_experiment = 0xf989;

// Whole lengths, kind and length octets included.
inline constexpr bytes mss_length            = 4;
inline constexpr bytes window_scale_length   = 3;
inline constexpr bytes sack_permitted_length = 2;
inline constexpr bytes timestamps_length     = 10;
inline constexpr bytes user_timeout_length   = 4;
inline constexpr bytes most_sack_blocks      = 4;
inline constexpr bytes most_cookie_octets    = 16;
constexpr bytes sack_length(std::size_t blocks) noexcept { return 2 + 8 * static_cast<bytes>(blocks); }
constexpr bytes fast_open_length(std::size_t cookie) noexcept { return 2 + static_cast<bytes>(cookie); }
constexpr bytes accurate_ecn_length(std::size_t fields) noexcept { return 2 + 3 * static_cast<bytes>(fields); }

// RFC 7323, 2.3: a larger shift count is used as 14.
inline constexpr std::uint8_t most_window_scale = 14;

struct timestamp_pair {
    std::uint32_t value{};  // TSval
    std::uint32_t echo{};   // TSecr

    friend constexpr bool operator==(timestamp_pair, timestamp_pair) noexcept = default;
};

// Octets [left, right) have arrived (RFC 2018, 3). Whether they can have is the engine's question.
struct sack_block {
    sequence left{};
    sequence right{};

    friend constexpr bool operator==(sack_block, sack_block) noexcept = default;
};
using sack_blocks = bounded_vector<sack_block, most_sack_blocks>;

struct user_timeout_value {
    bool          minutes{};  // the granularity bit; otherwise seconds
    std::uint16_t value{};    // fifteen bits; zero never comes (RFC 5482, 3.2)

    constexpr std::uint32_t seconds() const noexcept { return std::uint32_t{value} * (minutes ? 60u : 1u); }
    friend constexpr bool operator==(user_timeout_value, user_timeout_value) noexcept = default;
};

// Counters modulo 2^24. A short option leaves out the last fields of its order (RFC 9768, 3.2.3).
struct accurate_ecn_counters {
    bool          order_1{};               // e1b, ceb, e0b; otherwise e0b, ceb, e1b
    std::uint8_t  fields{};                // how many came
    std::array<std::uint32_t, 3> field{};  // in the order of the option

    constexpr bool has_ce() const noexcept { return fields >= 2; }
    constexpr bool has_ect_0() const noexcept { return fields >= (order_1 ? 3 : 1); }
    constexpr bool has_ect_1() const noexcept { return fields >= (order_1 ? 1 : 3); }
    constexpr std::uint32_t ce() const noexcept { return field[1]; }
    constexpr std::uint32_t ect_0() const noexcept { return field[order_1 ? 2 : 0]; }
    constexpr std::uint32_t ect_1() const noexcept { return field[order_1 ? 0 : 2]; }
    friend constexpr bool operator==(accurate_ecn_counters const&, accurate_ecn_counters const&) noexcept = default;
};

}  // namespace tenon::wire
