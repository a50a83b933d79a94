// SPDX-License-Identifier: BSL-1.0
#include <tenon/policy/options/offers.hpp>

#include <boost/test/unit_test.hpp>

namespace options = tenon::options;

BOOST_AUTO_TEST_SUITE(policy_options)

BOOST_AUTO_TEST_CASE(the_named_sets_offer_what_they_say) {
    static_assert(!options::minimal::offered.window_scale && options::standard::offered.window_scale);
    static_assert(options::policy<options::offers<options::offer{.window_scale = true}>>);
    static_assert(!options::policy<int>);
    BOOST_TEST(sizeof(options::minimal) == 1u);  // no state
}

BOOST_AUTO_TEST_SUITE_END()
