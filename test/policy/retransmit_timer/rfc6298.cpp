// SPDX-License-Identifier: BSL-1.0
// The arithmetic of RFC 6298, as tables that the compiler checks, and a long series against exact arithmetic.
#include <tenon/policy/retransmit_timer/rfc6298.hpp>

#include <array>
#include <cmath>
#include <cstdint>

#include <boost/test/unit_test.hpp>

#include "support/requirement.hpp"

using tenon::duration;
using tenon::from_ms;
using tenon::from_s;
using tenon::retransmit_timer::rfc6298;
using tenon::retransmit_timer::rto_limits;

namespace {

// The timer's own unit, so that sums and halves are exact.
constexpr duration units(std::int64_t n) { return {n << 10}; }
constexpr duration up(duration d) { return {((d.nanoseconds + 1023) >> 10) << 10}; }

enum class to { sample, expire, lose_handshake };
struct step {
    to       what;
    duration value;
    duration timeout;  // after it
};

template <class Timer, std::size_t N>
constexpr std::size_t first_mismatch(std::array<step, N> const& steps) {
    Timer t;
    for (std::size_t i = 0; i < N; ++i) {
        switch (steps[i].what) {
            case to::sample: t.on_sample(steps[i].value); break;
            case to::expire: t.on_timeout(); break;
            case to::lose_handshake: t.on_handshake_lost(); break;
        }
        if (t.timeout() != steps[i].timeout) return i;
    }
    return N;
}

constexpr std::int64_t r = 1 << 20;  // 1.07 seconds

// 2.1: "until a round-trip time measurement has been made, the sender SHOULD set RTO <- 1 second".
static_assert(rfc6298<>{}.timeout() == up(from_s(1)));
static_assert(rfc6298<>{}.smoothed() == duration{} && rfc6298<>{}.variation() == duration{});

// 2.2: SRTT <- R, RTTVAR <- R/2, RTO <- SRTT + max (G, K*RTTVAR), K = 4.
// 2.3: RTTVAR <- 3/4 RTTVAR + 1/4 |SRTT - R'|, then SRTT <- 7/8 SRTT + 1/8 R'.
constexpr auto measured = std::to_array<step>({
    // what         value           timeout after
    { to::sample,   units(r),       units(r + 2 * r)                                   },  // SRTT r, RTTVAR r/2
    { to::sample,   units(r / 2),   units(r * 15 / 16 + 4 * (r / 2))                   },  // RTTVAR 3r/8 + r/8, SRTT 15r/16
    { to::sample,   units(r * 31 / 16), units(r * 17 / 16 + 4 * (r * 3 / 8 + r / 4))   },  // |15/16 - 31/16| = 1
});
static_assert(first_mismatch<rfc6298<>>(measured) == measured.size());

// 2.4: "Whenever RTO is computed, if it is less than 1 second, then the RTO SHOULD be rounded up to 1 second".
constexpr auto rounded_up = std::to_array<step>({
    { to::sample,   from_ms(10),    up(from_s(1)) },
    { to::sample,   from_ms(10),    up(from_s(1)) },
});
static_assert(first_mismatch<rfc6298<>>(rounded_up) == rounded_up.size());
using quick = rfc6298<rto_limits{.minimum = from_ms(200)}>;
constexpr auto rounded_up_to_200 = std::to_array<step>({{to::sample, from_ms(10), up(from_ms(200))}});
static_assert(first_mismatch<quick>(rounded_up_to_200) == rounded_up_to_200.size());

// 2.2 and 2.3: G takes the place of a smaller variance. After many equal samples RTTVAR is next to nothing.
constexpr duration steady(duration each) {
    rfc6298<rto_limits{.minimum = duration{1024}, .granularity = from_ms(5)}> t;
    for (int i = 0; i < 100; ++i) t.on_sample(each);
    return t.timeout();
}
static_assert(steady(units(r)) == units(r) + up(from_ms(5)));

// 5.5: "The host MUST set RTO <- RTO * 2"; 2.5: a maximum of at least 60 seconds. The closing note of 5: a sample ends it.
constexpr auto backed_off = std::to_array<step>({
    { to::expire,   {},             up(from_s(1)) * 2  },
    { to::expire,   {},             up(from_s(1)) * 4  },
    { to::expire,   {},             up(from_s(1)) * 8  },
    { to::expire,   {},             up(from_s(1)) * 16 },
    { to::expire,   {},             up(from_s(1)) * 32 },
    { to::expire,   {},             up(from_s(60))     },
    { to::expire,   {},             up(from_s(60))     },
    { to::sample,   units(r),       units(3 * r)       },
    { to::expire,   {},             units(6 * r)       },
});
static_assert(first_mismatch<rfc6298<>>(backed_off) == backed_off.size());

// 5.7: "RTO MUST be re-initialized to 3 seconds when data transmission begins"; the first sample takes its place.
constexpr auto after_a_lost_syn = std::to_array<step>({
    { to::expire,         {},             up(from_s(1)) * 2 },
    { to::lose_handshake, {},             up(from_s(3))     },
    { to::expire,         {},             up(from_s(3)) * 2 },
    { to::sample,         from_ms(100),   up(from_s(1))     },
});
static_assert(first_mismatch<rfc6298<>>(after_a_lost_syn) == after_a_lost_syn.size());
// ... "and the TCP implementation is using an RTO less than 3 seconds".
constexpr auto slow_from_the_start = std::to_array<step>({{to::lose_handshake, {}, up(from_s(10))}});
static_assert(first_mismatch<rfc6298<rto_limits{.initial = from_s(10)}>>(slow_from_the_start) == slow_from_the_start.size());

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_retransmit_timer_rfc6298)

