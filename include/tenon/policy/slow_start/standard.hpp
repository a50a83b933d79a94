// SPDX-License-Identifier: BSL-1.0
// Standard slow start: cwnd += min(N, L * SMSS) per ACK of N octets (RFC 5681, 3.1, equation 2, where L is 1;
// RFC 3465, 2.2 allows 2). Counting octets makes ACK division worthless.
#pragma once
#include <algorithm>

#include <tenon/core/units.hpp>
#include <tenon/policy/slow_start/concept.hpp>

namespace tenon::slow_start {

template <unsigned SegmentsPerAck = 1>
struct standard {
    static_assert(SegmentsPerAck >= 1, "slow start that never grows");

    static constexpr bytes growth(facts const& f) noexcept { return lesser(f.acknowledged, SegmentsPerAck * f.mss); }
    friend constexpr bool operator==(standard, standard) noexcept = default;
};

static_assert(policy<standard<>>);

}  // namespace tenon::slow_start
