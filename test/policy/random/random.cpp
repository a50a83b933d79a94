// SPDX-License-Identifier: BSL-1.0
#include <tenon/policy/random/splitmix32.hpp>
#include <tenon/policy/random/splitmix64.hpp>

#include <algorithm>
#include <array>
#include <tuple>
#include <vector>

#include <boost/test/unit_test.hpp>

using tenon::random::below;
using tenon::random::splitmix32;
using tenon::random::splitmix64;
using every_generator = std::tuple<splitmix32, splitmix64>;

static_assert(sizeof(splitmix32) == 4 && sizeof(splitmix64) == 8);

BOOST_AUTO_TEST_SUITE(policy_random)

// The first numbers of SplitMix64 from the seed 1234567, as other implementations give them.
BOOST_AUTO_TEST_CASE(splitmix64_gives_the_known_numbers) {
    splitmix64 r;
    r.seed(1234567);
    for (std::uint64_t const n : {6457827717110365317u, 3203168211198807973u, 9817491932198370423u, 4593380528125082431u})
        BOOST_TEST(r.next_64() == n);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(equal_seeds_give_equal_numbers, generator, every_generator) {
    generator a, b, c;
    a.seed(42);
    b.seed(42);
    c.seed(43);
    int same = 0;
    for (int i = 0; i < 1000; ++i) {
        auto const n = a.next();
        BOOST_REQUIRE(n == b.next());
        same += n == c.next() ? 1 : 0;
    }
    BOOST_TEST(same < 3);
    BOOST_TEST((a == b));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_all_zero_start_is_a_good_one, generator, every_generator) {
    generator r;
    std::vector<std::uint32_t> numbers(10'000);
    std::generate(numbers.begin(), numbers.end(), [&] { return r.next(); });
    std::sort(numbers.begin(), numbers.end());
    auto const repeated = numbers.end() - std::unique(numbers.begin(), numbers.end());
    BOOST_TEST(repeated < 5);
}

// Each bit is set about half of the time: 100,000 tries deviate by six standard deviations (950) once in 10^9.
BOOST_AUTO_TEST_CASE_TEMPLATE(every_bit_is_fair, generator, every_generator) {
    generator r;
    std::array<int, 32> ones{};
    for (int i = 0; i < 100'000; ++i) {
        auto const n = r.next();
        for (unsigned b = 0; b < 32; ++b) ones[b] += static_cast<int>(n >> b & 1u);
    }
    for (int const n : ones) BOOST_TEST(std::abs(n - 50'000) < 950);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(below_stays_below_and_reaches_all, generator, every_generator) {
    generator r;
    for (std::uint32_t const n : {1u, 2u, 7u, 16'384u}) {
        std::vector<bool> seen(n);
        for (std::uint32_t i = 0; i < 20 * n; ++i) {
            auto const x = below(r, n);
            BOOST_REQUIRE(x < n);
            seen[x] = true;
        }
        BOOST_TEST(std::count(seen.begin(), seen.end(), true) == n);
    }
}

BOOST_AUTO_TEST_SUITE_END()
