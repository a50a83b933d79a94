// SPDX-License-Identifier: BSL-1.0
// Without departure times in the engine a policy that paces would be ignored in silence.
// expect: would not obey a policy that paces
#include <tenon/policies.hpp>

struct pacer {
    static constexpr bool paces = true;
    static constexpr tenon::instant departure(tenon::instant now) noexcept { return now; }
    static constexpr void on_sent(tenon::instant, tenon::bytes) noexcept {}
    friend constexpr bool operator==(pacer, pacer) noexcept = default;
};

struct policies : tenon::default_policies {
#ifndef MUST_FAIL
    using pacing = tenon::pacing::none;
#else
    using pacing = pacer;
#endif
};
static_assert(tenon::complete_policies<policies>);
