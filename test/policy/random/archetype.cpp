// SPDX-License-Identifier: BSL-1.0
// Who draws a number asks nothing of its source beyond the concept.
#include <archetype/random.hpp>

#include <boost/test/unit_test.hpp>

using tenon::random::below;

BOOST_AUTO_TEST_SUITE(policy_random_archetype)

// Of 32 bits the upper ones decide: a source that always gives 4 chooses as 4 / 2^32 of n does.
BOOST_AUTO_TEST_CASE(the_smallest_source_chooses_one_of_n) {
    tenon::archetype::random r;
    r.seed(7);
    BOOST_TEST(below(r, 1) == 0u);
    BOOST_TEST(below(r, (1u << 30) - 1) == 0u);
    BOOST_TEST(below(r, 1u << 30) == 1u);
    BOOST_TEST(below(r, 1u << 31) == 2u);
    BOOST_TEST(below(r, 0xffff'ffff) == 3u);
    BOOST_TEST((r == tenon::archetype::random{}));
}

BOOST_AUTO_TEST_SUITE_END()
