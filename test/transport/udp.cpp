// SPDX-License-Identifier: BSL-1.0
// The UDP tunnel over the loopback interface.
#include <tenon/transport/udp.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <poll.h>

namespace {

using namespace tenon;
using namespace tenon::transport;

using packet = std::vector<std::byte>;
using packets = std::vector<packet>;

// Long enough and with the version of an IP packet; the rest is pattern.
packet ip(std::size_t n, int mark, std::byte version = std::byte{0x45}) {
    packet made(n);
    for (std::size_t i = 0; i < n; ++i) made[i] = static_cast<std::byte>(static_cast<std::size_t>(mark) * 31 + i);
    made[0] = version;
    return made;
}

template <class T>
ticket sends(T& from, packet const& frame, std::span<octets_in const> body = {}) {
    auto const room = from.reserve(static_cast<bytes>(frame.size()));
    if (room.empty()) return 0;
    std::copy(frame.begin(), frame.end(), room.begin());
    return from.commit(room, body, {});
}

// Waits up to two seconds for the first arrival, then takes what there is.
template <class T>
std::vector<packet> receives(T& at, std::size_t want = 1) {
    std::vector<packet> all;
    while (all.size() < want) {
        pollfd wait{at.descriptor(), POLLIN, 0};
        if (::poll(&wait, 1, 2000) <= 0) break;
        std::array<arrival, 64> burst;
        for (auto const& one : at.arrivals(burst)) {
            all.emplace_back(one.octets.begin(), one.octets.end());
            at.give_back(one);
        }
    }
    return all;
}

template <class T>
bool quiet(T& at) {
    pollfd wait{at.descriptor(), POLLIN, 0};
    ::poll(&wait, 1, 50);
    std::array<arrival, 64> burst;
    return at.arrivals(burst).empty();
}

struct tunnel {
    std::unique_ptr<udp<>> a = std::make_unique<udp<>>(), b = std::make_unique<udp<>>();

