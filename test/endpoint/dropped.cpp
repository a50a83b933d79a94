// SPDX-License-Identifier: BSL-1.0
// What an endpoint drops, as test/support/dropped.hpp says.
#include <boost/test/unit_test.hpp>

#include <tenon/endpoint.hpp>
#include <tenon/transport/memory.hpp>

#include "support/dropped.hpp"

namespace tenon {
namespace {

using namespace tenon::test;
using wire_pair = transport::memory_pair<>;

struct scene {
    wire_pair wire;
    endpoint<counting, wire_pair::end> ours;

    scene() {
        ours.keep_secret({1, 2});
        BOOST_REQUIRE(ours.listen({bad_packets_to, 80}) == error::none);
    }
    void take(packet const& p) {
        deliver(wire.b(), p);
        ours.poll(wire.a(), instant{} + from_s(1));
    }
    bool untouched() const { return ours.state() == state::listen; }
};

BOOST_AUTO_TEST_SUITE(endpoint_dropped)

BOOST_AUTO_TEST_CASE(each_bad_packet) { each_bad_packet_raises_its_counter_and_nothing_else<scene>(); }
BOOST_AUTO_TEST_CASE(the_good_packet) { the_packet_they_are_made_from_is_good<scene>(); }

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tenon
