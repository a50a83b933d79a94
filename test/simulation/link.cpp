// SPDX-License-Identifier: BSL-1.0
// The link: exact times, exact bounds, faults one at a time.
#include <tenon/simulation/link.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <optional>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace {

using namespace tenon;
using namespace tenon::simulation;

std::vector<std::byte> packet_of(std::size_t n, std::uint32_t tag = 0) {
    std::vector<std::byte> made(n, std::byte{0xa5});
    for (std::size_t i = 0; i < 4 && i < n; ++i) made[i] = static_cast<std::byte>(tag >> (8 * i));
    return made;
}

struct delivered {
    instant                at;
    std::uint32_t          tag;
    std::vector<std::byte> octets;
};

template <class Link>
std::vector<delivered> everything(Link& l, instant until = instant{} + from_s(1'000'000)) {
    std::vector<delivered> all;
    while (auto const got = l.deliver(until)) {
        auto const    octets = l[got->first].read();
        std::uint32_t tag    = 0;
        for (std::size_t i = 4; i-- > 0;) tag = tag << 8 | std::to_integer<std::uint32_t>(octets[i]);
        all.push_back({got->second, tag, {octets.begin(), octets.end()}});
        l.release(got->first);
    }
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(simulation_link)

BOOST_AUTO_TEST_CASE(transmission_takes_whole_nanoseconds_rounded_up) {
    // 1500 octets and 2 of PPP at 10 Mbit/s: 12,016 bits, 1,201,600 ns. At 3 bit/s: 8/3 s per octet.
    BOOST_TEST((simulation::link{{.rate = 10'000'000, .overhead = 2}}.transmission_time(1500) == 1'201'600_ns));
    BOOST_TEST((simulation::link{{.rate = 3}}.transmission_time(1) == 2'666'666'667_ns));
    BOOST_TEST((simulation::link{{.rate = 100'000'000'000}}.transmission_time(1) == 1_ns));
    BOOST_TEST((simulation::link{{}}.transmission_time(1500) == 0_ns));
    BOOST_TEST((simulation::link{{.rate = 9'600}}.transmission_time(65'535) == 54'612'500'000_ns));
}

BOOST_AUTO_TEST_CASE(packets_arrive_after_their_turn_and_the_delay) {
    simulation::link l{{.rate = 8'000'000, .delay = 20_ms}};  // an octet takes 1 us
    auto const t0 = instant{} + 5_ms;
    l.send(packet_of(1000, 0), t0);
    l.send(packet_of(500, 1), t0);
    BOOST_TEST((l.next_event() == t0 + 1_ms));
    l.send(packet_of(100, 2), t0 + 10_ms);        // the wire has been idle since 6.5 ms
    auto const got = everything(l);
    BOOST_REQUIRE(got.size() == 3u);
    BOOST_TEST((got[0].at == t0 + 21_ms));
    BOOST_TEST((got[1].at == t0 + 1'500_us + 20_ms));
    BOOST_TEST((got[2].at == t0 + 10'100_us + 20_ms));
    BOOST_TEST(got[2].tag == 2u);
    BOOST_TEST(!l.next_event());
}

BOOST_AUTO_TEST_CASE(deliveries_do_not_depend_on_how_often_the_link_is_asked) {
    simulation::link lazy{{.rate = 1'000'000, .delay = 3_ms}}, eager{{.rate = 1'000'000, .delay = 3_ms}};
    std::vector<instant> seen;
    for (std::uint32_t i = 0; i < 50; ++i) {
        auto const now = instant{} + from_us(i * 700);
        lazy.send(packet_of(60 + i, i), now);
        eager.send(packet_of(60 + i, i), now);
        for (int k = 0; k < 7; ++k)
            for (auto const& d : everything(eager, now + from_us(100 * k))) seen.push_back(d.at);
    }
    for (auto const& d : everything(eager)) seen.push_back(d.at);
    std::vector<instant> once;
    for (auto const& d : everything(lazy)) once.push_back(d.at);
    BOOST_TEST((seen == once));
    BOOST_TEST(seen.size() == 50u);
}

BOOST_AUTO_TEST_CASE(a_queue_of_n_packets_holds_n_beside_the_one_in_transmission) {
    for (std::size_t n : {0u, 1u, 5u, 200u}) {
        simulation::link l{{.rate = 1'000}, drop_tail{.packets = n}};
        for (std::size_t i = 0; i < n + 3; ++i) l.send(packet_of(100), instant{});
        BOOST_TEST(l.counts()[happening::overflow] == 2u);
        BOOST_TEST(l.waiting().packets == n);
        l.send(packet_of(100), instant{} + 800_ms);  // exactly when the first has been sent: a place is free, if there is one
        BOOST_TEST(l.counts()[happening::overflow] == 2u);
        BOOST_TEST(everything(l).size() == n + 2);
    }
}

BOOST_AUTO_TEST_CASE(a_queue_of_octets_counts_packets_without_link_overhead) {
    simulation::link l{{.rate = 1'000, .overhead = 38}, drop_tail{.octets = 1'000}};
    l.send(packet_of(1'500), instant{});             // transmitted at once: not counted
    l.send(packet_of(600), instant{});
    l.send(packet_of(401), instant{});               // one octet too many
    BOOST_TEST(l.counts()[happening::overflow] == 1u);
    l.send(packet_of(400), instant{});
    BOOST_TEST(l.counts()[happening::overflow] == 1u);
    BOOST_TEST(l.waiting().octets == 1'000u);
}

BOOST_AUTO_TEST_CASE(loss_strikes_after_the_queue) {
    simulation::link l{{.rate = 8'000'000}, {}, listed_loss{{1, 3}}};
    for (std::uint32_t i = 1; i <= 4; ++i) l.send(packet_of(1000, i), instant{});
    auto const got = everything(l);
    BOOST_REQUIRE(got.size() == 2u);
    BOOST_TEST(got[0].tag == 2u);
    BOOST_TEST((got[0].at == instant{} + 2_ms));     // the lost one took its millisecond of the wire
    BOOST_TEST(got[1].tag == 4u);
    BOOST_TEST(l.counts()[happening::lose] == 2u);
    BOOST_TEST(l.pool().in_use() == 0u);
}

BOOST_AUTO_TEST_CASE(a_script_may_choose_what_is_lost) {
    simulation::link l{{}, {}, chosen_loss{[](std::uint64_t, octets_in p) { return p.size() == 77; }}};
    l.send(packet_of(77), instant{});
    l.send(packet_of(78), instant{});
    BOOST_TEST(everything(l).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_reordered_packet_is_overtaken_within_its_extra_delay) {
    simulation::link l{{.delay = 10_ms, .reorder = percent(20), .reorder_delay = 5_ms, .seed = 3}};
    for (std::uint32_t i = 0; i < 1'000; ++i) l.send(packet_of(40, i), instant{} + from_ms(i));
    auto const    got  = everything(l);
    std::uint64_t late = 0;
    BOOST_REQUIRE(got.size() == 1'000u);
    for (auto const& d : got) {
        auto const took = d.at - (instant{} + from_ms(d.tag));
        BOOST_TEST((took == 10_ms || took == 15_ms));
        late += took == 15_ms;
    }
    BOOST_TEST(late == l.counts()[happening::reorder]);
    BOOST_TEST(late > 140u);
    BOOST_TEST(late < 260u);
}

BOOST_AUTO_TEST_CASE(a_duplicate_follows_its_original) {
    simulation::link l{{.delay = 1_ms, .duplicate = percent(100)}};
    l.send(packet_of(40, 9), instant{});
    auto const got = everything(l);
    BOOST_REQUIRE(got.size() == 2u);
    BOOST_TEST((got[0].octets == got[1].octets));
    BOOST_TEST((got[1].at == instant{} + 1_ms));
    BOOST_TEST(l.pool().in_use() == 0u);
}

BOOST_AUTO_TEST_CASE(corruption_flips_one_bit_anywhere) {
    simulation::link l{{.corrupt = percent(100)}};
    std::array<bool, 20 * 8> hit{};
    for (int i = 0; i < 5'000; ++i) {
        l.send(packet_of(20), instant{});
        auto const got    = everything(l);
        auto const before = packet_of(20);
        std::size_t bits = 0, where = 0;
        for (std::size_t k = 0; k < 20; ++k) {
            auto const diff = std::to_integer<unsigned>(got.at(0).octets[k] ^ before[k]);
            bits += static_cast<std::size_t>(std::popcount(diff));
            if (diff != 0) where = k * 8 + static_cast<std::size_t>(std::countr_zero(diff));
        }
        BOOST_REQUIRE(bits == 1u);
        hit[where] = true;
    }
    for (bool bit : hit) BOOST_TEST(bit);
}

BOOST_AUTO_TEST_CASE(a_packet_may_leave_later) {
    simulation::link l{{.rate = 8'000'000}};
    auto const i = l.take();
    l[i].octets  = 1000;
    l.send(i, instant{}, instant{} + 7_ms);
    BOOST_TEST((l.next_event() == instant{} + 7_ms));
    auto const got = everything(l);
    BOOST_REQUIRE(got.size() == 1u);
    BOOST_TEST((got[0].at == instant{} + 8_ms));
}

BOOST_AUTO_TEST_CASE(a_marking_queue_marks_what_is_ecn_capable_and_drops_the_rest) {
    // An IPv4 header with ECT(0); its checksum is filled in.
    std::array<std::uint8_t, 20> const header{0x45, 2, 0, 0x14, 0, 0, 0x40, 0, 0x40, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2};
    auto const sum_of = [](octets_in p) {
        std::uint32_t sum = 0;
        for (std::size_t i = 0; i < 20; i += 2) sum += wire::get16(p.data() + i);
        return ((sum & 0xffff) + (sum >> 16)) & 0xffff;
    };
    std::array<std::byte, 20> v4{};
    for (std::size_t i = 0; i < 20; ++i) v4[i] = std::byte{header[i]};
    wire::put16(v4.data() + 10, static_cast<std::uint16_t>(~sum_of(v4)));
    BOOST_REQUIRE(sum_of(v4) == 0xffffu);

    basic_link<step_marking, no_loss> l{{.rate = 8'000}, step_marking{.mark = 1}};
    for (int i = 0; i < 3; ++i) l.send(v4, instant{});  // transmitted, waiting, marked
    auto const got = everything(l);
    BOOST_REQUIRE(got.size() == 3u);
    BOOST_TEST((got[1].octets[1] == std::byte{2}));
    BOOST_TEST((got[2].octets[1] == std::byte{3}));
    BOOST_TEST(sum_of(got[2].octets) == 0xffffu);

    std::array<std::byte, 40> v6{std::byte{0x60}, std::byte{0x10}};  // ECT(1)
    BOOST_TEST(mark_congestion_experienced(v6));
    BOOST_TEST((v6[1] == std::byte{0x30}));
    v6[1] = std::byte{0x0f};                                         // only a flow label
    BOOST_TEST(!mark_congestion_experienced(v6));
    BOOST_TEST((v6[1] == std::byte{0x0f}));
    for (int i = 0; i < 3; ++i) l.send(v6, instant{} + 100_s);
    BOOST_TEST(l.counts()[happening::overflow] == 1u);
}

BOOST_AUTO_TEST_CASE(a_steady_state_takes_no_memory) {
    simulation::link l{{.rate = 100'000'000, .delay = 10_ms, .duplicate = percent(1)}, drop_tail{.packets = 50}, bernoulli_loss{percent(1)}};
    instant now{};
    std::size_t after_warm_up = 0;
    auto const one = packet_of(1'000);
    for (int i = 0; i < 50'000; ++i) {
        now += 79_us;
        l.send(one, now);
        while (auto const got = l.deliver(now)) l.release(got->first);
        if (i == 10'000) after_warm_up = l.pool().capacity();
    }
    BOOST_TEST(l.pool().capacity() == after_warm_up);
    BOOST_TEST(after_warm_up <= 256u);
}

BOOST_AUTO_TEST_CASE(the_recorder_sees_waiting_times) {
    recorder<> seen;
    simulation::link l{{.rate = 8'000'000}};
    l.record(&seen);
    for (int i = 0; i < 4; ++i) l.send(packet_of(1000), instant{});
    everything(l);
    BOOST_TEST(seen.counts()[happening::deliver] == 4u);
    BOOST_TEST(seen.queueing().count() == 4u);
    BOOST_TEST((seen.queueing().least() == 0_ns));
    BOOST_TEST((seen.queueing().most() == 3_ms));
    BOOST_TEST((seen.queueing().mean() == 1'500_us));
    BOOST_TEST((seen.queueing().quantile(1'000) == 3_ms));
    auto const half = seen.queueing().quantile(500);
    BOOST_TEST((half >= 1_ms && half <= 1'125_us));
    BOOST_TEST(seen.log().lines() == 12u);  // enqueue, transmit, deliver
}

BOOST_AUTO_TEST_SUITE_END()
