// SPDX-License-Identifier: BSL-1.0
// Impairment over a memory pair.
#include <tenon/transport/impairment.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <tenon/transport/memory.hpp>

namespace {

using namespace tenon;
using namespace tenon::transport;
using namespace tenon::literals;
using simulation::percent;

using joined = memory_pair<memory_options{.slots = 64, .mtu = 1500}>;
using plain  = joined::end;
static_assert(packet_io<impairment<plain>>);

template <class T>
bool sends(T& to, bytes size, std::uint8_t first = 0) {
    auto const room = to.reserve(size);
    if (room.empty()) return false;
    std::fill(room.begin(), room.end(), std::byte{0x5a});
    room[0] = std::byte{first};
    return to.commit(room, {}, {}) != 0;
}

template <class T>
std::vector<std::vector<std::byte>> receives(T& from) {
    std::vector<std::vector<std::byte>> all;
    std::array<arrival, 8>              burst;
    for (auto got = from.arrivals(burst); !got.empty(); got = from.arrivals(burst))
        for (auto const& one : got) {
            all.emplace_back(one.octets.begin(), one.octets.end());
            from.give_back(one);
        }
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transport_impairment)

BOOST_AUTO_TEST_CASE(without_faults_packets_pass_at_once) {
    joined     pair;
    impairment path{pair.a(), simulation::link_options{}, simulation::link_options{}};
    BOOST_TEST(sends(path, 1500, 1));
    path.flush();
    BOOST_TEST(receives(pair.b()).size() == 1u);
    BOOST_TEST(sends(pair.b(), 40, 2));
    BOOST_TEST(receives(path).size() == 1u);
    BOOST_TEST(!path.next_event());
}

BOOST_AUTO_TEST_CASE(each_direction_has_its_own_delay) {
    joined     pair;
    impairment path{pair.a(), simulation::link_options{.delay = 10_ms}, simulation::link_options{.delay = 3_ms}};
    path.advance(instant{} + 1_s);
    sends(path, 100);
    sends(pair.b(), 100);
    path.flush();
    BOOST_TEST(receives(path).empty());
    BOOST_TEST((path.next_event() == instant{} + 1_s + 3_ms));
    path.advance(*path.next_event());
    BOOST_TEST(receives(path).size() == 1u);
    BOOST_TEST((path.next_event() == instant{} + 1_s + 10_ms));
    path.advance(instant{} + 1_s + 10_ms - 1_ns);
    BOOST_TEST(receives(pair.b()).empty());
    path.advance(instant{} + 1_s + 10_ms);
    BOOST_TEST(receives(pair.b()).size() == 1u);
    BOOST_TEST(!path.next_event());
}

BOOST_AUTO_TEST_CASE(a_full_transport_below_is_tried_again_and_nothing_is_lost) {
    joined     pair;
    impairment path{pair.a(), simulation::link_options{.delay = 1_ms}, simulation::link_options{}};
    for (int i = 0; i < 100; ++i) BOOST_TEST(sends(path, 40, static_cast<std::uint8_t>(i)));
    path.advance(instant{} + 1_ms);
    BOOST_TEST((path.next_event() == instant{} + 2_ms));  // 36 wait, and the loop may sleep
    BOOST_TEST(receives(pair.b()).size() == 64u);
    path.advance(instant{} + 2_ms);
    auto const rest = receives(pair.b());
    BOOST_TEST(rest.size() == 36u);
    BOOST_TEST((rest.front()[0] == std::byte{64}));
    BOOST_TEST(!path.next_event());
}

BOOST_AUTO_TEST_CASE(queue_and_rate_hold_on_the_sending_side) {
    joined     pair;
    // 1000 octets at 8 Mbit/s take 1 ms; one is transmitted, three wait, the fifth and sixth are dropped.
    impairment path{pair.a(), simulation::link{{.rate = 8'000'000}, simulation::drop_tail{.packets = 3}},
                        simulation::link{{}}};
    for (int i = 0; i < 6; ++i) BOOST_TEST(sends(path, 1000));
    for (int ms = 1; ms <= 4; ++ms) {
        BOOST_TEST((path.next_event() == instant{} + from_ms(ms)));
        path.advance(*path.next_event());
        BOOST_TEST(receives(pair.b()).size() == 1u);
    }
    BOOST_TEST(!path.next_event());
    BOOST_TEST(path.sending().counts()[simulation::happening::overflow] == 2u);
}

BOOST_AUTO_TEST_CASE(corruption_flips_exactly_one_bit_and_unverifies) {
    memory_pair<memory_options{.check = checksums::transport}> pair;
    impairment path{pair.a(), simulation::link_options{.corrupt = percent(100)}, simulation::link_options{.corrupt = percent(50)}};
    for (int i = 0; i < 64; ++i) {
        sends(path, 200, 0x5a);
        path.flush();
        auto const got = receives(pair.b());
        BOOST_REQUIRE(got.size() == 1u);
        int flipped = 0;
        for (auto octet : got[0]) flipped += std::popcount(std::to_integer<unsigned>(octet ^ std::byte{0x5a}));
        BOOST_TEST(flipped == 1);
        sends(pair.b(), 200, 0x5a);
        std::array<arrival, 1> burst;
        auto const             back = path.arrivals(burst);
        BOOST_REQUIRE(back.size() == 1u);
        auto const whole = std::all_of(back[0].octets.begin(), back[0].octets.end(), [](auto o) { return o == std::byte{0x5a}; });
        BOOST_TEST(back[0].verified == whole);
        path.give_back(back[0]);
    }
}

BOOST_AUTO_TEST_CASE(nothing_above_the_mtu_below_is_taken) {
    joined     pair;
    impairment path{pair.a(), simulation::link_options{}, simulation::link_options{}};
    BOOST_TEST(path.reserve(1501).empty());
    BOOST_TEST(sends(path, 1500));
    BOOST_TEST(path.limits().mtu == 1500u);
}

BOOST_AUTO_TEST_CASE(a_link_keeps_what_is_known_of_merged_packets) {
    simulation::link in{{.largest = 65'600}};
    std::vector<std::byte> big(60'000, std::byte{1});
    BOOST_TEST(in.send(big, instant{}, 1448, true));
    auto const got = in.deliver(instant{});
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(in[got->first].cut == 1448u);
    BOOST_TEST(in[got->first].octets == 60'000u);
    BOOST_TEST(!in.send(std::vector<std::byte>(70'000), instant{}));
}

BOOST_AUTO_TEST_SUITE_END()
