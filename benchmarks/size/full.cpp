// SPDX-License-Identifier: BSL-1.0
// default_policies with buffers that a larger microcontroller has: both versions of IP, window scale, a 64-bit clock.
#include "echo_firmware.hpp"

namespace {

struct full_policies : tenon::default_policies {
    using send_buffer    = tenon::buffer::ring<4096>;
    using receive_buffer = tenon::buffer::ring<4096>;
};

constexpr tenon::instant at(std::uint32_t milliseconds) noexcept { return tenon::instant{} + tenon::from_ms(milliseconds); }

}  // namespace

TENON_MEASURE(full_policies, 1500, (2 * 4096 + 8 * sizeof(tenon::reassembly::interval)), (measured::address{tenon::ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1), 7}), at)
