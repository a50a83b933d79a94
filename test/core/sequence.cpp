// SPDX-License-Identifier: BSL-1.0
#include <tenon/core/sequence.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>

using tenon::sequence;

namespace {
template <class A, class B> concept adds = requires (A a, B b) { a + b; };
static_assert(!adds<sequence, sequence>, "two points on a circle do not add");
static_assert(adds<sequence, tenon::bytes>);
}  // namespace

BOOST_AUTO_TEST_SUITE(sequences)

BOOST_AUTO_TEST_CASE(arithmetic_wraps_at_2_to_the_32) {  // RFC 9293, 3.4
    static_assert(sequence{0xffff'fffe} + 5u == sequence{3});
    static_assert(sequence{3} - 5u == sequence{0xffff'fffe});
    static_assert(sequence{3} - sequence{0xffff'fffe} == 5u);
    static_assert(sequence{0xffff'fffe} - sequence{3} == 0xffff'fffbu);
    sequence s{0xffff'ffff};
    s += 1;
    BOOST_TEST(s.value == 0u);
    s -= 1;
    BOOST_TEST(s.value == 0xffff'ffffu);
}

BOOST_AUTO_TEST_CASE(order_follows_the_shorter_way_from_anywhere) {
    for (std::uint32_t const base : {0u, 1u, 0x7fff'ffffu, 0x8000'0000u, 0xffff'fff0u, 0xffff'ffffu})
        for (std::uint32_t const distance : {1u, 2u, 1000u, 1u << 30, 0x7fff'ffffu}) {
            sequence const a{base}, b{base + distance};
            BOOST_TEST((a < b && b > a && a <= b && b >= a));
            BOOST_TEST(!(b < a || a > b || b <= a || a >= b));
            BOOST_TEST((later(a, b) == b && later(b, a) == b));
            BOOST_TEST((earlier(a, b) == a && earlier(b, a) == a));
        }
}

BOOST_AUTO_TEST_CASE(equal_points) {
    sequence const a{7};
    BOOST_TEST((a == sequence{7} && a <= a && a >= a && !(a < a) && !(a > a)));
    BOOST_TEST((later(a, a) == a && earlier(a, a) == a));
    BOOST_TEST((a != sequence{8}));
}

BOOST_AUTO_TEST_SUITE_END()