// Truncation loses less than a unit of SRTT (7/8 per sample, of which 7/8 stay), and less than two of RTTVAR; so less than
// nine of the sum with K = 4.
BOOST_AUTO_TEST_CASE(long_series_follow_exact_arithmetic, *tenon::test::requirement("MUST-18, 6298-4 to 6298-8")) {
    rfc6298<rto_limits{.minimum = duration{1024}, .maximum = from_s(500), .granularity = duration{1024}}> t;
    double srtt = 0, rttvar = 0;
    std::uint32_t x = 2463534242u;  // xorshift32 of one seed: replay by running the case again
    for (int i = 0; i < 100'000; ++i) {
        x ^= x << 13, x ^= x >> 17, x ^= x << 5;
        auto const scale = i / 1000 % 17;
        std::int64_t const sample = 1 + (x >> (8 + scale % 12));
        t.on_sample(units(sample));
        auto const s = static_cast<double>(sample);
        if (i == 0) {
            srtt = s, rttvar = s / 2;
        } else {
            rttvar = 0.75 * rttvar + 0.25 * std::abs(srtt - s);
            srtt   = 0.875 * srtt + 0.125 * s;
        }
        auto const in_units = [](duration d) { return static_cast<double>(d.nanoseconds) / 1024; };
        BOOST_REQUIRE_MESSAGE(std::abs(in_units(t.smoothed()) - srtt) <= 1.0, "SRTT, sample " << i);
        BOOST_REQUIRE_MESSAGE(std::abs(in_units(t.variation()) - rttvar) <= 2.0, "RTTVAR, sample " << i);
        BOOST_REQUIRE_MESSAGE(std::abs(in_units(t.timeout()) - (srtt + std::max(1.0, 4 * rttvar))) <= 9.0, "RTO, sample " << i);
    }
}

BOOST_AUTO_TEST_CASE(samples_of_any_length_keep_the_timeout_in_its_limits, *tenon::test::requirement("6298-9")) {
    for (std::int64_t ns : {std::int64_t{-5}, std::int64_t{0}, std::int64_t{1}, std::int64_t{1} << 40, std::int64_t{1} << 62}) {
        rfc6298<> t;
        for (int i = 0; i < 50; ++i) {
            t.on_sample({i % 2 == 0 ? ns : 1});
            BOOST_TEST((t.timeout() >= from_s(1) && t.timeout() <= up(from_s(60))));
            BOOST_TEST((t.smoothed() > duration{}));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
