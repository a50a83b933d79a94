// SPDX-License-Identifier: BSL-1.0
// Capture: every packet that crosses, once, with its instant and direction; nothing that was refused.
#include <tenon/transport/capture.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <tenon/transport/memory.hpp>

BOOST_AUTO_TEST_SUITE(transport_capture)

BOOST_AUTO_TEST_CASE(writes_what_crosses_and_changes_nothing) {
    using namespace tenon;
    using namespace tenon::transport;
    memory_pair<memory_options{.slots = 1, .pieces = 2}> pair;
    trace::pcapng_writer<trace::memory_sink>             file;
    using captured = capture<decltype(pair)::end, trace::memory_sink>;
    static_assert(packet_io<captured>);
    static_assert(captured::most.pieces == 2);
    captured a{pair.a(), file, "a"}, b{pair.b(), file, "b"};
    auto const before = file.to().octets.size();

    a.at(instant{5});
    b.at(instant{6});
    std::vector<std::byte> const payload(100, std::byte{7});
    std::array const             body{octets_in{payload}.first(60), octets_in{payload}.subspan(60)};
    auto const                   frame = a.reserve(40);
    std::fill(frame.begin(), frame.end(), std::byte{1});
    BOOST_TEST(a.commit(frame, body, {}) == 1u);
    BOOST_TEST(a.flush() == 1u);
    BOOST_TEST(file.packets() == 1u);
    BOOST_TEST(a.reserve(40).empty());
    BOOST_TEST(a.commit(frame, body, {}) == 0u);  // refused: not written
    BOOST_TEST(file.packets() == 1u);

    std::array<arrival, 4> burst;
    auto const             got = b.arrivals(burst);
    BOOST_REQUIRE(got.size() == 1u);
    BOOST_TEST(got[0].octets.size() == 140u);
    BOOST_TEST((got[0].octets[139] == std::byte{7}));
    b.give_back(got[0]);
    BOOST_TEST(file.packets() == 2u);
    BOOST_TEST(!a.reserve(40).empty());
    // Two blocks of 32 + 140 + 8 + 4 octets; instants and directions as given.
    auto const& octets = file.to().octets;
    BOOST_REQUIRE(octets.size() == before + 2 * 184);
    auto const low = [&](std::size_t at) { return std::to_integer<int>(octets[before + at]); };
    BOOST_TEST(low(16) == 5);
    BOOST_TEST(low(28) == 1);
    BOOST_TEST(low(28 + 40) == 7);
    BOOST_TEST(low(28 + 140 + 4) == 2);
    BOOST_TEST(low(184 + 8) == 1);
    BOOST_TEST(low(184 + 16) == 6);
    BOOST_TEST(low(184 + 28 + 140 + 4) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
