// SPDX-License-Identifier: BSL-1.0
// The engine uses nothing beyond the concepts: each other axis with its archetype, and all of them at once, carries data both ways over a wire that loses.
#include <archetype/compositions.hpp>
#include <archetype/transfer.hpp>
#include <archetype/transport.hpp>
#include <tenon/transport/memory.hpp>

#include <memory>

#include <boost/test/unit_test.hpp>

using namespace tenon::archetype;
using pair_type = tenon::transport::memory_pair<>;
using wire = losing<pair_type::end>;

BOOST_AUTO_TEST_SUITE(engine_archetypes)

BOOST_AUTO_TEST_CASE_TEMPLATE(carries_data_both_ways, policies, other_axes) {
    auto const pair = std::make_unique<pair_type>();
    wire a{pair->a(), 7}, b{pair->b(), 5};
    BOOST_TEST((transfer<policies>(a, b)));
    BOOST_TEST((call_the_rest<policies>(a)));
}

// Archetypes alone, over one.
BOOST_AUTO_TEST_CASE(archetypes_carry_data_over_the_smallest_transport) {
    slot to_a, to_b;
    transport a{to_b, to_a}, b{to_a, to_b};
    BOOST_TEST((transfer<of_archetypes>(a, b)));
    BOOST_TEST((call_the_rest<of_archetypes>(a)));
}

BOOST_AUTO_TEST_SUITE_END()
