// SPDX-License-Identifier: BSL-1.0
// The pair of queues: bounds, order, gathering, references and their tickets.
#include <tenon/transport/memory.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace {

using namespace tenon;
using namespace tenon::transport;

using packets = std::vector<std::vector<std::byte>>;

std::vector<std::byte> numbered(std::size_t n, int first = 0) {
    std::vector<std::byte> made(n);
    for (std::size_t i = 0; i < n; ++i) made[i] = static_cast<std::byte>(static_cast<std::size_t>(first) + i);
    return made;
}

template <class End>
ticket sends(End& end, std::vector<std::byte> const& frame, std::span<octets_in const> body = {}, departure how = {}) {
    auto const room = end.reserve(static_cast<bytes>(frame.size()));
    if (room.empty()) return 0;
    std::copy(frame.begin(), frame.end(), room.begin());
    return end.commit(room, body, how);
}

template <class End>
packets receives(End& end) {
    std::array<arrival, 4> burst;
    packets                all;
    for (auto got = end.arrivals(burst); !got.empty(); got = end.arrivals(burst))
        for (auto const& one : got) {
            all.emplace_back(one.octets.begin(), one.octets.end());
            end.give_back(one);
        }
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transport_memory)

BOOST_AUTO_TEST_CASE(packets_arrive_whole_and_in_order_in_both_directions) {
    memory_pair<memory_options{.slots = 8}> wire;
    for (int i = 0; i < 5; ++i) BOOST_TEST(sends(wire.a(), numbered(100 + static_cast<std::size_t>(i), i)) == static_cast<ticket>(i + 1));
    BOOST_TEST(sends(wire.b(), numbered(1500)) == 1u);
    auto const at_b = receives(wire.b());
    BOOST_REQUIRE(at_b.size() == 5u);
    for (int i = 0; i < 5; ++i) BOOST_TEST((at_b[static_cast<std::size_t>(i)] == numbered(100 + static_cast<std::size_t>(i), i)));
    BOOST_TEST((receives(wire.a()) == packets{numbered(1500)}));
    BOOST_TEST(receives(wire.a()).empty());
}

BOOST_AUTO_TEST_CASE(a_full_queue_lends_no_room_until_a_packet_is_given_back) {
    memory_pair<memory_options{.slots = 4}> wire;
    for (int i = 0; i < 4; ++i) BOOST_TEST(sends(wire.a(), numbered(40, i)) != 0u);
    BOOST_TEST(wire.a().reserve(40).empty());
    std::array<arrival, 8> burst;
    auto const             got = wire.b().arrivals(burst);
    BOOST_REQUIRE(got.size() == 4u);
    BOOST_TEST(wire.a().reserve(40).empty());  // handed over is not given back
    wire.b().give_back(got[1]);
    BOOST_TEST(wire.a().reserve(40).empty());  // slots come free in order
    wire.b().give_back(got[0]);
    BOOST_TEST(sends(wire.a(), numbered(40)) != 0u);
    BOOST_TEST(sends(wire.a(), numbered(40)) != 0u);
    BOOST_TEST(wire.a().reserve(40).empty());
}

BOOST_AUTO_TEST_CASE(order_and_bounds_hold_over_many_turns_of_the_ring) {
    memory_pair<memory_options{.slots = 4, .mtu = 256}> wire;
    for (int i = 0; i < 10'000; ++i) {
        BOOST_REQUIRE(sends(wire.a(), numbered(50, i)) == static_cast<ticket>(i + 1));
        if (i % 3 == 2) {
            auto const got = receives(wire.b());
            BOOST_REQUIRE(got.size() == 3u);
            BOOST_REQUIRE((got[2] == numbered(50, i)));
        }
    }
}

