// SPDX-License-Identifier: BSL-1.0
#include <tenon/policy/clock/manual.hpp>
#include <tenon/policy/clock/tick32.hpp>

#include <cstdlib>
#include <random>
#include <string>

#include <boost/test/unit_test.hpp>

using namespace tenon::literals;
using tenon::duration;
using tenon::instant;
using milliseconds = tenon::clock::tick32<>;

static_assert(sizeof(milliseconds) == 8);
static_assert(milliseconds::deadline_shift == 20 && milliseconds::stamp_shift == 20);
static_assert(tenon::clock::manual<>::deadline_shift == 16 && tenon::clock::manual<>::stamp_shift == 10);

namespace {

std::uint64_t seed() {
    auto const* const given = std::getenv("TENON_SEED");
    return given != nullptr ? std::strtoull(given, nullptr, 0) : std::random_device{}();
}

// With division, as the meaning of `narrow` says it.
std::uint64_t ticks_to_cover(duration wait, duration unit) {
    return static_cast<std::uint64_t>((wait.nanoseconds + unit.nanoseconds - 1) / unit.nanoseconds);
}

template <duration Unit>
void check_random_waits(std::uint64_t s) {
    using clock = tenon::clock::tick32<Unit>;
    std::mt19937_64 random{s};
    auto const longest = Unit.nanoseconds * std::int64_t{0x7fff'ffff};
    for (int i = 0; i < 20'000; ++i) {
        duration const wait{static_cast<std::int64_t>(random() >> (1 + random() % 62)) % longest + 1};
        auto const at = static_cast<std::uint32_t>(random());
        instant const now{static_cast<std::int64_t>(random() >> 4)};
        auto const wake = clock::narrow(now + wait, now, at);
        BOOST_REQUIRE_MESSAGE(wake - at == ticks_to_cover(wait, Unit),
                              wait.nanoseconds << " ns in ticks of " << Unit.nanoseconds << " ns gave " << wake - at
                                               << "; replay with TENON_SEED=" << s);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_clock)

BOOST_AUTO_TEST_CASE(manual_is_the_identity) {
    using clock = tenon::clock::manual<>;
    BOOST_TEST((clock::widen(instant{5}) == instant{5}));
    BOOST_TEST((clock::narrow(instant{7}, instant{5}, instant{5}) == instant{7}));
}

BOOST_AUTO_TEST_CASE(readings_are_counted_across_the_wrap) {
    milliseconds c;
    auto const before = c.widen(0xffff'fff0u);
    BOOST_TEST((c.widen(0xffff'ffffu) - before == 15_ms));
    BOOST_TEST((c.widen(0) - before == 16_ms));
    BOOST_TEST((c.widen(4) - before == 20_ms));
}

BOOST_AUTO_TEST_CASE(many_wraps) {
    milliseconds c;
    auto const start = c.widen(7);
    std::uint32_t reading = 7;
    for (int i = 0; i < 40; ++i) c.widen(reading += 0x7000'0000u);
    BOOST_TEST(((c.widen(reading) - start).nanoseconds == 40 * std::int64_t{0x7000'0000} * 1'000'000));
}

BOOST_AUTO_TEST_CASE(the_first_reading_may_be_any) {
    for (std::uint32_t const first : {0u, 1u, 0x7fff'ffffu, 0x8000'0000u, 0xffff'ffffu}) {
        milliseconds c;
        auto const start = c.widen(first);
        BOOST_TEST((c.widen(first + 5) - start == 5_ms), first);
    }
}

BOOST_AUTO_TEST_CASE(time_never_goes_back) {
    milliseconds c;
    auto const now = c.widen(1000);
    BOOST_TEST((c.widen(999) == now));
    BOOST_TEST((c.widen(1000) == now));
    BOOST_TEST((c.widen(1001) - now == 1_ms));
}

BOOST_AUTO_TEST_CASE(a_deadline_is_rounded_up) {
    BOOST_TEST(milliseconds::narrow(instant{} + 5_ms, instant{}, 100) == 105u);
    BOOST_TEST(milliseconds::narrow(instant{} + 5_ms + 1_ns, instant{}, 100) == 106u);
    BOOST_TEST(milliseconds::narrow(instant{} + 1_ns, instant{}, 100) == 101u);
    BOOST_TEST(milliseconds::narrow(instant{} + 5_ms, instant{}, 0xffff'fffeu) == 3u);  // the wrap
}

BOOST_AUTO_TEST_CASE(a_deadline_that_has_passed_is_now) {
    BOOST_TEST(milliseconds::narrow(instant{5}, instant{5}, 100) == 100u);
    BOOST_TEST(milliseconds::narrow(instant{4}, instant{5}, 100) == 100u);
}

BOOST_AUTO_TEST_CASE(a_deadline_out_of_reach_is_half_a_wrap_away) {
    BOOST_TEST(milliseconds::narrow(instant{} + 1000_h, instant{}, 100) == 100u + 0x7fff'ffffu);
}

BOOST_AUTO_TEST_CASE(random_waits_are_covered_exactly_in_any_unit) {
    auto const s = seed();
    BOOST_TEST_MESSAGE("TENON_SEED=" << s);
    check_random_waits<1_ns>(s);
    check_random_waits<31_ns>(s);
    check_random_waits<33_ns>(s);
    check_random_waits<1_us>(s);
    check_random_waits<30'517_ns>(s);  // a crystal of 32768 Hz
    check_random_waits<1_ms>(s);
    check_random_waits<10_ms>(s);
    check_random_waits<1_s>(s);
}

BOOST_AUTO_TEST_SUITE_END()