    explicit tunnel(char const* loopback = "127.0.0.1") {
        BOOST_TEST_REQUIRE(b->open(loopback, 0) == 0);
        BOOST_TEST_REQUIRE(a->open(loopback, 0, loopback, b->local_port()) == 0);
    }
};

// Without one the test counts as skipped, not as passed.
boost::test_tools::assertion_result ipv6_loopback(boost::unit_test::test_unit_id) {
    auto probe = std::make_unique<udp<>>();
    boost::test_tools::assertion_result result{probe->open("::1", 0) == 0};
    if (!result) BOOST_TEST_MESSAGE("SKIPPED: no IPv6 loopback");
    result.message() << "this machine has no IPv6 loopback";
    return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transport_udp)

BOOST_AUTO_TEST_CASE(the_peer_is_learned_from_the_first_packet) {
    tunnel t;
    BOOST_TEST(!t.b->has_peer());
    BOOST_TEST(t.b->reserve(40).empty(), "nobody to send to");
    BOOST_TEST(sends(*t.a, ip(100, 1)) == 1u);
    BOOST_TEST((receives(*t.b) == packets{ip(100, 1)}));
    BOOST_TEST(t.b->has_peer());
    BOOST_TEST(sends(*t.b, ip(1400, 2)) == 1u);
    BOOST_TEST((receives(*t.a) == packets{ip(1400, 2)}));
}

BOOST_AUTO_TEST_CASE(frames_and_pieces_arrive_as_one_packet) {
    tunnel t;
    auto const whole = ip(40 + 16 * 50, 3);
    std::array<octets_in, 16> body;
    for (std::size_t i = 0; i < 16; ++i) body[i] = octets_in{whole}.subspan(40 + i * 50, 50);
    BOOST_TEST(sends(*t.a, {whole.begin(), whole.begin() + 40}, body) == 1u);
    BOOST_TEST((receives(*t.b) == packets{whole}));
}

BOOST_AUTO_TEST_CASE(a_burst_takes_as_many_as_there_are_slots_and_the_rest_waits) {
    tunnel t;
    for (int i = 0; i < 40; ++i) BOOST_TEST_REQUIRE(sends(*t.a, ip(60, i)) == static_cast<ticket>(i + 1));
    std::array<arrival, 64> burst;
    auto const first = t.b->arrivals(burst);
    BOOST_TEST_REQUIRE(first.size() == 32u);
    std::array<arrival, 64> more;
    BOOST_TEST(t.b->arrivals(more).empty());
    // Given back out of order, and read only then: slots that are out are not written again.
    for (int i = 31; i >= 0; --i) {
        auto const& one = first[static_cast<std::size_t>(i)];
        BOOST_TEST((packet{one.octets.begin(), one.octets.end()} == ip(60, i)));
        t.b->give_back(one);
    }
    auto const rest = receives(*t.b, 8);
    BOOST_TEST_REQUIRE(rest.size() == 8u);
    for (int i = 0; i < 8; ++i) BOOST_TEST((rest[static_cast<std::size_t>(i)] == ip(60, 32 + i)));
}

BOOST_AUTO_TEST_CASE(strangers_and_what_is_no_ip_packet_are_dropped) {
    tunnel t;
    auto stranger = std::make_unique<udp<>>();
    BOOST_TEST_REQUIRE(stranger->open("127.0.0.1", 0, "127.0.0.1", t.b->local_port()) == 0);
    sends(*stranger, ip(19, 1));                     // too short
    sends(*stranger, ip(60, 1, std::byte{0x50}));    // neither IPv4 nor IPv6
    BOOST_TEST(quiet(*t.b));
    BOOST_TEST(!t.b->has_peer());
    sends(*t.a, ip(60, 2));
    BOOST_TEST(receives(*t.b).size() == 1u);
    sends(*stranger, ip(60, 3));
    BOOST_TEST(quiet(*t.b));
}

BOOST_AUTO_TEST_CASE(packets_longer_than_the_mtu_are_not_sent_and_not_taken) {
    tunnel t;
    BOOST_TEST(t.a->reserve(1401).empty());
    auto const whole = ip(1401, 1);
    std::array<octets_in, 1> const tail{octets_in{whole}.subspan(40)};
    BOOST_TEST(sends(*t.a, {whole.begin(), whole.begin() + 40}, tail) != 0u);
    BOOST_TEST(t.a->last_error() == EMSGSIZE);
    auto large = std::make_unique<udp<udp_options{.mtu = 3000}>>();
    BOOST_TEST_REQUIRE(large->open("127.0.0.1", 0, "127.0.0.1", t.b->local_port()) == 0);
    BOOST_TEST(sends(*large, whole) != 0u);
    BOOST_TEST(quiet(*t.b));
}

BOOST_AUTO_TEST_CASE(ipv6_works_alike, *boost::unit_test::precondition(ipv6_loopback)) {
    tunnel t{"::1"};
    BOOST_TEST(sends(*t.a, ip(60, 2, std::byte{0x60})) == 1u);
    BOOST_TEST((receives(*t.b) == packets{ip(60, 2, std::byte{0x60})}));
    BOOST_TEST(sends(*t.b, ip(61, 3)) == 1u);
    BOOST_TEST((receives(*t.a) == packets{ip(61, 3)}));
}

BOOST_AUTO_TEST_CASE(errors_are_errno_values) {
    auto u = std::make_unique<udp<>>();
    BOOST_TEST(u->open("localhost", 0) == EINVAL, "names are not resolved");
    BOOST_TEST(u->open("127.0.0.1", 0, "::1", 5) == EAFNOSUPPORT);
    BOOST_TEST(u->open("192.0.2.1", 0) == EADDRNOTAVAIL);
    BOOST_TEST(u->descriptor() == -1);
    std::array<arrival, 1> burst;
    BOOST_TEST(u->arrivals(burst).empty());
}

BOOST_AUTO_TEST_CASE(trusting_udp_s_checksum_is_asked_for) {
    static_assert(udp<>::most.check == checksums::stack && udp<>::most.send == checksums::stack);
    using trusting = udp<udp_options{.trust_checksum = true}>;
    static_assert(trusting::most.check == checksums::transport);
    auto a = std::make_unique<trusting>(), b = std::make_unique<trusting>();
    BOOST_TEST_REQUIRE(b->open("127.0.0.1", 0) == 0);
    BOOST_TEST_REQUIRE(a->open("127.0.0.1", 0, "127.0.0.1", b->local_port()) == 0);
    sends(*a, ip(60, 1));
    pollfd wait{b->descriptor(), POLLIN, 0};
    ::poll(&wait, 1, 2000);
    std::array<arrival, 2> burst;
    auto const got = b->arrivals(burst);
    BOOST_TEST_REQUIRE(got.size() == 1u);
    BOOST_TEST(got[0].verified);
}

BOOST_AUTO_TEST_SUITE_END()
