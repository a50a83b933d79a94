// SPDX-License-Identifier: BSL-1.0
// Keep-alives as RFC 9293, 3.8.4 allows them: off until turned on, after a long idle time, and no single probe decides.
#pragma once
#include <cstdint>

#include <tenon/policy/keep_alive/concept.hpp>

namespace tenon::keep_alive {

struct parameters {
    duration     idle{from_s(7200)};    // MUST-27, MUST-28: configurable, by default no less than two hours
    duration     interval{from_s(75)};  // from an unanswered probe to the next
    std::uint8_t probes{10};            // unanswered ones before the connection is abandoned
};

template <parameters P = parameters{}>
class rfc9293 {
    static_assert(P.idle > duration{} && P.interval > duration{}, "a wait of nothing would probe without end");
    static_assert(P.probes >= 2 && P.probes < 128, "RFC 9293, MUST-29: no specific probe may decide that a connection is dead");

public:
    static constexpr bool probes = true;

    constexpr void enable(bool on) noexcept { *this = {}; enabled_ = on; }
    constexpr bool enabled() const noexcept { return enabled_; }
    constexpr duration wait() const noexcept { return {unanswered_ == 0 ? P.idle.nanoseconds : P.interval.nanoseconds}; }
    constexpr void on_arrival() noexcept { unanswered_ = 0; }

    constexpr verdict on_timeout() noexcept {
        if (unanswered_ >= P.probes) return verdict::abandon;
        ++unanswered_;
        return verdict::probe;
    }

    template <class F>
    constexpr void visit(instant, F&& f) const { f("keep-alive", enabled_), f("unanswered", unanswered_); }

    friend constexpr bool operator==(rfc9293, rfc9293) noexcept = default;

private:
    std::uint8_t unanswered_{};
    bool         enabled_{};
};

static_assert(policy<rfc9293<>>);

}  // namespace tenon::keep_alive
