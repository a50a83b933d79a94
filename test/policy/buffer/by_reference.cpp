// SPDX-License-Identifier: BSL-1.0
// By reference: pieces of the application's memory, and cookies that come back in order.
#include "model.hpp"

#include <deque>
#include <type_traits>

#include <tenon/policy/buffer/by_reference.hpp>

namespace {

using namespace tenon;
using test::octets;

static_assert(std::is_trivially_copyable_v<buffer::by_reference<3>>);

struct lent {
    octets memory;
    std::uintptr_t cookie;
    bytes left;
};

template <std::size_t Entries>
void does_what_a_queue_does(std::uint32_t seed) {
    TENON_TEST_REPLAY(seed) {
        test::dice d{seed};
        buffer::by_reference<Entries> store{};
        buffer::nothing home{};
        std::deque<lent> waiting, live;  // waiting: cookies to come back
        std::uintptr_t next = 1;
        for (int step = 0; step < 500; ++step) {
            bytes held = 0;
            octets want;
            for (auto const& l : live) {
                want.insert(want.end(), l.memory.end() - l.left, l.memory.end());
                held += l.left;
            }
            BOOST_TEST_REQUIRE((test::read_all<1>(store, home, 0, held) == want));
            bytes const at = d.up_to(held), n = d.up_to(held - at);
            BOOST_TEST_REQUIRE((test::read_all<2>(store, home, at, n) == octets(want.begin() + at, want.begin() + at + n)));
            bool const full = waiting.size() + live.size() == Entries;
            BOOST_TEST_REQUIRE(store.promise(home) == (full ? held : bytes{1} << 30));

            switch (d.up_to(3)) {
                case 0: {
                    live.push_back({d.fresh(d.up_to(20)), next, 0});
                    auto& l = live.back();
                    l.left = static_cast<bytes>(l.memory.size());
                    bytes const taken = store.refer(home, l.memory, next);
                    BOOST_TEST_REQUIRE(taken == (full ? 0 : l.left));
                    if (taken == 0) live.pop_back();
                    else ++next;
                    break;
                }
                case 1: {
                    bytes gone = d.up_to(held);
                    store.drop(home, gone);
                    while (!live.empty() && gone >= live.front().left) {
                        gone -= live.front().left;
                        waiting.push_back(live.front());
                        live.pop_front();
                    }
                    if (!live.empty()) live.front().left -= gone;
                    break;
                }
                case 2: {
                    auto const cookie = store.released(home);
                    BOOST_TEST_REQUIRE(cookie.has_value() == !waiting.empty());
                    if (!cookie) break;
                    BOOST_TEST_REQUIRE(*cookie == waiting.front().cookie);
                    waiting.pop_front();
                    break;
                }
                default:
                    if (d.up_to(9) != 0) break;
                    store.release(home);
                    for (; !live.empty(); live.pop_front()) waiting.push_back(live.front());
            }
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(buffer_by_reference)

BOOST_AUTO_TEST_CASE(references_come_and_go_like_a_queue) {
    for (auto seed : test::seeds(20)) {
        does_what_a_queue_does<1>(seed);
        does_what_a_queue_does<2>(seed);
        does_what_a_queue_does<7>(seed);
        does_what_a_queue_does<64>(seed);
    }
}

BOOST_AUTO_TEST_CASE(nothing_is_copied) {
    buffer::by_reference<2> store{};
    buffer::nothing home{};
    octets const memory(9);
    BOOST_TEST(store.write(home, 0, memory) == 0u);
    BOOST_TEST(store.refer(home, memory, 5) == 9u);
    std::array<octets_in, 2> pieces{};
    BOOST_TEST(store.read(home, 2, 7, pieces) == 7u);
    BOOST_TEST(pieces[0].data() == memory.data() + 2);
}

BOOST_AUTO_TEST_CASE(an_entry_is_free_only_after_its_cookie_was_collected) {
    buffer::by_reference<1> store{};
    buffer::nothing home{};
    octets const memory(9);
    BOOST_TEST(store.refer(home, memory, 5) == 9u);
    store.drop(home, 9);
    BOOST_TEST(store.refer(home, memory, 6) == 0u);
    BOOST_TEST((store.released(home) == std::uintptr_t{5}));
    BOOST_TEST(store.refer(home, memory, 6) == 9u);
}

BOOST_AUTO_TEST_SUITE_END()
