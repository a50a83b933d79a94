// SPDX-License-Identifier: BSL-1.0
// All conversations once more, in other surroundings: sequence numbers next to every wrap, compositions for one version of
// IP, polls between deadlines, and a transport that refuses packets.
#include <boost/test/unit_test.hpp>

#include "support/conversation.hpp"

using namespace talk;

namespace {

void hold_all(surroundings s, bool even_sensitive = true) {
    for (entry const& e : all_conversations()) {
        if (e.sensitive && !even_sensitive) continue;
        auto const failure = hold(e, s);
        BOOST_CHECK_MESSAGE(failure.empty(), failure);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(endpoint_sweep)

// RFC 9293, 3.4; attacks S01, S02 and S14: nothing depends on where on the circle the numbers lie.
BOOST_AUTO_TEST_CASE(sequence_numbers_next_to_every_wrap) {
    bool turn = false;
    for (std::uint32_t const iss : {0u, 0x7fff'ffffu, 0x8000'0000u, 0xffff'fffdu, 0xffff'ffffu})
        for (std::uint32_t const irs : {0u, 0x7fff'ffffu, 0x8000'0000u, 0xffff'fffdu, 0xffff'ffffu}) {
            turn = !turn;
            hold_all({.v6 = iss != irs, .iss = iss, .irs = irs, .active = turn});
        }
}

BOOST_AUTO_TEST_CASE(numbers_that_wrap_within_the_first_kilobytes) {
    for (std::uint32_t const n : {0xffff'ffffu - 500u, 0x7fff'ffffu - 500u, 0xffff'ffffu - 4000u})
        for (bool const active : {false, true}) hold_all({.iss = n, .irs = n - 77u, .active = active});
}

BOOST_AUTO_TEST_CASE(ipv4_alone) { hold_all({.v6 = false, .built_for = versions::v4}); }
BOOST_AUTO_TEST_CASE(ipv6_alone) { hold_all({.v6 = true, .active = true, .built_for = versions::v6}); }

// Nothing happens between deadlines, and nothing that should have happened waits for them (invariant I11).
BOOST_AUTO_TEST_CASE(polled_between_deadlines) {
    for (bool const active : {false, true}) hold_all({.active = active, .polls_often = true});
}

// Attack A05: nothing is lost or half done when the transport does not take a packet.
BOOST_AUTO_TEST_CASE(transport_that_refuses_every_k_th_packet) {
    for (unsigned k = 2; k <= 7; ++k)
        for (bool const active : {false, true}) hold_all({.active = active, .refuse_every = k}, false);
}

BOOST_AUTO_TEST_SUITE_END()
