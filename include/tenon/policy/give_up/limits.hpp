// SPDX-License-Identifier: BSL-1.0
// The two thresholds of RFC 9293, 3.8.3: R1 counted in retransmissions, R2 in time.
#pragma once
#include <tenon/policy/give_up/concept.hpp>

namespace tenon::give_up {

struct thresholds {
    unsigned r1{3};               // SHLD-10: at least 3 retransmissions
    duration r2{from_s(100)};     // SHLD-11: at least 100 seconds; zero: never
    duration syn{from_s(180)};    // MUST-23: at least 3 minutes
    duration user_timeout{};      // in place of r2 where the user of a connection sets none of its own; zero: none
};

template <thresholds T = thresholds{}>
struct limits {
    static_assert(T.r1 >= 1, "R1 is reached by a retransmission");
    static_assert(T.r2 >= duration{} && T.user_timeout >= duration{}, "a limit is not negative");
    static_assert(T.syn >= from_s(180), "RFC 9293, MUST-23: a SYN is retransmitted for at least three minutes");

    static constexpr bool gives_up = true;

    static constexpr verdict after_timeout(facts const& f) noexcept {
        duration const limit = limit_for(f);
        if (limit != duration{} && f.elapsed >= limit) return verdict::abandon;
        return f.retransmissions >= T.r1 ? verdict::advise : verdict::carry_on;
    }

    friend constexpr bool operator==(limits, limits) noexcept = default;

private:
    // The user may end an attempt to open sooner than R2 would, but no default does (MUST-23).
    static constexpr duration limit_for(facts const& f) noexcept {
        constexpr auto syn = T.syn.nanoseconds;  // numbers, so that the parameter itself is not kept in memory
        constexpr auto data = (T.user_timeout != duration{} ? T.user_timeout : T.r2).nanoseconds;
        if (f.user_timeout != duration{}) return f.user_timeout;
        return {f.handshake ? syn : data};
    }
};

static_assert(policy<limits<>>);

}  // namespace tenon::give_up
