// SPDX-License-Identifier: BSL-1.0
#include <tenon/core/address.hpp>

#include <boost/test/unit_test.hpp>

using namespace tenon;

BOOST_AUTO_TEST_SUITE(addresses)

BOOST_AUTO_TEST_CASE(a_quad_is_a_number_in_host_order) {
    static_assert(ipv4(192, 0, 2, 1).value == 0xc0000201);
    static_assert(ipv4(10, 0, 0, 1) < ipv4(10, 0, 1, 0));
    static_assert(ipv4_address{} == ipv4(0, 0, 0, 0));
    BOOST_TEST(ipv4(255, 254, 253, 252).value == 0xfffefdfcu);
}

BOOST_AUTO_TEST_CASE(predicates_of_version_4) {
    BOOST_TEST(is_unspecified(ipv4(0, 0, 0, 0)));
    BOOST_TEST(!is_unspecified(ipv4(0, 0, 0, 1)));
    BOOST_TEST(is_loopback(ipv4(127, 0, 0, 1)));
    BOOST_TEST(is_loopback(ipv4(127, 255, 255, 255)));
    BOOST_TEST(!is_loopback(ipv4(128, 0, 0, 1)));
    BOOST_TEST(is_multicast(ipv4(224, 0, 0, 0)));
    BOOST_TEST(is_multicast(ipv4(239, 255, 255, 255)));
    BOOST_TEST(!is_multicast(ipv4(223, 255, 255, 255)));
    BOOST_TEST(!is_multicast(ipv4(240, 0, 0, 0)));
    BOOST_TEST(is_limited_broadcast(ipv4(255, 255, 255, 255)));
    BOOST_TEST(!is_limited_broadcast(ipv4(255, 255, 255, 254)));
}

BOOST_AUTO_TEST_CASE(predicates_of_version_6) {
    BOOST_TEST(is_unspecified(ipv6(0, 0, 0, 0, 0, 0, 0, 0)));
    BOOST_TEST(!is_unspecified(ipv6(1, 0, 0, 0, 0, 0, 0, 0)));
    BOOST_TEST(is_loopback(ipv6(0, 0, 0, 0, 0, 0, 0, 1)));
    BOOST_TEST(!is_loopback(ipv6(0, 0, 0, 0, 0, 0, 0, 2)));
    BOOST_TEST(!is_loopback(ipv6(0x100, 0, 0, 0, 0, 0, 0, 1)));
    BOOST_TEST(is_multicast(ipv6(0xff02, 0, 0, 0, 0, 0, 0, 1)));
    BOOST_TEST(!is_multicast(ipv6(0xfe80, 0, 0, 0, 0, 0, 0, 1)));
    BOOST_TEST(!is_limited_broadcast(ipv6(0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff)));
}

BOOST_AUTO_TEST_CASE(only_unicast_can_be_an_end) {  // RFC 9293, 3.9.2.3
    BOOST_TEST(can_be_an_end(ipv4(192, 0, 2, 1)));
    BOOST_TEST(can_be_an_end(ipv4(127, 0, 0, 1)));
    BOOST_TEST(!can_be_an_end(ipv4(0, 0, 0, 0)));
    BOOST_TEST(!can_be_an_end(ipv4(224, 0, 0, 1)));
    BOOST_TEST(!can_be_an_end(ipv4(255, 255, 255, 255)));
    BOOST_TEST(can_be_an_end(ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)));
    BOOST_TEST(!can_be_an_end(ipv6_address{}));
    BOOST_TEST(!can_be_an_end(ipv6(0xff02, 0, 0, 0, 0, 0, 0, 1)));
}

BOOST_AUTO_TEST_CASE(groups_are_in_network_order_and_order_follows) {
    constexpr auto a = ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0x1234, 0x5678);
    static_assert(a.octets[0] == 0x20 && a.octets[1] == 0x01 && a.octets[14] == 0x56 && a.octets[15] == 0x78);
    static_assert(a < ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0x1234, 0x5679));
    static_assert(a > ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0x1233, 0xffff));
    for (std::size_t i = 0; i < 16; ++i) {
        auto b = a;
        b.octets[i] ^= 1;
        BOOST_TEST((a != b));
        BOOST_TEST(((a < b) != (b < a)));
    }
}

BOOST_AUTO_TEST_CASE(mapped_addresses) {
    constexpr auto mapped = to_mapped(ipv4(192, 0, 2, 128));
    static_assert(mapped == ipv6(0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0280));
    static_assert(is_mapped(mapped) && from_mapped(mapped) == ipv4(192, 0, 2, 128));
    BOOST_TEST(!is_mapped(ipv6(0, 0, 0, 0, 0, 0, 0xc000, 0x0280)));       // the deprecated compatible form
    BOOST_TEST(!is_mapped(ipv6(0, 0, 0, 0, 0xffff, 0, 0xc000, 0x0280)));  // the translated form
    BOOST_TEST(!is_mapped(ipv6(1, 0, 0, 0, 0, 0xffff, 0xc000, 0x0280)));
    BOOST_TEST(!is_mapped(ipv6_address{}));
}

BOOST_AUTO_TEST_SUITE_END()
