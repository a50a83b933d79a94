// SPDX-License-Identifier: BSL-1.0
// What a device on the Internet wants beside the composition of examples/04: out-of-order segments are kept, ACKs delayed,
// short segments coalesced, dead peers found out, blind attacks answered, initial sequence numbers not guessed, ICMP heard.
#include "echo_firmware.hpp"

#include <tenon/policy/clock/tick32.hpp>
#include <tenon/policy/network/ipv4.hpp>

namespace {

struct general_policies : tenon::default_policies {
    using network        = tenon::network::ipv4;
    using clock          = tenon::clock::tick32<>;
    using send_buffer    = tenon::buffer::ring<536>;
    using receive_buffer = tenon::buffer::ring<536>;
    using options        = tenon::options::minimal;
    using reassembly     = tenon::reassembly::interval_list<4>;
    static constexpr unsigned burst = 1;
};

}  // namespace

TENON_MEASURE(general_policies, 576, (2 * 536), (measured::address{tenon::ipv4(192, 0, 2, 1), 7}), std::uint32_t)
