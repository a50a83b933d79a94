// SPDX-License-Identifier: BSL-1.0
// The retransmission timer of RFC 6298. Estimates are kept in units of 1.024 us, scaled by 8 and 4 so that the gains of
// 1/8 and 1/4 are shifts; a round trip of up to nine minutes fits.
#pragma once
#include <algorithm>
#include <cstdint>

#include <tenon/policy/retransmit_timer/concept.hpp>

namespace tenon::retransmit_timer {

struct rto_limits {
    duration minimum{from_s(1)};       // RFC 6298, 2.4: SHOULD be one second
    duration maximum{from_s(60)};      // RFC 6298, 2.5: at least 60 seconds
    duration initial{from_s(1)};       // RFC 6298, 2.1
    duration after_lost_handshake{from_s(3)};  // RFC 6298, 5.7
    duration granularity{from_ms(1)};  // G
};

template <rto_limits Limits = rto_limits{}>
class rfc6298 {
    static constexpr unsigned unit = 10;  // 2^10 ns

    static_assert(Limits.minimum.nanoseconds > 0, "an RTO of zero retransmits for ever");
    static_assert(Limits.minimum <= Limits.initial && Limits.initial <= Limits.maximum, "minimum <= initial <= maximum");
    static_assert(Limits.maximum <= from_s(500), "a longer RTO does not fit 32 bits");

public:
    constexpr void on_sample(duration sample) noexcept {
        auto const r = static_cast<std::uint32_t>(std::clamp(sample, duration{1 << unit}, from_s(500)).nanoseconds >> unit);
        if (smoothed_ == 0) {  // RFC 6298, 2.2
            smoothed_  = r << 3;
            variation_ = r << 1;  // R/2, scaled by 4
        } else {               // RFC 6298, 2.3: RTTVAR first, with the SRTT of before
            auto const estimate = smoothed_ >> 3;
            auto const error    = r > estimate ? r - estimate : estimate - r;
            variation_ += error - (variation_ >> 2);
            smoothed_ += r - (smoothed_ >> 3);
        }
        handshake_lost_ = false;
        backoff_ = 0;  // a measured round trip ends the back-off (RFC 6298, 5, closing note)
    }

    constexpr void on_timeout() noexcept {  // RFC 6298, 5.5
        if (timeout() < Limits.maximum) ++backoff_;
    }

    constexpr void on_handshake_lost() noexcept { handshake_lost_ = smoothed_ == 0; backoff_ = 0; }

    constexpr duration timeout() const noexcept {
        constexpr auto in_units = [](duration d) { return static_cast<std::uint32_t>((d.nanoseconds + 1023) >> unit); };
        std::uint32_t rto = in_units(handshake_lost_ ? Limits.after_lost_handshake : Limits.initial);
        if (smoothed_ != 0) {
            rto = (smoothed_ >> 3) + std::max(in_units(Limits.granularity), variation_);  // RFC 6298, 2.3: K = 4
            rto = std::max(rto, in_units(Limits.minimum));
        }
        for (auto n = backoff_; n != 0 && rto < in_units(Limits.maximum); --n) rto <<= 1;
        return duration{static_cast<std::int64_t>(std::min(rto, in_units(Limits.maximum))) << unit};
    }

    constexpr duration smoothed() const noexcept { return duration{static_cast<std::int64_t>(smoothed_ >> 3) << unit}; }
    constexpr duration variation() const noexcept { return duration{static_cast<std::int64_t>(variation_ >> 2) << unit}; }

    friend constexpr bool operator==(rfc6298 const&, rfc6298 const&) noexcept = default;

private:
    std::uint32_t smoothed_{};   // SRTT * 8; 0 = no sample yet
    std::uint32_t variation_{};  // RTTVAR * 4
    std::uint8_t  backoff_{};    // doublings; bounded by maximum
    bool          handshake_lost_{};
};

static_assert(policy<rfc6298<>>);

}  // namespace tenon::retransmit_timer
