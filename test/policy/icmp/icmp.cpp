// SPDX-License-Identifier: BSL-1.0
// Tags; what is heard, and what it may do, is tested with the engine (test/engine/icmp.cpp).
#include <tenon/policy/icmp/none.hpp>
#include <tenon/policy/icmp/rfc5927.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(policy_icmp)

BOOST_AUTO_TEST_CASE(tags_say_whether_errors_are_heard) {
    static_assert(std::is_empty_v<tenon::icmp::none> && std::is_empty_v<tenon::icmp::rfc5927>);
    BOOST_TEST(tenon::icmp::rfc5927::hears);
    BOOST_TEST(!tenon::icmp::none::hears);
}

BOOST_AUTO_TEST_SUITE_END()
