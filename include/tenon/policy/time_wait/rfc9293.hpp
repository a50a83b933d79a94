// SPDX-License-Identifier: BSL-1.0
// TIME-WAIT of 2 MSL (RFC 9293, 3.6.1, MUST-13; 3.4.2: the MSL is taken to be two minutes). FIN-WAIT-2 of a connection that the
// user has closed ends after a minute: no RFC says so, but a peer that never sends its FIN would hold the memory for ever, and
// nobody is left who could abort. A minute is what common stacks wait.
#pragma once
#include <tenon/policy/time_wait/concept.hpp>

namespace tenon::time_wait {

struct parameters {
    duration msl{from_s(120)};
    duration fin_wait_2{from_s(60)};  // once the user has closed both directions; zero: for ever, as the RFC has it
};

template <parameters P = parameters{}>
struct rfc9293 {
    static_assert(P.msl > duration{}, "tenon::time_wait::none is the policy without TIME-WAIT");
    static_assert(P.fin_wait_2 >= duration{}, "a wait is not negative");

    static constexpr bool waits             = true;
    static constexpr bool limits_fin_wait_2 = P.fin_wait_2 != duration{};

    static constexpr duration linger() noexcept { return P.msl * 2; }
    static constexpr duration fin_wait_2() noexcept { return P.fin_wait_2; }

    friend constexpr bool operator==(rfc9293, rfc9293) noexcept = default;
};

static_assert(policy<rfc9293<>>);

}  // namespace tenon::time_wait
