// SPDX-License-Identifier: BSL-1.0
#include <tenon/policy/coalescing/nagle.hpp>
#include <tenon/policy/coalescing/none.hpp>

#include <boost/test/unit_test.hpp>

using tenon::coalescing::nagle;
using tenon::coalescing::none;

static_assert(std::is_empty_v<nagle> && std::is_empty_v<none>);
static_assert(nagle::coalesces && !none::coalesces);

BOOST_AUTO_TEST_SUITE(policy_coalescing)

// RFC 9293, 3.7.4: "if there is unacknowledged data (i.e., SND.NXT > SND.UNA), then the sending TCP endpoint buffers all user data".
BOOST_AUTO_TEST_CASE(nagle_holds_a_runt_while_data_is_unacknowledged) {
    BOOST_TEST(!nagle::may_send_runt({.outstanding = 1, .octets = 1, .mss = 536}));
    BOOST_TEST(!nagle::may_send_runt({.outstanding = 100'000, .octets = 535, .mss = 536}));
}

// "... until the outstanding data has been acknowledged or until the TCP endpoint can send a full-sized segment".
BOOST_AUTO_TEST_CASE(nagle_lets_go_when_all_is_acknowledged_or_a_segment_is_full) {
    BOOST_TEST(nagle::may_send_runt({.outstanding = 0, .octets = 1, .mss = 536}));
    BOOST_TEST(nagle::may_send_runt({.outstanding = 1, .octets = 536, .mss = 536}));
}

// MUST-17: "there MUST be a way for an application to disable the Nagle algorithm on an individual connection".
BOOST_AUTO_TEST_CASE(nagle_can_be_turned_off_for_a_connection) {
    BOOST_TEST(nagle::may_send_runt({.outstanding = 1, .octets = 1, .mss = 536, .no_delay = true}));
}

BOOST_AUTO_TEST_CASE(none_never_holds_anything) {
    for (tenon::bytes const outstanding : {0u, 1u, 100'000u})
        BOOST_TEST(none::may_send_runt({.outstanding = outstanding, .octets = 1, .mss = 536}));
}

BOOST_AUTO_TEST_SUITE_END()
