// SPDX-License-Identifier: BSL-1.0
// Counters per connection under the names of RFC 4898 (tcpEStatsPerfSegsOut and so on), 32 bits each, wrapping.
#pragma once
#include <array>
#include <cstddef>

#include <tenon/policy/observer/concept.hpp>

namespace tenon::observer {

class counters {
public:
    static constexpr bool observes = true;

    constexpr void on(what w, std::uint32_t n) noexcept { values_[static_cast<std::size_t>(w)] += n; }
    constexpr std::uint32_t operator[](what w) const noexcept { return values_[static_cast<std::size_t>(w)]; }

    // RFC 4898's names.
    constexpr std::uint32_t SegsIn() const noexcept { return (*this)[what::segments_in]; }
    constexpr std::uint32_t SegsOut() const noexcept { return (*this)[what::segments_out]; }
    constexpr std::uint32_t DataSegsIn() const noexcept { return (*this)[what::data_segments_in]; }
    constexpr std::uint32_t DataSegsOut() const noexcept { return (*this)[what::data_segments_out]; }
    constexpr std::uint32_t DataOctetsIn() const noexcept { return (*this)[what::data_octets_in]; }
    constexpr std::uint32_t DataOctetsOut() const noexcept { return (*this)[what::data_octets_out]; }
    constexpr std::uint32_t SegsRetrans() const noexcept { return (*this)[what::segments_retransmitted]; }
    constexpr std::uint32_t OctetsRetrans() const noexcept { return (*this)[what::octets_retransmitted]; }
    constexpr std::uint32_t DupAcksIn() const noexcept { return (*this)[what::duplicate_acks_in]; }
    constexpr std::uint32_t DupAcksOut() const noexcept { return (*this)[what::duplicate_acks_out]; }
    constexpr std::uint32_t Timeouts() const noexcept { return (*this)[what::timeouts]; }
    constexpr std::uint32_t SubsequentTimeouts() const noexcept { return (*this)[what::subsequent_timeouts]; }
    constexpr std::uint32_t FastRetran() const noexcept { return (*this)[what::fast_retransmits]; }
    constexpr std::uint32_t CongSignals() const noexcept { return (*this)[what::congestion_signals]; }
    constexpr std::uint32_t ZeroRwinRcvd() const noexcept { return (*this)[what::zero_window_received]; }
    constexpr std::uint32_t ZeroRwinSent() const noexcept { return (*this)[what::zero_window_sent]; }

    friend constexpr bool operator==(counters const&, counters const&) noexcept = default;

private:
    std::array<std::uint32_t, static_cast<std::size_t>(what::count_)> values_{};
};

static_assert(policy<counters>);

}  // namespace tenon::observer
