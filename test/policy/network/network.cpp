// SPDX-License-Identifier: BSL-1.0
#include <tenon/policy/network/both.hpp>
#include <tenon/policy/network/ipv4.hpp>
#include <tenon/policy/network/ipv6.hpp>

#include <boost/test/unit_test.hpp>

namespace network = tenon::network;

BOOST_AUTO_TEST_SUITE(policy_network)

// RFC 9293, 3.7.1, MUST-15: "536 (576 - 40) for IPv4 or 1220 (1280 - 60) for IPv6".
BOOST_AUTO_TEST_CASE(default_mss) {
    BOOST_TEST(network::ipv4::default_mss(tenon::ipv4(192, 0, 2, 1)) == 576u - 40);
    BOOST_TEST(network::ipv6::default_mss(tenon::ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)) == 1280u - 60);
}

BOOST_AUTO_TEST_CASE(headers) {
    BOOST_TEST(network::ipv4::header({}) == 20u);
    BOOST_TEST(network::ipv6::header({}) == 40u);
    BOOST_TEST((network::ipv4::v4 && !network::ipv4::v6));
    BOOST_TEST((!network::ipv6::v4 && network::ipv6::v6));
    BOOST_TEST((network::both::v4 && network::both::v6));
}

BOOST_AUTO_TEST_CASE(with_both_the_address_decides) {
    auto const four = tenon::to_mapped(tenon::ipv4(192, 0, 2, 1));
    auto const six = tenon::ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
    BOOST_TEST(network::both::is_v4(four));
    BOOST_TEST(!network::both::is_v4(six));
    BOOST_TEST(network::both::header(four) == 20u);
    BOOST_TEST(network::both::header(six) == 40u);
    BOOST_TEST(network::both::default_mss(four) == 536u);
    BOOST_TEST(network::both::default_mss(six) == 1220u);
}

BOOST_AUTO_TEST_SUITE_END()
