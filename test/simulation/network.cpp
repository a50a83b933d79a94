// SPDX-License-Identifier: BSL-1.0
// The run loop, with nodes that play ping-pong over ports; and that a run depends on nothing but its seed.
#include <tenon/simulation/network.hpp>

#include <array>
#include <cstddef>
#include <optional>

#include <boost/test/unit_test.hpp>
#include <tenon/simulation/port.hpp>
#include <tenon/simulation/recorder.hpp>

namespace {

using namespace tenon;
using namespace tenon::simulation;

// Answers every packet with one of the same size; serves again if it has heard nothing for a while.
struct player {
    bool                   serves{};
    bytes                  size{100};
    duration               patience{1_s};
    std::optional<instant> deadline{};
    std::uint64_t          heard{}, served{};

    template <class Transport>
    void poll(Transport& t, instant now) {
        if (serves && !deadline) deadline = now;
        std::array<transport::arrival, 4> burst;
        for (auto got = t.arrivals(burst); !got.empty(); got = t.arrivals(burst))
            for (auto const& one : got) {
                ++heard;
                t.give_back(one);
                if (serves) deadline = now + patience;
                hit(t);
            }
        if (deadline && *deadline <= now) {
            ++served;
            deadline = now + patience;
            hit(t);
        }
        t.flush();
    }
    std::optional<instant> next_deadline(instant) const { return deadline; }

private:
    template <class Transport>
    void hit(Transport& t) {
        if (auto const room = t.reserve(size); !room.empty()) {
            for (auto& octet : room) octet = std::byte{1};
            t.commit(room, {}, {});
        }
    }
};

struct match {
    network    net{};
    simulation::link there, back;
    port<>     left{there, back, net.time()}, right{back, there, net.time()};
    player     one{.serves = true}, two{};
    attached<player, port<>> a{one, left}, b{two, right};
    recorder<trace::memory_sink> seen{};

    explicit match(link_options const& o, any_loss loss = {}) : there{o, {}, loss}, back{o, {}, loss} {
        back.options().id = 1;
        there.record(&seen);
        back.record(&seen);
        net.add(there);
        net.add(back);
        net.add(a);
        net.add(b);
    }
};

std::uint64_t hash_of_a_run(std::uint64_t seed) {
    match m{{.rate = 10'000'000, .delay = 7_ms, .overhead = 2, .reorder = percent(5), .reorder_delay = 9_ms,
             .duplicate = percent(2), .corrupt = percent(3), .seed = seed},
            gilbert_elliott_loss{.to_bad = percent(1), .to_good = percent(30)}};
    m.one.patience = 50_ms;
    m.net.run(instant{} + 20_s);
    return m.seen.hash();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(simulation_network)

BOOST_AUTO_TEST_CASE(a_round_trip_takes_two_transmissions_and_two_delays) {
    match m{{.rate = 8'000'000, .delay = 10_ms}};  // 100 octets: 0.1 ms
    BOOST_TEST((m.net.run(instant{} + 1_s, [&] { return m.one.heard == 1; }) == outcome::done));
    BOOST_TEST((m.net.now() == instant{} + 20'200_us));
    BOOST_TEST((m.net.run(instant{} + 1_s) == outcome::time_up));
    BOOST_TEST((m.net.now() == instant{} + 1_s));
    BOOST_TEST(m.one.heard == 49u);                // 1000 / 20.2
    BOOST_TEST(m.one.served == 1u);
}

BOOST_AUTO_TEST_CASE(deadlines_are_met_exactly_when_all_is_lost) {
    match m{{.rate = 8'000'000}, bernoulli_loss{percent(100)}};
    m.net.run(instant{} + 10_s);
    BOOST_TEST(m.one.served == 11u);
    BOOST_TEST(m.net.steps() == 20u);              // ten deadlines, and ten transmissions that ended in time
}

BOOST_AUTO_TEST_CASE(the_script_changes_a_link_at_its_instant) {
    match m{{.rate = 8'000'000, .delay = 10_ms}};
    m.net.at(instant{} + 500_ms, [&] { m.there.loss() = bernoulli_loss{percent(100)}; });
    m.net.at(instant{} + 600_ms, [&] { m.there.loss() = no_loss{}; });
    m.net.run(instant{} + 1_s);
    BOOST_TEST(m.one.served == 1u);
    m.net.run(instant{} + 3_s);
    BOOST_TEST(m.one.served == 2u);
    BOOST_TEST(m.there.counts()[happening::lose] == 1u);
}

BOOST_AUTO_TEST_CASE(nothing_to_do_is_quiet_and_a_deadline_that_stays_is_a_stall) {
    struct idle {
        std::optional<instant> at{};
        void poll(instant) {}
        std::optional<instant> next_deadline(instant) const { return at; }
    } node;
    network net;
    net.add(node);
    BOOST_TEST((net.run(instant{} + 1_s) == outcome::quiet));
    node.at = instant{} + 1_ms;
    BOOST_TEST((net.run(instant{} + 1_s) == outcome::stalled));
    BOOST_TEST((net.now() == instant{} + 1_ms));
}

BOOST_AUTO_TEST_CASE(things_at_one_instant_happen_in_the_order_they_were_put_in) {
    scheduler<int> s;
    for (int i = 0; i < 100; ++i) s.push(instant{i % 3}, i);
    std::optional<std::pair<instant, int>> last;
    for (; !s.empty(); ) {
        auto const next = s.pop();
        if (last) BOOST_TEST((last->first < next.first || (last->first == next.first && last->second < next.second)));
        last = next;
    }
}

BOOST_AUTO_TEST_CASE(a_port_refuses_what_its_concept_says) {
    match m{{}};
    BOOST_TEST(m.left.reserve(1501).empty());
    auto const room = m.left.reserve(1500);
    BOOST_TEST(room.size() == 1500u);
    std::array const body{octets_in{room}};
    BOOST_TEST(m.left.commit(room, body, {}) == 0u);
    m.left.cancel(room);
    auto const again = m.left.reserve(40);
    BOOST_TEST(m.left.commit(again, {}, {.leave = instant{} + 3_ms}) == 1u);
    BOOST_TEST(m.left.commit(again, {}, {}) == 0u);  // committed already
    BOOST_TEST((m.net.next_event() == instant{} + 3_ms));
    m.left.mtu(576);
    BOOST_TEST(m.left.limits().mtu == 576u);
    BOOST_TEST(m.left.reserve(577).empty());
}

// The constant is the same for every compiler, word size and optimization; it changes when the simulation does.
BOOST_AUTO_TEST_CASE(a_seed_gives_one_run) {
    BOOST_TEST(hash_of_a_run(42) == hash_of_a_run(42));
    BOOST_TEST(hash_of_a_run(42) != hash_of_a_run(43));
    BOOST_TEST(hash_of_a_run(42) == 867368214098601573u);
}

BOOST_AUTO_TEST_SUITE_END()
