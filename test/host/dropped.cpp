// SPDX-License-Identifier: BSL-1.0
// What a host drops, as test/support/dropped.hpp says.
#include <boost/test/unit_test.hpp>

#include <tenon/host.hpp>
#include <tenon/transport/memory.hpp>

#include "support/dropped.hpp"

namespace tenon {
namespace {

using namespace tenon::test;
using wire_pair = transport::memory_pair<>;

struct scene {
    wire_pair wire;
    host<counting, wire_pair::end> ours;

    scene() {
        ours.keep_secret({1, 2});
        BOOST_REQUIRE(bool(ours.listen({bad_packets_to, 80})));
    }
    void take(packet const& p) {
        deliver(wire.b(), p);
        ours.poll(wire.a(), instant{} + from_s(1));
    }
    bool untouched() const { return ours.half_open_count() == 0 && ours.connection_count() == 0; }
};

BOOST_AUTO_TEST_SUITE(host_dropped)

BOOST_AUTO_TEST_CASE(each_bad_packet) { each_bad_packet_raises_its_counter_and_nothing_else<scene>(); }
BOOST_AUTO_TEST_CASE(the_good_packet) { the_packet_they_are_made_from_is_good<scene>(); }

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tenon
