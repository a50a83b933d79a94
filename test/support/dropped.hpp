// SPDX-License-Identifier: BSL-1.0
// What whoever listens at bad_packets_to must do with bad packets (RFC 9293, 3.10.7.1; MUST-2, MUST-57, MUST-63): each raises its
// counter and no other, and nothing is said, but RST to a segment for nobody.
//
// A Scene is made anew for each packet and has: take(packet), which delivers it and polls; wire, whose end b is the peer's; ours,
// which has observer(); untouched(), whether ours still is as if nothing had come.
#pragma once
#include <memory>

#include <boost/test/unit_test.hpp>

#include <tenon/policies.hpp>
#include <tenon/policy/network/ipv4.hpp>
#include <tenon/policy/observer/counters.hpp>

#include "support/bad_packets.hpp"

namespace tenon::test {

struct counting : default_policies {
    using network  = tenon::network::ipv4;
    using observer = tenon::observer::counters;
};

template <class Scene>
void each_bad_packet_raises_its_counter_and_nothing_else() {
    for (auto const& bad : bad_packets) {
        BOOST_TEST_CONTEXT(bad.name) {
            auto const s = std::make_unique<Scene>();
            auto p = good_syn();
            bad.change(p);
            s->take(p);
            observer::counters expected;
            expected.on(bad.counter, 1);
            for (unsigned i = 0; i != static_cast<unsigned>(observer::what::count_); ++i) {
                auto const w = static_cast<observer::what>(i);
                BOOST_CHECK_MESSAGE(s->ours.observer()[w] == expected[w], "counter " << i << " is " << s->ours.observer()[w]);
            }
            auto const replies = controls_of_replies(s->wire.b());
            BOOST_REQUIRE(replies.size() == (bad.answered ? 1u : 0u));
            if (bad.answered) BOOST_TEST((replies[0] & 0x3fu) == 0x14u);  // RST,ACK, as to any segment without ACK
            BOOST_TEST(s->untouched());
        }
    }
}

// Else none of them would show anything.
template <class Scene>
void the_packet_they_are_made_from_is_good() {
    auto const s = std::make_unique<Scene>();
    s->take(good_syn());
    for (auto const w : {observer::what::dropped_ip_header, observer::what::dropped_checksum, observer::what::dropped_tcp_header,
                         observer::what::dropped_other, observer::what::dropped_address, observer::what::dropped_no_connection})
        BOOST_TEST(s->ours.observer()[w] == 0u);
    auto const replies = controls_of_replies(s->wire.b());
    BOOST_REQUIRE(replies.size() == 1u);
    BOOST_TEST((replies[0] & 0x3fu) == 0x12u);  // SYN,ACK
    BOOST_TEST(!s->untouched());
}

}  // namespace tenon::test
