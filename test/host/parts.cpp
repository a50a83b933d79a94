// SPDX-License-Identifier: BSL-1.0
// The parts of a host, each alone: rings of indices, aged slots, ready queue, demultiplexing chains, ports, keys.
#include <boost/test/unit_test.hpp>

#include <deque>
#include <set>
#include <vector>

#include <tenon/host/aged_slots.hpp>
#include <tenon/host/demux_table.hpp>
#include <tenon/host/index_rings.hpp>
#include <tenon/host/keys.hpp>
#include <tenon/host/port_allocator.hpp>
#include <tenon/host/ready_queue.hpp>
#include <tenon/policy/demux/array.hpp>
#include <tenon/policy/demux/keyed_hash.hpp>
#include <tenon/policy/network/both.hpp>
#include <tenon/policy/network/ipv4.hpp>
#include <tenon/policy/random/splitmix64.hpp>

namespace tenon {
namespace {

constexpr std::uint64_t seed = 20'261'121;  // replay: the same number

BOOST_AUTO_TEST_SUITE(host_parts)

BOOST_AUTO_TEST_CASE(rings_agree_with_deques) {
    index_rings<3, 20> rings;
    std::deque<std::uint32_t> model[3];
    random::splitmix64 r;
    r.seed(seed);
    BOOST_TEST_MESSAGE("seed " << seed);
    for (int step = 0; step < 20'000; ++step) {
        auto const i = random::below(r, 20);
        auto const ring = random::below(r, 3);
        bool const held = rings.contains(i);
        switch (random::below(r, 4)) {
            case 0:
                if (!held) { rings.push_back(i, ring); model[ring].push_back(i); }
                break;
            case 1:
                if (!held) { rings.push_front(i, ring); model[ring].push_front(i); }
                break;
            case 2:
                rings.erase(i);
                for (auto& m : model) std::erase(m, i);
                break;
            default: {
                auto const got = rings.pop_front(ring);
                BOOST_REQUIRE(got.has_value() == !model[ring].empty());
                if (got) {
                    BOOST_REQUIRE_EQUAL(*got, model[ring].front());
                    model[ring].pop_front();
                }
            }
        }
        for (std::uint32_t k = 0; k < 3; ++k) {
            BOOST_REQUIRE(rings.empty(k) == model[k].empty());
            if (!model[k].empty()) BOOST_REQUIRE_EQUAL(rings.front(k).value(), model[k].front());
        }
    }
}

BOOST_AUTO_TEST_CASE(slots_know_their_age_and_come_back) {
    aged_slots<3> s;
    auto const a = s.take().value(), b = s.take().value(), c = s.take().value();
    BOOST_TEST((std::set{a, b, c}.size() == 3));
    BOOST_TEST(s.full());
    BOOST_TEST(!s.take().has_value());
    BOOST_TEST(s.oldest().value() == a);
    s.refresh(a);
    BOOST_TEST(s.oldest().value() == b);
    s.give_back(b);
    BOOST_TEST(s.oldest().value() == c);
    BOOST_TEST(s.count() == 2u);
    BOOST_TEST(s.take().value() == b);
    s.give_back(a);
    s.give_back(b);
    s.give_back(c);
    BOOST_TEST(s.count() == 0u);
    BOOST_TEST(!s.oldest().has_value());
}

BOOST_AUTO_TEST_CASE(events_of_one_connection_coalesce_and_keep_their_turn) {
    ready_queue<4> q;
    q.push(2, ready::readable);
    q.push(1, ready::writable);
    q.push(2, ready::closed);
    auto const first = q.pop();
    BOOST_TEST(first->id == 2u);
    BOOST_TEST((first->bits == (ready::readable | ready::closed)));
    BOOST_TEST(q.pop()->id == 1u);
    BOOST_TEST(!q.pop().has_value());
}

BOOST_AUTO_TEST_CASE(what_is_noted_waits_for_its_announcement) {
    ready_queue<4> q;
    q.note(3, ready::opened | ready::readable);
    BOOST_TEST(q.empty());
    q.forget(3, ready::opened);
    q.announce(3);
    BOOST_TEST((q.pop()->bits == ready::readable));
    q.note(3, ready::opened);
    q.forget(3, ready::opened);
    q.announce(3);
    BOOST_TEST(q.empty());
    q.push(0, ready::readable);
    q.forget(0);
    BOOST_TEST(!q.pop().has_value());
}

// Few hashes, so that chains are long and hashes collide.
BOOST_AUTO_TEST_CASE_TEMPLATE(chains_find_what_was_put_in_and_nothing_else, D, decltype(std::tuple<demux::keyed_hash, demux::array>{})) {
    demux_table<D, 16> t;
    std::vector<std::optional<std::uint32_t>> model(16);
    random::splitmix64 r;
    r.seed(seed);
    BOOST_TEST_MESSAGE("seed " << seed);
    for (int step = 0; step < 20'000; ++step) {
        auto const id = random::below(r, 16);
        if (model[id]) {
            t.erase(id);
            model[id].reset();
        } else {
            model[id] = random::below(r, 4) << 28;
            t.insert(id, *model[id]);
            BOOST_REQUIRE_EQUAL(t.hash(id), *model[id]);
        }
        for (std::uint32_t h = 0; h < 4; ++h) {
            std::set<std::uint32_t> found, expected;
            for (auto i = t.first(h << 28); i != t.none; i = t.next(i)) BOOST_REQUIRE(found.insert(i).second);
            for (std::uint32_t i = 0; i < 16; ++i)
                if (model[i] == h << 28) expected.insert(i);
            BOOST_REQUIRE(found == expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_port_of_the_range_gets_its_turn_and_no_other) {
    port_allocator a;
    a.use({1000, 1009});
    std::set<std::uint16_t> seen;
    for (int i = 0; i < 10; ++i) seen.insert(a.next(0x1234'5678'9abc'def0));
    BOOST_TEST(seen.size() == 10u);
    BOOST_TEST(*seen.begin() == 1000u);
    BOOST_TEST(*seen.rbegin() == 1009u);
}

BOOST_AUTO_TEST_CASE(ports_start_elsewhere_for_each_peer) {
    port_allocator a;
    BOOST_TEST(a.range().first == 49152u);
    BOOST_TEST(a.range().last == 65535u);
    std::set<std::uint16_t> starts;
    random::splitmix64 r;
    r.seed(seed);
    for (int i = 0; i < 100; ++i) starts.insert(a.next(std::uint64_t{r.next()} << 32 | r.next()));
    BOOST_TEST(starts.size() > 90u);
    // RFC 6056, 3.3.4: towards one peer they follow each other.
    auto const one = a.next(42), two = a.next(42);
    BOOST_TEST(two == one + 1);
}

BOOST_AUTO_TEST_CASE(keys_differ_by_purpose_and_by_secret) {
    std::set<initial_sequence::secret_key> keys;
    for (auto p : {key_for::initial_sequence, key_for::demux, key_for::ports, key_for::flows}) {
        keys.insert(derive_key({1, 2}, p));
        keys.insert(derive_key({1, 3}, p));
    }
    BOOST_TEST(keys.size() == 8u);
}

BOOST_AUTO_TEST_CASE(a_flow_hash_depends_on_both_ends_and_spreads) {
    using ends = engine::tuple<ipv4_address>;
    ends const e{ipv4(192, 0, 2, 1), ipv4(192, 0, 2, 2), 80, 1024};
    auto const h = [](ends const& x) { return flow_hash<network::ipv4>(x, {7, 8}); };
    BOOST_TEST(h(e) == h(e));
    BOOST_TEST(h(e) != flow_hash<network::ipv4>(e, {7, 9}));
    auto other = e;
    other.remote_port = 1025;
    BOOST_TEST(h(e) != h(other));
    std::array<unsigned, 4> parts{};
    for (std::uint16_t port = 1024; port < 5120; ++port) {
        other.remote_port = port;
        ++parts[std::uint64_t{h(other)} * 4 >> 32];
    }
    for (unsigned n : parts) BOOST_TEST((n > 900 && n < 1150));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tenon
