// SPDX-License-Identifier: BSL-1.0
// Writing options, one function each: put_x(to, ...) writes x_length octets and returns the place after them, so that
// the caller lays them out as he likes. Forty octets is all there is room for; the caller counts.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include <tenon/core/units.hpp>
#include <tenon/wire/bytes.hpp>
#include <tenon/wire/option_kind.hpp>

namespace tenon::wire {

constexpr std::byte* put_option_start(std::byte* to, option_kind kind, bytes length) noexcept {
    return put16(to, static_cast<std::uint16_t>(static_cast<unsigned>(kind) << 8 | length));
}

constexpr std::byte* put_nop(std::byte* to) noexcept { return put8(to, static_cast<std::uint8_t>(option_kind::nop)); }

constexpr std::byte* put_mss(std::byte* to, std::uint16_t mss) noexcept {
    return put16(put_option_start(to, option_kind::mss, mss_length), mss);
}

constexpr std::byte* put_window_scale(std::byte* to, std::uint8_t shift) noexcept {
    return put8(put_option_start(to, option_kind::window_scale, window_scale_length), shift);
}

constexpr std::byte* put_sack_permitted(std::byte* to) noexcept {
    return put_option_start(to, option_kind::sack_permitted, sack_permitted_length);
}

constexpr std::byte* put_timestamps(std::byte* to, timestamp_pair t) noexcept {
    return put32(put32(put_option_start(to, option_kind::timestamps, timestamps_length), t.value), t.echo);
}

// 1 to 4 blocks; 3 beside timestamps.
constexpr std::byte* put_sack(std::byte* to, std::span<sack_block const> blocks) noexcept {
    to = put_option_start(to, option_kind::sack, sack_length(blocks.size()));
    for (auto const& b : blocks) to = put32(put32(to, b.left.value), b.right.value);
    return to;
}

constexpr std::byte* put_user_timeout(std::byte* to, user_timeout_value t) noexcept {
    return put16(put_option_start(to, option_kind::user_timeout, user_timeout_length),
                 static_cast<std::uint16_t>((t.minutes ? 0x8000u : 0u) | (t.value & 0x7fffu)));
}

// The cookie, or none to ask for one.
constexpr std::byte* put_fast_open(std::byte* to, octets_in cookie) noexcept {
    to = put_option_start(to, option_kind::fast_open, fast_open_length(cookie.size()));
    for (auto const octet : cookie) *to++ = octet;
    return to;
}

// The first `fields` of `counters`, in their order.
constexpr std::byte* put_accurate_ecn(std::byte* to, accurate_ecn_counters const& counters) noexcept {
    to = put_option_start(to, counters.order_1 ? option_kind::accurate_ecn_1 : option_kind::accurate_ecn_0,
                          accurate_ecn_length(counters.fields));
    for (std::size_t i = 0; i < counters.fields; ++i) {
        auto const c = counters.field[i];
        to = put16(put8(to, static_cast<std::uint8_t>(c >> 16 & 0xff)), static_cast<std::uint16_t>(c & 0xffff));
    }
    return to;
}

// Ends the options that began at `first`, with end-of-list and zeros up to the next multiple of four (RFC 9293, 3.1).
constexpr std::byte* put_padding(std::byte* first, std::byte* to) noexcept {
    while ((to - first) % 4 != 0) *to++ = std::byte{0};
    return to;
}

}  // namespace tenon::wire
