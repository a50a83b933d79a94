// SPDX-License-Identifier: BSL-1.0
// The test transports themselves: what they count, refuse, batch and cut.
#include <support/test_transports.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace {

using namespace tenon;

// Headers of a segment with sequence number 1000 and all of CWR, PSH, ACK, FIN; checksums open.
std::vector<std::byte> headers(bool v6, std::size_t payload) {
    std::size_t const      ip = v6 ? 40 : 20;
    std::vector<std::byte> h(ip + 32);
    h[0] = std::byte{v6 ? std::uint8_t{0x60} : std::uint8_t{0x45}};
    if (v6) wire::put16(&h[4], static_cast<std::uint16_t>(32 + payload)), h[6] = std::byte{6}, h[23] = h[39] = std::byte{1};
    else wire::put16(&h[2], static_cast<std::uint16_t>(52 + payload)), wire::put16(&h[4], 0xffff), h[9] = std::byte{6}, h[15] = std::byte{1};
    wire::put32(&h[ip + 4], 1000);
    h[ip + 12] = std::byte{0x80};
    h[ip + 13] = std::byte{0x99};
    return h;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transport_memory_decorated)

BOOST_AUTO_TEST_CASE(super_segments_are_cut_into_right_segments) {
    for (bool v6 : {false, true}) {
        transport::memory_pair<transport::memory_options{.slots = 4}> pair;
        test::cutting                card{pair.a()};
        std::vector<std::byte>       body(10'000);
        for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<std::byte>(i * 31 >> 3);
        auto const                   head = headers(v6, body.size());
        auto const                   room = card.reserve(static_cast<bytes>(head.size()));
        std::copy(head.begin(), head.end(), room.begin());
        std::array const             pieces{octets_in{body}.first(3), octets_in{body}.subspan(3)};
        std::uint16_t const          mss = 1401;
        BOOST_TEST(card.commit(room, pieces, {.cut = mss, .header = static_cast<std::uint16_t>(head.size())}) == 1u);
        BOOST_TEST(card.reserve(52).empty());  // four of eight segments fit the wire
        std::vector<std::byte>           rebuilt;
        std::array<transport::arrival, 8> burst;
        std::size_t                       seen = 0;
        for (int round = 0; round < 3; ++round) {
            for (auto const& one : pair.b().arrivals(burst)) {
                auto const ip    = v6 ? 40u : 20u;
                auto const flags = std::to_integer<unsigned>(one.octets[ip + 13]);
                BOOST_TEST(test::checksums_right(one.octets));
                BOOST_TEST(one.octets.size() <= head.size() + mss);
                BOOST_TEST(wire::get32(one.octets.data() + ip + 4) == 1000 + rebuilt.size());
                BOOST_TEST(flags == (seen == 0 ? 0x90u : seen == 7 ? 0x19u : 0x10u));
                if (!v6) BOOST_TEST(wire::get16(one.octets.data() + 2) == one.octets.size());
                if (v6) BOOST_TEST(wire::get16(one.octets.data() + 4) + 40u == one.octets.size());
                rebuilt.insert(rebuilt.end(), one.octets.begin() + static_cast<std::ptrdiff_t>(head.size()), one.octets.end());
                ++seen;
                pair.b().give_back(one);
            }
            card.flush();
        }
        BOOST_TEST(seen == 8u);
        BOOST_TEST((rebuilt == body));
        BOOST_TEST(card.supers == 1u);
    }
}

BOOST_AUTO_TEST_CASE(payload_in_the_frame_counts_as_copied_and_pieces_do_not) {
    test::gather_wire pair;
    test::counting    counted{pair.a()};
    auto const        head = headers(false, 0);
    std::vector<std::byte> const payload(500);
    std::array const  body{octets_in{payload}};
    for (bytes extra : {0u, 7u}) {
        auto const room = counted.reserve(52 + extra);
        std::copy(head.begin(), head.end(), room.begin());
        BOOST_TEST(counted.commit(room, body, {}) != 0u);
    }
    BOOST_TEST(counted.copied == 7u);
    BOOST_TEST(counted.referred == 1000u);
    BOOST_TEST(counted.packets == 2u);
}

BOOST_AUTO_TEST_CASE(the_schedule_says_what_is_refused) {
    test::plain_wire pair;
    test::refusing   stubborn{pair.a(), [](auto k) { return k == 2; }, [](auto k) { return k % 2 == 1; }};
    auto room = stubborn.reserve(40);
    BOOST_TEST(room.size() == 40u);
    BOOST_TEST(stubborn.commit(room, {}, {}) == 0u);
    BOOST_TEST(stubborn.reserve(40).empty());
    room = stubborn.reserve(40);
    BOOST_TEST(stubborn.commit(room, {}, {}) == 1u);
    BOOST_TEST(stubborn.refused == 2u);
}

BOOST_AUTO_TEST_CASE(arrivals_come_in_bursts) {
    test::plain_wire pair;
    test::batching   late{pair.b()};
    std::array<transport::arrival, 64> burst;
    for (int i = 0; i < 31; ++i) pair.a().commit(pair.a().reserve(40), {}, {});
    BOOST_TEST(late.arrivals(burst).empty());
    pair.a().commit(pair.a().reserve(40), {}, {});
    pair.a().commit(pair.a().reserve(40), {}, {});
    auto const got = late.arrivals(burst);
    BOOST_TEST(got.size() == 32u);
    for (auto const& one : got) late.give_back(one);
    BOOST_TEST(late.arrivals(burst).empty());
    BOOST_TEST(late.arrivals(burst).empty());
    BOOST_TEST(late.arrivals(burst).size() == 1u);  // the last one, for lack of more
    BOOST_TEST(late.arrivals(burst).empty());
}

BOOST_AUTO_TEST_SUITE_END()
