// SPDX-License-Identifier: BSL-1.0
// A congestion policy cannot ask for what nobody measures.
// expect: supplies_what_congestion_needs
#include <tenon/policies.hpp>
#include <tenon/policy/congestion/fixed_window.hpp>

struct chosen : tenon::congestion::fixed_window<> {
#ifndef MUST_FAIL
    static constexpr auto needs = tenon::congestion::need::rtt | tenon::congestion::need::slow_start;
#else
    static constexpr auto needs = tenon::congestion::need::rate_sample;
#endif
    void on_ack(tenon::congestion::ack_event<needs> const&) noexcept {}
};
struct policies : tenon::default_policies {
    using congestion = chosen;
};
static_assert(tenon::complete_policies<policies>);
