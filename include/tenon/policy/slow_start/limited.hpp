// SPDX-License-Identifier: BSL-1.0
// Limited slow start (RFC 3742): beyond max_ssthresh the window grows by at most max_ssthresh / 2 per round trip, so that
// a large window is not overshot by its own size.
#pragma once
#include <algorithm>

#include <tenon/policy/slow_start/concept.hpp>

namespace tenon::slow_start {

template <unsigned ThresholdSegments = 100>
struct limited {
    static_assert(ThresholdSegments >= 2, "half of max_ssthresh must be a segment");

    static constexpr bytes growth(facts const& f) noexcept {
        bytes const full = std::min(f.acknowledged, f.mss);
        bytes const limit = ThresholdSegments * f.mss;
        if (f.window <= limit) return full;
        bytes const k = f.window / (limit / 2);  // K = int(cwnd / (0.5 max_ssthresh)); at least 2 here
        return std::max<bytes>(full / k, 1);
    }
    friend constexpr bool operator==(limited, limited) noexcept = default;
};

static_assert(policy<limited<>>);

}  // namespace tenon::slow_start
