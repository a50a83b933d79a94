// SPDX-License-Identifier: BSL-1.0
#include <tenon/policy/checksum/by_transport.hpp>
#include <tenon/policy/checksum/internet.hpp>

#include <boost/test/unit_test.hpp>

struct with_state {
    static constexpr bool asks_transport = false;
    int sums;
    friend constexpr bool operator==(with_state, with_state) noexcept = default;
};

BOOST_AUTO_TEST_SUITE(policy_checksum)

BOOST_AUTO_TEST_CASE(only_one_of_them_asks_the_transport) {
    BOOST_TEST(!tenon::checksum::internet::asks_transport);
    BOOST_TEST(tenon::checksum::by_transport::asks_transport);
}

BOOST_AUTO_TEST_CASE(a_tag_has_no_state) {
    BOOST_TEST(tenon::checksum::policy<tenon::checksum::internet>);
    BOOST_TEST(!tenon::checksum::policy<with_state>);
}

BOOST_AUTO_TEST_SUITE_END()
