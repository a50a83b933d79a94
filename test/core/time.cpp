// SPDX-License-Identifier: BSL-1.0
#include <tenon/core/time.hpp>

#include <boost/test/unit_test.hpp>

using namespace tenon;

namespace {
template <class A, class B> concept adds = requires (A a, B b) { a + b; };
static_assert(!adds<instant, instant>, "two instants do not add");
static_assert(adds<instant, duration> && adds<duration, duration>);
}  // namespace

BOOST_AUTO_TEST_SUITE(times)

BOOST_AUTO_TEST_CASE(literals_are_what_they_say) {
    static_assert(1_us == 1000_ns && 1_ms == 1000_us && 1_s == 1000_ms && 1_min == 60_s && 1_h == 60_min);
    static_assert(from_us(7) == 7_us && from_ms(7) == 7_ms && from_s(7) == 7_s);
}

BOOST_AUTO_TEST_CASE(instants_differ_by_durations) {
    instant t{};
    t += 5_s;
    static_assert(instant{} + 3_s - instant{} == 3_s);
    BOOST_TEST((t - 2_s == instant{} + 3_s));
    BOOST_TEST((t - (t + 1_s) == -(1_s)));
    BOOST_TEST((instant{} < t && 3_s * 2 == 6_s && 2 * 3_s == 6_s && (8_s >> 2) == 2_s && (1_s << 3) == 8_s));
}

BOOST_AUTO_TEST_CASE(ticks_round_as_asked) {
    using ms = tick<20>;  // 1,048,576 ns
    BOOST_TEST(ms::floor({0}).count == 0u);
    BOOST_TEST(ms::ceil({0}).count == 0u);
    BOOST_TEST(ms::floor({1}).count == 0u);
    BOOST_TEST(ms::ceil({1}).count == 1u);
    BOOST_TEST(ms::floor({1 << 20}).count == 1u);
    BOOST_TEST(ms::ceil({1 << 20}).count == 1u);
    BOOST_TEST(ms::ceil({(1 << 20) + 1}).count == 2u);
    BOOST_TEST(ms::covering(1_ns) == 1u);
    BOOST_TEST(ms::covering(duration{1 << 20}) == 1u);
    BOOST_TEST((ms::span(3) == duration{3 << 20}));
}

BOOST_AUTO_TEST_CASE(a_tick_finds_its_instant_again_near_now) {
    using us = tick<10>;
    for (std::int64_t const base : {std::int64_t{0}, std::int64_t{1} << 41, (std::int64_t{1} << 42) - 512, std::int64_t{1} << 55})
        for (duration const away : {-30_min, -1_s, 0_ns, 1_s, 30_min}) {
            instant const now{base}, then = now + away;
            if (then < instant{}) continue;
            instant const found = us::floor(then).at(now);
            BOOST_TEST((found <= then && then - found < duration{1024}));
        }
}

BOOST_AUTO_TEST_CASE(ticks_compare_across_the_wrap) {
    using us = tick<10>;
    us const before{0xffff'fff0};
    auto const after = before + 0x20;
    BOOST_TEST(after.count == 0x10u);
    BOOST_TEST((after - before) == 0x20u);
    BOOST_TEST((before < after && after > before && before <= after && after >= before && before <= before && before >= before));
    BOOST_TEST(!(after < before || after <= before || before > after || before >= after));
}

BOOST_AUTO_TEST_SUITE_END()
