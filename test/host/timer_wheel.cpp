// SPDX-License-Identifier: BSL-1.0
// The timer wheel against a plain list: never early, never late, exact about the next, across the wrap of 2^32.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>
#include <vector>

#include <tenon/host/timer_wheel.hpp>
#include <tenon/policy/random/splitmix64.hpp>

namespace tenon {
namespace {

constexpr unsigned plenty = 1'000'000;

BOOST_AUTO_TEST_SUITE(timer_wheel_of_host)

BOOST_AUTO_TEST_CASE(empty_it_has_nothing_to_do) {
    timer_wheel<4> w;
    unsigned moves = plenty;
    BOOST_TEST(!w.next().has_value());
    BOOST_TEST(!w.pop(12345, moves).has_value());
}

BOOST_AUTO_TEST_CASE(a_timer_fires_at_its_tick_and_once) {
    for (std::uint32_t start : {0u, 31u, 1000u, 0xffff'fff0u, 0x7fff'fff0u})
        for (std::uint32_t wait : {0u, 1u, 31u, 32u, 33u, 1023u, 1024u, 40'000u, 3'000'000u, 1u << 30}) {
            timer_wheel<4> w;
            unsigned moves = plenty;
            w.arm(2, start + wait, start);
            BOOST_TEST(w.next().value() == start + wait);
            if (wait != 0) BOOST_TEST(!w.pop(start + wait - 1, moves).has_value());
            BOOST_TEST(w.next().value() == start + wait);
            BOOST_TEST(w.pop(start + wait, moves).value() == 2u);
            BOOST_TEST(!w.pop(start + wait, moves).has_value());
            BOOST_TEST(!w.armed(2));
        }
}

BOOST_AUTO_TEST_CASE(a_tick_that_has_passed_is_due_at_once) {
    timer_wheel<4> w;
    unsigned moves = plenty;
    w.arm(0, 500, 1000);
    BOOST_TEST(w.pop(1000, moves).value() == 0u);
}

BOOST_AUTO_TEST_CASE(next_looks_at_sixteen_timers_and_is_early_by_less_than_a_slot_beyond) {
    static_assert(timer_wheel<1>::looks == 16);
    for (unsigned extra : {0u, 1u, 50u}) {
        timer_wheel<100> w;
        // All in one slot of the third level, which spans 1024 ticks and begins at 2048; the earliest is armed first.
        for (std::uint32_t i = 0; i < w.looks + extra; ++i) w.arm(i, 2500 + i, 0);
        BOOST_TEST(w.next().value() == (extra == 0 ? 2500u : 2048u));
        unsigned moves = 16, calls = 0;
        std::optional<std::uint32_t> fired;
        for (std::uint32_t now = 0; !fired; now = std::max(now, w.next().value()), moves = 16) {
            fired = w.pop(now, moves);
            if (fired) BOOST_TEST(now == 2500u);
            BOOST_REQUIRE(++calls < 20);  // an early call makes progress
        }
        BOOST_TEST(*fired == 0u);
    }
}

BOOST_AUTO_TEST_CASE(moving_down_is_bounded_per_call_and_goes_on) {
    timer_wheel<100> w;
    for (std::uint32_t i = 0; i < 100; ++i) w.arm(i, 10'000, 0);
    unsigned calls = 0, fired = 0;
    while (fired < 100) {
        unsigned moves = 7;
        BOOST_REQUIRE(w.next().value() <= 10'000u);
        while (w.pop(10'000, moves)) ++fired;
        BOOST_REQUIRE(++calls < 1000);
    }
    BOOST_TEST(calls > 14u);  // at least one move each
    BOOST_TEST(w.count() == 0u);
}

BOOST_AUTO_TEST_CASE(agrees_with_a_list_of_deadlines) {
    constexpr std::uint64_t seed = 4711;  // replay: the same number
    BOOST_TEST_MESSAGE("seed " << seed);
    random::splitmix64 r;
    r.seed(seed);
    constexpr std::uint32_t n = 40;
    timer_wheel<n> w;
    std::vector<std::optional<std::uint32_t>> model(n);
    std::uint32_t now = 0xfff0'0000;  // wraps on the way
    for (int step = 0; step < 100'000; ++step) {
        auto const i = random::below(r, n);
        switch (random::below(r, 4)) {
            case 0:
            case 1: {
                auto const at = now + (r.next() >> (12 + random::below(r, 20)));
                w.arm(i, at, now);
                model[i] = at;
                break;
            }
            case 2:
                w.disarm(i);
                model[i].reset();
                break;
            default: now += r.next() >> (14 + random::below(r, 18));
        }
        unsigned moves = plenty;
        std::vector<std::uint32_t> fired, due;
        while (auto const f = w.pop(now, moves)) fired.push_back(*f);
        std::optional<std::uint32_t> next;
        for (std::uint32_t k = 0; k < n; ++k) {
            if (!model[k]) continue;
            if (static_cast<std::int32_t>(*model[k] - now) <= 0) {
                due.push_back(k);
                model[k].reset();
            } else if (!next || *model[k] - now < *next - now) {
                next = *model[k];
            }
        }
        std::sort(fired.begin(), fired.end());
        BOOST_REQUIRE(fired == due);
        BOOST_REQUIRE(w.next() == next);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tenon
