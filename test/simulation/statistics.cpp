// SPDX-License-Identifier: BSL-1.0
// Random numbers against published values, and the measured share of every fault against its parameter. A share may
// stray by five standard deviations of the binomial distribution; seeds are fixed, so a failure is not chance.
#include <tenon/simulation/link.hpp>

#include <array>
#include <cmath>
#include <cstdint>

#include <boost/test/unit_test.hpp>

namespace {

using namespace tenon;
using namespace tenon::simulation;

bool near(std::uint64_t hits, std::uint64_t trials, double p) {
    auto const n = static_cast<double>(trials);
    return std::abs(static_cast<double>(hits) - n * p) <= 5 * std::sqrt(n * p * (1 - p)) + 0.5;
}

constexpr std::array<std::uint64_t, 4> seeds{1, 2, 0xdead'beef, ~std::uint64_t{0}};

}  // namespace

BOOST_AUTO_TEST_SUITE(simulation_statistics)

BOOST_AUTO_TEST_CASE(splitmix64_gives_its_published_sequence) {
    std::uint64_t state = 1234567;
    for (std::uint64_t expected : {6457827717110365317u, 3203168211198807973u, 9817491932198370423u, 4593380528125082431u})
        BOOST_TEST(splitmix64(state) == expected);
}

BOOST_AUTO_TEST_CASE(streams_of_one_seed_differ_and_repeat) {
    simulation::random a{7, "loss"}, b{7, "corruption"}, again{7, "loss"}, other{8, "loss"};
    auto const first = a.next();
    BOOST_TEST(first == again.next());
    BOOST_TEST(first != b.next());
    BOOST_TEST(first != other.next());
}

BOOST_AUTO_TEST_CASE(below_is_even_and_in_range) {
    for (auto seed : seeds) {
        simulation::random r{seed};
        std::array<std::uint64_t, 7> hits{};
        for (int i = 0; i < 70'000; ++i) ++hits.at(r.below(7));
        for (auto n : hits) BOOST_TEST(near(n, 70'000, 1.0 / 7));
        for (int i = 0; i < 1'000; ++i) {
            auto const d = r.between(3_ns, 5_ns);
            BOOST_TEST((d >= 3_ns && d <= 5_ns));
        }
        BOOST_TEST(r.below(1) == 0u);
    }
}

BOOST_AUTO_TEST_CASE(chance_is_exact_at_both_ends) {
    simulation::random r{1}, untouched{1};
    for (int i = 0; i < 100; ++i) {
        BOOST_TEST(!r.chance(ratio{}));
        BOOST_TEST(r.chance(percent(100)));
    }
    BOOST_TEST((r == untouched));
}

BOOST_AUTO_TEST_CASE(shares_are_near_their_parameters) {
    constexpr std::uint64_t packets = 100'000;
    for (auto seed : seeds)
        for (std::uint32_t p : {1'000u, 100'000u, 10'000'000u, 200'000'000u}) {
            simulation::link l{{.reorder = ratio{p}, .reorder_delay = 1_ms, .duplicate = ratio{p}, .corrupt = ratio{p}, .seed = seed}, {}, bernoulli_loss{ratio{p}}};
            std::array<std::byte, 40> const octets{};
            instant now{};
            for (std::uint64_t i = 0; i < packets; ++i) {
                l.send(octets, now += 10_us);
                while (auto const got = l.deliver(now)) l.release(got->first);
            }
            auto const lost    = l.counts()[happening::lose];
            auto const through = packets - lost;
            auto const share   = p / 1e9;
            BOOST_TEST_CONTEXT("seed " << seed << ", parts per billion " << p) {
                BOOST_TEST(near(lost, packets, share));
                BOOST_TEST(near(l.counts()[happening::duplicate], through, share));
                BOOST_TEST(near(l.counts()[happening::reorder], through, share));
                BOOST_TEST(near(l.counts()[happening::corrupt], through, share));
            }
        }
}

BOOST_AUTO_TEST_CASE(gilbert_elliott_loses_its_share_in_spells_of_its_length) {
    for (auto seed : seeds) {
        simulation::random r{seed};
        gilbert_elliott_loss model{.to_bad = percent(1), .to_good = percent(25)};
        constexpr std::uint64_t packets = 400'000;
        std::uint64_t lost = 0, spells = 0;
        bool          before = false;
        for (std::uint64_t i = 0; i < packets; ++i) {
            bool const now = model.loses(i, {}, r);
            lost += now;
            spells += now && !before;
            before = now;
        }
        // Share 1 / 26; spells of 4 packets. The draws are dependent, so the bounds are set by the number of spells.
        BOOST_TEST_CONTEXT("seed " << seed) {
            BOOST_TEST(std::abs(static_cast<double>(lost) / packets - 1.0 / 26) < 0.003);
            BOOST_TEST(std::abs(static_cast<double>(lost) / static_cast<double>(spells) - 4) < 0.2);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_nth_and_listed_losses_are_exact) {
    simulation::random r{1};
    every_nth_loss third{3}, never{};
    listed_loss    few{{2, 7}};
    for (std::uint64_t n = 1; n < 20; ++n) {
        BOOST_TEST(third.loses(n, {}, r) == (n % 3 == 0));
        BOOST_TEST(few.loses(n, {}, r) == (n == 2 || n == 7));
        BOOST_TEST(!never.loses(n, {}, r));
    }
}

BOOST_AUTO_TEST_SUITE_END()
