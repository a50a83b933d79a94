// SPDX-License-Identifier: BSL-1.0
#include <tenon/text.hpp>

#include <boost/test/unit_test.hpp>

#include <random>

using namespace tenon;

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(quads) {
    static_assert(parse<ipv4_address>("192.0.2.1") == ipv4(192, 0, 2, 1));
    BOOST_TEST((parse<ipv4_address>("0.0.0.0") == ipv4_address{}));
    BOOST_TEST((parse<ipv4_address>("255.255.255.255") == ipv4(255, 255, 255, 255)));
    BOOST_TEST(to_string(ipv4(192, 0, 2, 1)) == "192.0.2.1");
    BOOST_TEST(to_string(ipv4(0, 10, 100, 255)) == "0.10.100.255");
    for (auto const* bad : {"", ".", "1", "1.2.3", "1.2.3.", "1.2.3.4.", "1.2.3.4.5", ".1.2.3", "1..2.3", "256.1.1.1", "1.1.1.256", "1.1.1.1000",
                            "01.2.3.4", "1.2.3.04", "00.0.0.0", " 1.2.3.4", "1.2.3.4 ", "+1.2.3.4", "-1.2.3.4", "a.2.3.4", "1.2.3.0x4", "1,2,3,4"})
        BOOST_TEST_CONTEXT(bad) BOOST_TEST(!parse<ipv4_address>(bad));
}

BOOST_AUTO_TEST_CASE(forms_of_rfc_4291_section_2_2) {
    BOOST_TEST((parse<ipv6_address>("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789")
                == ipv6(0xabcd, 0xef01, 0x2345, 0x6789, 0xabcd, 0xef01, 0x2345, 0x6789)));
    BOOST_TEST((parse<ipv6_address>("2001:DB8:0:0:8:800:200C:417A") == ipv6(0x2001, 0xdb8, 0, 0, 8, 0x800, 0x200c, 0x417a)));
    BOOST_TEST((parse<ipv6_address>("2001:DB8::8:800:200C:417A") == ipv6(0x2001, 0xdb8, 0, 0, 8, 0x800, 0x200c, 0x417a)));
    BOOST_TEST((parse<ipv6_address>("FF01::101") == ipv6(0xff01, 0, 0, 0, 0, 0, 0, 0x101)));
    BOOST_TEST((parse<ipv6_address>("::1") == ipv6(0, 0, 0, 0, 0, 0, 0, 1)));
    BOOST_TEST((parse<ipv6_address>("::") == ipv6_address{}));
    BOOST_TEST((parse<ipv6_address>("1::") == ipv6(1, 0, 0, 0, 0, 0, 0, 0)));
    BOOST_TEST((parse<ipv6_address>("::13.1.68.3") == ipv6(0, 0, 0, 0, 0, 0, 0x0d01, 0x4403)));
    BOOST_TEST((parse<ipv6_address>("::FFFF:129.144.52.38") == to_mapped(ipv4(129, 144, 52, 38))));
    BOOST_TEST((parse<ipv6_address>("64:ff9b::192.0.2.33") == ipv6(0x64, 0xff9b, 0, 0, 0, 0, 0xc000, 0x0221)));
    BOOST_TEST((parse<ipv6_address>("1:2:3:4:5:6:1.2.3.4") == ipv6(1, 2, 3, 4, 5, 6, 0x102, 0x304)));
    BOOST_TEST((parse<ipv6_address>("1:2:3:4:5:6:7::") == ipv6(1, 2, 3, 4, 5, 6, 7, 0)));
    BOOST_TEST((parse<ipv6_address>("::2:3:4:5:6:7:8") == ipv6(0, 2, 3, 4, 5, 6, 7, 8)));
}

BOOST_AUTO_TEST_CASE(what_is_no_address_of_version_6) {
    // At compile time one group too many would be seen even if the answer were right.
    static_assert(!parse<ipv6_address>("1:2:3:4:5:6:7:1.2.3.4") && !parse<ipv6_address>("1:2:3:4:5:6:7:8:9"));
    for (auto const* bad : {"", ":", ":::", "1", "1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:", ":1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9", "1::2::3",
                            "::1::", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8", "12345::", "g::", "1:::2", "::1.2.3", "::1.2.3.4.5",
                            "1:2:3:4:5:6:7:1.2.3.4", "1.2.3.4::", "::1.2.3.4:5", "::256.1.1.1", "fe80::1%eth0", "::1/128", " ::1", "::1 ", "1.2.3.4"})
        BOOST_TEST_CONTEXT(bad) BOOST_TEST(!parse<ipv6_address>(bad));
}

BOOST_AUTO_TEST_CASE(rules_of_rfc_5952_section_4) {
    auto const shown = [](char const* address) { return to_string(*parse<ipv6_address>(address)); };
    BOOST_TEST(shown("2001:0db8::0001") == "2001:db8::1");            // 4.1: leading zeros
    BOOST_TEST(shown("2001:db8:0:0:0:0:2:1") == "2001:db8::2:1");     // 4.2.1: as much as possible
    BOOST_TEST(shown("2001:db8:0:1:1:1:1:1") == "2001:db8:0:1:1:1:1:1");  // 4.2.2: not a single group
    BOOST_TEST(shown("2001:0:0:1:0:0:0:1") == "2001:0:0:1::1");       // 4.2.3: the longest
    BOOST_TEST(shown("2001:db8:0:0:1:0:0:1") == "2001:db8::1:0:0:1");  // 4.2.3: the first of equals
    BOOST_TEST(shown("2001:DB8::ABCD") == "2001:db8::abcd");          // 4.3: lower case
    BOOST_TEST(shown("::ffff:192.0.2.1") == "::ffff:192.0.2.1");      // 5
    BOOST_TEST(shown("0:0:0:0:0:0:0:0") == "::");
    BOOST_TEST(shown("0:0:0:0:0:0:0:1") == "::1");
    BOOST_TEST(shown("1:0:0:0:0:0:0:0") == "1::");
    BOOST_TEST(shown("0:0:1:0:0:0:0:0") == "0:0:1::");
    BOOST_TEST(shown("0:1:2:3:4:5:6:0") == "0:1:2:3:4:5:6:0");
    BOOST_TEST(shown("1:2:3:4:5:6:0:0") == "1:2:3:4:5:6::");
}

BOOST_AUTO_TEST_CASE(what_is_shown_is_read_back) {
    auto const seed = std::random_device{}();
    std::mt19937 random{seed};
    BOOST_TEST_CONTEXT("std::mt19937 random{" << seed << "}") for (int round = 0; round < 5000; ++round) {
        std::array<std::uint16_t, 8> groups{};
        for (auto& g : groups) g = random() % 2 == 0 ? std::uint16_t{0} : static_cast<std::uint16_t>(random() >> random() % 16);
        BOOST_REQUIRE(parse<ipv6_address>(to_string(ipv6(groups))) == ipv6(groups));
        ipv4_address const quad{static_cast<std::uint32_t>(random())};
        BOOST_REQUIRE(parse<ipv4_address>(to_string(quad)) == quad);
    }
}

BOOST_AUTO_TEST_SUITE_END()
