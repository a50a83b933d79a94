// SPDX-License-Identifier: BSL-1.0
// Reno in the words of RFC 5681 and RFC 6582, as tables that the compiler checks.
#include <tenon/policy/congestion/new_reno.hpp>

#include <array>

#include <boost/test/unit_test.hpp>

#include "support/requirement.hpp"

using tenon::bytes;
using tenon::congestion::cause;
using tenon::congestion::context;
using tenon::congestion::initial_window;
using tenon::congestion::new_reno;
using tenon::congestion::phase;

namespace {

using reno = new_reno<>;
using event = tenon::congestion::ack_event<reno::needs>;

constexpr bytes mss = 1000;
constexpr bytes unlimited = bytes{1} << 30;

constexpr event ack(bytes acknowledged, bytes growth, bool window_limited = true, phase p = phase::open) {
    event e{};
    e.mss = mss;
    e.acknowledged = e.delivered = acknowledged;
    e.window_limited = window_limited;
    e.phase = p;
    e.slow_start_growth = growth;
    return e;
}

template <class C>
constexpr bytes started(bytes with_mss, bool handshake_lost = false) {
    C c;
    c.on_start({.mss = with_mss, .handshake_lost = handshake_lost});
    return c.window();
}

// RFC 6928, 2: min (10*MSS, max (2*MSS, 14600)).
static_assert(started<reno>(536) == 5360 && started<reno>(1000) == 10'000 && started<reno>(1460) == 14'600);
static_assert(started<reno>(1500) == 14'600 && started<reno>(7300) == 14'600 && started<reno>(8960) == 17'920);
// RFC 5681, 3.1: the three cases, at their borders.
using reno_5681 = new_reno<initial_window::rfc5681>;
static_assert(started<reno_5681>(536) == 4 * 536 && started<reno_5681>(1095) == 4 * 1095);
static_assert(started<reno_5681>(1096) == 3 * 1096 && started<reno_5681>(2190) == 3 * 2190);
static_assert(started<reno_5681>(2191) == 2 * 2191 && started<reno_5681>(8960) == 2 * 8960);
// RFC 5681, 3.1: "the initial window used by a sender after a correctly transmitted SYN MUST be one segment" if the SYN was lost.
static_assert(started<reno>(1460, true) == 1460 && started<reno_5681>(1460, true) == 1460);

enum class to { ack, unused_ack, repair, lose, expire, expire_again, leave };
struct step {
    to    what;
    bytes octets;     // acknowledged; or outstanding
    bytes window;     // after it
    bytes threshold;
};

template <std::size_t N>
constexpr std::size_t first_mismatch(std::array<step, N> const& steps) {
    reno c;
    c.on_start({.mss = mss});
    for (std::size_t i = 0; i < N; ++i) {
        bytes const n = steps[i].octets;
        context const x{.mss = mss, .outstanding = n, .pipe = n};
        switch (steps[i].what) {
            case to::ack: c.on_ack(ack(n, std::min(n, mss))); break;
            case to::unused_ack: c.on_ack(ack(n, std::min(n, mss), false)); break;
            case to::repair: c.on_ack(ack(n, std::min(n, mss), true, phase::recovery)); break;
            case to::lose: c.on_congestion(x, cause::loss); break;
            case to::expire: c.on_congestion(x, cause::timeout); break;
            case to::expire_again: c.on_congestion(x, cause::repeated_timeout); break;
            case to::leave: c.on_recovery_exit(x); break;
        }
        if (c.window() != steps[i].window || c.slow_start_threshold() != steps[i].threshold) return i;
    }
    return N;
}

constexpr auto slow_start_then_loss = std::to_array<step>({
    // what              octets   window    threshold
    { to::ack,             1000,   11'000,  unlimited },  // slow start: what the slow-start axis allows
    { to::ack,             2000,   12'000,  unlimited },
    { to::unused_ack,      1000,   12'000,  unlimited },  // an unused window proves nothing
    { to::ack,                0,   12'000,  unlimited },  // a duplicate ACK lets nothing grow
    { to::lose,          12'000,    6'000,      6'000 },  // ssthresh = max (FlightSize / 2, 2*SMSS)
    { to::repair,          1000,    6'000,      6'000 },
    { to::leave,           4000,    5'000,      6'000 },  // RFC 6582: min (ssthresh, max (FlightSize, SMSS) + SMSS)
    { to::ack,             1000,    6'000,      6'000 },
    // Congestion avoidance: one SMSS for each window of octets.
    { to::ack,             5999,    6'000,      6'000 },
    { to::ack,                1,    7'000,      6'000 },
    { to::ack,             7500,    8'000,      6'000 },  // 500 octets are left over ...
    { to::ack,             7499,    8'000,      6'000 },
    { to::ack,                1,    9'000,      6'000 },  // ... and counted
});
static_assert(first_mismatch(slow_start_then_loss) == slow_start_then_loss.size());

constexpr auto leaving = std::to_array<step>({
    { to::lose,          20'000,   10'000,     10'000 },
    { to::leave,              0,    2'000,     10'000 },  // an empty network: no burst into it
    { to::lose,            3000,    2'000,      2'000 },  // never below two segments
    { to::leave,         50'000,    2'000,      2'000 },  // never above ssthresh
});
static_assert(first_mismatch(leaving) == leaving.size());

constexpr auto timeouts = std::to_array<step>({
    { to::expire,        10'000,    1'000,      5'000 },  // LW = 1 full-sized segment
    { to::expire_again,    1000,    1'000,      5'000 },  // "the value of ssthresh is held constant"
    { to::expire_again,  30'000,    1'000,      5'000 },
    { to::ack,             1000,    2'000,      5'000 },
    { to::ack,             1000,    3'000,      5'000 },
    { to::ack,             1000,    4'000,      5'000 },
    { to::ack,             1000,    5'000,      5'000 },
    { to::ack,             1000,    5'000,      5'000 },  // avoidance from here
    { to::expire,          5000,    1'000,      2'500 },
    { to::expire,           100,    1'000,      2'000 },
});
static_assert(first_mismatch(timeouts) == timeouts.size());

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_congestion_new_reno)

// RFC 5681, 4.1: "a TCP SHOULD set cwnd to no more than RW", RW = min (IW, cwnd).
BOOST_AUTO_TEST_CASE(silence_takes_the_window_back_to_the_initial_one, *tenon::test::requirement("5681-26")) {
    reno c;
    c.on_start({.mss = mss});
    for (int i = 0; i < 30; ++i) c.on_ack(ack(1000, 1000));
    BOOST_TEST(c.window() == 40'000u);
    c.on_idle_restart({.mss = mss});
    BOOST_TEST(c.window() == 10'000u);
    c.on_congestion({.mss = mss, .outstanding = 8000}, cause::loss);
    c.on_idle_restart({.mss = mss});
    BOOST_TEST(c.window() == 4000u);
}

// Attack G04.
BOOST_AUTO_TEST_CASE(no_growth_passes_two_to_the_thirtieth) {
    reno c;
    c.on_start({.mss = 65'535});
    for (bytes grown = c.window(); grown < unlimited; grown = c.window()) {
        auto e = ack(65'535, std::min<bytes>(grown, 1u << 26));
        e.mss = 65'535;
        c.on_ack(e);
        BOOST_REQUIRE(c.window() > grown);
    }
    bytes const largest = c.window();
    BOOST_TEST(largest < unlimited + (1u << 26));
    for (int i = 0; i < 100; ++i) {
        auto e = ack(unlimited, 65'535);
        e.mss = 65'535;
        c.on_ack(e);
        BOOST_TEST((c.window() >= unlimited && c.window() <= largest));
    }
}

BOOST_AUTO_TEST_CASE(a_larger_mss_lifts_the_window_to_one_segment_and_a_smaller_one_takes_it_along) {
    reno c;
    c.on_start({.mss = mss});
    c.on_congestion({.mss = mss, .outstanding = 4000}, cause::timeout);
    c.on_mss_change({.mss = 536}, mss);
    BOOST_TEST(c.window() == 536u);  // RFC 5681, 3.1
    c.on_mss_change({.mss = 1460}, 536);
    BOOST_TEST(c.window() == 1460u);
}

BOOST_AUTO_TEST_SUITE_END()
