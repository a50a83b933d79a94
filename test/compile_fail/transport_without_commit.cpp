// SPDX-License-Identifier: BSL-1.0
// A transport that takes no packets is none, and the error says so by the requirement's name.
// expect: takes_packets
#include <tenon/transport/concept.hpp>

struct radio {
    static constexpr tenon::transport::capabilities most{};
    tenon::transport::capabilities limits() const noexcept { return most; }
    tenon::octets_out reserve(tenon::bytes) noexcept { return {}; }
    void cancel(tenon::octets_out) noexcept {}
#ifndef MUST_FAIL
    tenon::transport::ticket commit(tenon::octets_out, std::span<tenon::octets_in const>, tenon::transport::departure const&) noexcept {
        return 0;
    }
#endif
    tenon::transport::ticket flush() noexcept { return 0; }
    std::span<tenon::transport::arrival> arrivals(std::span<tenon::transport::arrival>) noexcept { return {}; }
    void give_back(tenon::transport::arrival const&) noexcept {}
};
static_assert(tenon::transport::packet_io<radio>);
