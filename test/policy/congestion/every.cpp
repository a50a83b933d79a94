// SPDX-License-Identifier: BSL-1.0
// What the engine relies on, whichever congestion policy it is: RFC 5681's bounds under random events, the engine's own
// episode deciding what is one loss event.
#include <tenon/engine/episode.hpp>
#include <tenon/policy/congestion/fixed_window.hpp>
#include <tenon/policy/congestion/new_reno.hpp>
#include <tenon/policy/random/splitmix32.hpp>
#include <tenon/policy/slow_start/standard.hpp>

#include <tuple>

#include <boost/test/unit_test.hpp>

using tenon::bytes;
using tenon::sequence;
using tenon::congestion::cause;
using tenon::congestion::context;
using tenon::congestion::phase;

namespace {

namespace cc = tenon::congestion;
using every_congestion_policy = std::tuple<cc::new_reno<>, cc::new_reno<cc::initial_window::rfc5681>, cc::fixed_window<1>, cc::fixed_window<>>;
using reducing_policy         = std::tuple<cc::new_reno<>, cc::new_reno<cc::initial_window::rfc5681>>;

template <class C>
void acknowledge(C& c, bytes mss, bytes n, phase p, bool window_limited = true) {
    cc::ack_event<C::needs> e{};
    e.mss = mss;
    e.acknowledged = e.delivered = n;
    e.phase = p;
    e.window_limited = window_limited;
    if constexpr (cc::has(C::needs, cc::need::slow_start))
        if (c.window() < c.slow_start_threshold())
            e.slow_start_growth = tenon::slow_start::standard<>::growth({.mss = mss, .window = c.window(), .acknowledged = n});
    c.on_ack(e);
}

// Counts reductions that an engine's episode lets through.
template <class C>
struct counted : C {
    unsigned reductions{};
    constexpr void on_congestion(context const& x, cause why) noexcept { ++reductions, C::on_congestion(x, why); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_congestion)

BOOST_AUTO_TEST_CASE_TEMPLATE(window_never_falls_below_one_segment, policy, every_congestion_policy) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        tenon::random::splitmix32 random;
        random.seed(seed);
        bytes const mss = 48 + tenon::random::below(random, 9000);
        policy c;
        c.on_start({.mss = mss, .handshake_lost = seed % 2 == 0});
        for (int i = 0; i < 2000; ++i) {
            bytes const outstanding = tenon::random::below(random, 1u << (i % 31));
            context const x{.mss = mss, .outstanding = outstanding, .pipe = outstanding};
            switch (tenon::random::below(random, 8)) {
                case 0: c.on_congestion(x, cause::loss); break;
                case 1: c.on_congestion(x, cause::ecn); break;
                case 2: c.on_congestion(x, cause::timeout); break;
                case 3: c.on_congestion(x, cause::repeated_timeout); break;
                case 4: c.on_recovery_exit(x); break;
                case 5: c.on_sent(x, mss); break;
                default: acknowledge(c, mss, outstanding, phase(tenon::random::below(random, 3)));
            }
            if constexpr (cc::restarts_after_idle<policy>)
                if (i % 50 == 0) c.on_idle_restart(x);
            BOOST_REQUIRE_MESSAGE(c.window() >= mss, "seed " << seed << ", event " << i << ": replay with `for seed = " << seed << "`");
            BOOST_REQUIRE_MESSAGE(c.window() <= (bytes{1} << 30) + 65'535, "seed " << seed << ", event " << i);
        }
    }
}

// Attack G04: thirty timeouts in a row.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_row_of_timeouts_leaves_one_segment_at_least, policy, every_congestion_policy) {
    policy c;
    c.on_start({.mss = 1460});
    for (int i = 0; i < 30; ++i) {
        c.on_congestion({.mss = 1460, .outstanding = 1460}, i == 0 ? cause::timeout : cause::repeated_timeout);
        BOOST_TEST(c.window() >= 1460u);
        BOOST_TEST(c.slow_start_threshold() >= 1460u);
    }
}

// Attack G06: however often loss is reported within one window of data, it is reduced once.
BOOST_AUTO_TEST_CASE_TEMPLATE(at_most_one_reduction_in_an_episode, policy, every_congestion_policy) {
    counted<policy> c;
    tenon::engine::episode episode;
    sequence const iss{0xffff'fff0};
    episode.start(iss);
    c.on_start({.mss = 1000});
    sequence una = iss + 1;
    for (unsigned window = 1; window <= 20; ++window) {
        sequence const nxt = una + 10'000;
        context const x{.mss = 1000, .outstanding = 10'000, .pipe = 10'000};
        for (int report = 0; report < 5; ++report) {
            if (episode.may_begin(una)) episode.begin(c, x, nxt);
            una += 1000;
            episode.on_ack(c, x, una);
        }
        BOOST_TEST(c.reductions == window);
        una = nxt;
        episode.on_ack(c, x, una);
        BOOST_TEST((episode.now() == phase::open));
        una += 1;  // something sent after the episode is acknowledged: the next one may begin
    }
}

// RFC 5681, 3.1: a reduction goes at least as far as half of what was outstanding, and two segments at least remain.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_loss_halves, policy, reducing_policy) {
    for (bytes outstanding : {0u, 1u, 1999u, 4000u, 20'000u, 1u << 30}) {
        policy c;
        c.on_start({.mss = 1000});
        c.on_congestion({.mss = 1000, .outstanding = outstanding}, cause::loss);
        BOOST_TEST(c.slow_start_threshold() <= std::max(outstanding / 2, 2000u));
        BOOST_TEST(c.window() <= c.slow_start_threshold());
    }
}

// RFC 5681, 4.1 and 3.1: cwnd grows only where it is what limits; and by octets, not by ACKs (attack G01).
BOOST_AUTO_TEST_CASE_TEMPLATE(an_unused_window_does_not_grow, policy, every_congestion_policy) {
    policy c;
    c.on_start({.mss = 1000});
    bytes const before = c.window();
    for (int i = 0; i < 100; ++i) acknowledge(c, 1000, 1000, phase::open, false);
    BOOST_TEST(c.window() == before);
}
BOOST_AUTO_TEST_CASE_TEMPLATE(divided_acks_gain_nothing, policy, every_congestion_policy) {
    policy whole, divided;
    whole.on_start({.mss = 1000});
    divided.on_start({.mss = 1000});
    for (int segment = 0; segment < 200; ++segment) {
        acknowledge(whole, 1000, 1000, phase::open);
        for (int i = 0; i < 100; ++i) acknowledge(divided, 1000, 10, phase::open);
        if (segment == 20) {
            whole.on_congestion({.mss = 1000, .outstanding = 20'000}, cause::loss);
            divided.on_congestion({.mss = 1000, .outstanding = 20'000}, cause::loss);
        }
        BOOST_TEST(divided.window() <= whole.window());
    }
}

BOOST_AUTO_TEST_SUITE_END()
