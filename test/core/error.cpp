// SPDX-License-Identifier: BSL-1.0
#include <tenon/core/error.hpp>

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

using namespace tenon;

BOOST_AUTO_TEST_SUITE(errors)

BOOST_AUTO_TEST_CASE(every_error_has_a_message_of_its_own) {
    std::set<std::string> messages;
    unsigned n = 0;
    for (; n <= static_cast<unsigned>(error::no_room); ++n) messages.insert(message(static_cast<error>(n)));
    BOOST_TEST(messages.size() == n);
    BOOST_TEST(!messages.contains("unknown error"));
    BOOST_TEST(message(static_cast<error>(255)) == std::string{"unknown error"});
}

BOOST_AUTO_TEST_CASE(a_transfer_is_true_when_nothing_stands_in_the_way) {
    static_assert(transfer{}.status == error::none, "all zero is success with no octets");
    BOOST_TEST(static_cast<bool>(transfer{5, error::none}));
    BOOST_TEST(!static_cast<bool>(transfer{5, error::would_block}));
    BOOST_TEST((transfer{5, error::none} != transfer{6, error::none}));
}

BOOST_AUTO_TEST_SUITE_END()
