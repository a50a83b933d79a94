// SPDX-License-Identifier: BSL-1.0
// The retransmission timer of RFC 6298. Estimates are kept in units of 1.024 us, scaled by 8 and 4 so that the gains of
// 1/8 and 1/4 are shifts; a round trip of up to nine minutes fits.
#pragma once
#include <algorithm>
#include <cstdint>

#include <tenon/core/units.hpp>
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

    static constexpr std::uint32_t in_units(duration d) noexcept { return static_cast<std::uint32_t>((d.nanoseconds + 1023) >> unit); }

public:
    constexpr void on_sample(duration sample) noexcept {
        auto const units = static_cast<std::uint64_t>(sample.nanoseconds) >> unit;  // one below zero is as good as endless
        auto const r = units > in_units(from_s(500)) ? in_units(from_s(500)) : greater<std::uint32_t>(static_cast<std::uint32_t>(units), 1);
        if (smoothed_ == 0) {  // RFC 6298, 2.2
            smoothed_  = r << 3;
            variation_ = r << 1;  // R/2, scaled by 4
        } else {               // RFC 6298, 2.3: RTTVAR first, with the SRTT of before
            auto const estimate = smoothed_ >> 3;
            auto const error    = r > estimate ? r - estimate : estimate - r;
            variation_ += error - (variation_ >> 2);
            smoothed_ += r - estimate;
        }
        // RFC 6298, 2.3 and 2.4: K = 4. A measured round trip ends the back-off (5, closing note).
        auto const rto = (smoothed_ >> 3) + greater(in_units(Limits.granularity), variation_);
        timeout_ = std::clamp(rto, in_units(Limits.minimum), in_units(Limits.maximum));
    }

    constexpr void on_timeout() noexcept {  // RFC 6298, 5.5
        timeout_ = lesser(units_now() << 1, in_units(Limits.maximum));
    }

    constexpr void on_handshake_lost() noexcept {  // RFC 6298, 5.7: for an RTO of less than 3 seconds
        timeout_ = in_units(greater(Limits.initial, Limits.after_lost_handshake));
    }

    constexpr duration timeout() const noexcept { return duration{static_cast<std::int64_t>(units_now()) << unit}; }

    constexpr duration smoothed() const noexcept { return duration{static_cast<std::int64_t>(smoothed_ >> 3) << unit}; }
    constexpr duration variation() const noexcept { return duration{static_cast<std::int64_t>(variation_ >> 2) << unit}; }

    template <class F>
    constexpr void visit(instant, F&& f) const {
        f("srtt", smoothed_);
        f("rttvar", variation_);
        f("rto", units_now());
    }

    friend constexpr bool operator==(rfc6298 const&, rfc6298 const&) noexcept = default;

private:
    constexpr std::uint32_t units_now() const noexcept { return timeout_ != 0 ? timeout_ : in_units(Limits.initial); }

    std::uint32_t smoothed_{};   // SRTT * 8; 0 = no sample yet
    std::uint32_t variation_{};  // RTTVAR * 4
    std::uint32_t timeout_{};    // RTO, back-off included; 0 = the initial one
};

static_assert(policy<rfc6298<>>);

}  // namespace tenon::retransmit_timer
