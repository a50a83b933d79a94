// SPDX-License-Identifier: BSL-1.0
// A constant timeout, doubled at each expiry up to a maximum: for links whose round trip is known. It measures nothing
// but keeps the last sample, so that a table can show one.
#pragma once
#include <algorithm>
#include <cstdint>

#include <tenon/policy/retransmit_timer/concept.hpp>

namespace tenon::retransmit_timer {

struct fixed_parameters {
    duration timeout{from_s(1)};
    duration maximum{from_s(60)};
};

template <fixed_parameters Parameters = fixed_parameters{}>
class fixed {
    static_assert(Parameters.timeout.nanoseconds > 0, "a timeout of zero retransmits for ever");
    static_assert(Parameters.timeout <= Parameters.maximum, "timeout <= maximum");
    static_assert(Parameters.maximum <= from_s(500), "a longer timeout does not fit 32 bits");

public:
    constexpr void on_sample(duration d) noexcept {
        last_    = static_cast<std::uint32_t>(std::min(d, from_s(500)).nanoseconds >> 10);
        backoff_ = 0;
    }
    constexpr void on_timeout() noexcept { if (timeout() < Parameters.maximum) ++backoff_; }
    constexpr void on_handshake_lost() noexcept { backoff_ = 0; }

    constexpr duration timeout() const noexcept {
        duration t = Parameters.timeout;
        for (auto n = backoff_; n != 0 && t < Parameters.maximum; --n) t = t << 1;
        return std::min(t, Parameters.maximum);
    }
    constexpr duration smoothed() const noexcept { return duration{static_cast<std::int64_t>(last_) << 10}; }

    template <class F>
    constexpr void visit(instant, F&& f) const { f("last rtt", last_), f("back-off", backoff_); }

    friend constexpr bool operator==(fixed const&, fixed const&) noexcept = default;

private:
    std::uint32_t last_{};  // in 1.024 us
    std::uint8_t  backoff_{};
};

static_assert(policy<fixed<>>);

}  // namespace tenon::retransmit_timer