BOOST_AUTO_TEST_CASE(nothing_above_the_limits_is_taken) {
    memory_pair<memory_options{.mtu = 576}> wire;
    auto& a = wire.a();
    BOOST_TEST(sends(a, numbered(576)) == 1u);
    BOOST_TEST(sends(a, numbered(577)) == 0u);
    BOOST_TEST(a.reserve(65'535).empty());
    auto const piece = numbered(10);
    std::array const body{octets_in{piece}};
    BOOST_TEST(sends(a, numbered(40), body) == 0u);               // takes no pieces
    BOOST_TEST(sends(a, numbered(40), {}, {.cut = 10}) == 0u);    // cuts nothing
    std::array<std::byte, 40> foreign{};
    BOOST_TEST(a.commit(foreign, {}, {}) == 0u);                  // not a frame of ours
    auto const room = a.reserve(100);
    a.cancel(room);
    BOOST_TEST(sends(a, numbered(40)) == 2u);                     // a cancelled frame leaves no trace
    BOOST_TEST(receives(wire.b()).size() == 2u);
}

BOOST_AUTO_TEST_CASE(pieces_are_copied_behind_the_frame) {
    memory_pair<memory_options{.pieces = 3}> wire;
    auto piece = numbered(500, 40), second = numbered(7, 540);
    std::array const body{octets_in{piece}, octets_in{}, octets_in{second}};
    BOOST_TEST(sends(wire.a(), numbered(40), body) == 1u);
    BOOST_TEST(wire.a().flush() == 1u);
    std::fill(piece.begin(), piece.end(), std::byte{});           // no longer read
    BOOST_TEST((receives(wire.b()) == packets{numbered(547)}));
    std::array const too_many{octets_in{piece}, octets_in{piece}, octets_in{}, octets_in{second}};
    BOOST_TEST(sends(wire.a(), numbered(40), too_many) == 0u);
}

BOOST_AUTO_TEST_CASE(referenced_pieces_are_free_when_the_wire_has_read_them) {
    memory_pair<memory_options{.slots = 4, .pieces = 2, .references = true}> wire;
    auto& a = wire.a();
    static_assert(std::remove_reference_t<decltype(a)>::most.keeps);
    auto piece = numbered(500, 40);
    std::array const body{octets_in{piece}};
    BOOST_TEST(sends(a, numbered(40), body) == 1u);
    BOOST_TEST(sends(a, numbered(40)) == 2u);
    BOOST_TEST(sends(a, numbered(40), body) == 3u);
    BOOST_TEST(a.flush() == 0u);
    piece[0] = std::byte{0xff};                                   // still read: what changes now is sent changed
    std::array<arrival, 2> burst;
    auto const             got = wire.b().arrivals(burst);
    BOOST_REQUIRE(got.size() == 2u);
    BOOST_TEST((got[0].octets[40] == std::byte{0xff}));
    BOOST_TEST(got[0].octets.size() == 540u);
    BOOST_TEST(a.flush() == 2u);
    wire.b().give_back(got[0]);
    wire.b().give_back(got[1]);
    BOOST_TEST(receives(wire.b()).size() == 1u);
    BOOST_TEST(a.flush() == 3u);
}

BOOST_AUTO_TEST_CASE(a_super_segment_arrives_merged_and_verified) {
    memory_pair<memory_options{.slots = 2, .pieces = 8, .segments = 44, .send = checksums::transport, .check = checksums::transport}> wire;
    auto const body = numbered(60'000);
    std::array const pieces{octets_in{body}};
    BOOST_TEST(sends(wire.a(), numbered(52), pieces, {.cut = 1448, .tcp_offset = 20, .header = 52}) == 1u);
    BOOST_TEST(sends(wire.a(), numbered(52), pieces) == 0u);      // larger than the MTU and not to be cut
    std::array<arrival, 2> burst;
    auto const             got = wire.b().arrivals(burst);
    BOOST_REQUIRE(got.size() == 1u);
    BOOST_TEST(got[0].octets.size() == 60'052u);
    BOOST_TEST(got[0].cut == 1448u);
    BOOST_TEST(got[0].verified);
}

BOOST_AUTO_TEST_SUITE_END()
