// SPDX-License-Identifier: BSL-1.0
// Pool: many stores on one slab.
#include "model.hpp"

#include <cstring>
#include <memory>
#include <type_traits>

#include <tenon/policy/buffer/pool.hpp>

namespace {

using namespace tenon;
using test::octets;

static_assert(std::is_trivially_copyable_v<buffer::pool<64, 1000>>);
static_assert(sizeof(buffer::pool<512, 200>) == 8 && sizeof(buffer::pool<4096, 100'000>) == 12);
static_assert(std::is_trivially_copyable_v<buffer::pool_memory<4, 8>>);

template <class Pool, std::size_t Stores>
void shares_a_slab(std::uint32_t seed, std::size_t chunks) {
    TENON_TEST_REPLAY(seed) {
        test::dice d{seed};
        auto slab = std::make_unique<typename Pool::home>();
        std::array<Pool, Stores> stores{};
        std::vector<test::modelled<Pool>> both;
        for (auto& s : stores) both.emplace_back(s, *slab, Pool::capacity);
        for (int step = 0; step < 600; ++step) {
            auto& one = both[d.up_to(Stores - 1)];
            switch (d.up_to(5)) {
                case 0: case 1: one.write(d); break;
                case 2: case 3: case 4: one.drop(d); break;
                default: if (d.up_to(5) == 0) one.release(); break;
            }
            for (std::size_t i = 0; i < Stores; ++i) {
                both[i].check();
                if (both[i].blank()) BOOST_TEST_REQUIRE((stores[i] == Pool{}), "a store without octets owns something");
            }
        }
        for (auto& one : both) one.release();
        BOOST_TEST(slab->spare() == chunks);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(buffer_pool)

BOOST_AUTO_TEST_CASE(stores_on_one_slab_do_what_vectors_do) {
    for (auto seed : test::seeds(8)) {
        shares_a_slab<buffer::pool<4, 30>, 3>(seed, 30);             // exhausts often
        shares_a_slab<buffer::pool<1, 5, 3>, 2>(seed, 5);            // the smallest chunk
        shares_a_slab<buffer::pool<8, 1000, 100>, 4>(seed, 1000);    // never exhausts; a maximum that is no whole chunk
        shares_a_slab<buffer::pool<16, 1>, 2>(seed, 1);              // one chunk for two
    }
}

BOOST_AUTO_TEST_CASE(idle_stores_reserve_nothing) {
    using store = buffer::pool<1024, 8>;
    auto slab = std::make_unique<store::home>();
    std::vector<store> many(100'000);
    octets const some(1000);
    for (auto& s : many) {
        BOOST_TEST_REQUIRE(s.write(*slab, 0, some) == 1000u);
        s.drop(*slab, 1000);
        BOOST_TEST_REQUIRE(slab->spare() == 8u);
    }
}

// R06: a connection that ends with data out of order gives its memory back.
BOOST_AUTO_TEST_CASE(release_with_a_hole_returns_every_chunk) {
    using store = buffer::pool<16, 64>;
    store::home slab{};
    octets const some(20);
    for (int i = 0; i < 1'000'000; ++i) {
        store s{};
        if (s.write(slab, 100, some) != 20) BOOST_FAIL("leaked by round " << i);
        s.release(slab);
    }
    BOOST_TEST(slab.spare() == 64u);
}

// R04: memory held out of order is bounded per connection, and what fills the hole is always stored.
BOOST_AUTO_TEST_CASE(a_hole_before_held_octets_can_always_be_filled) {
    using store = buffer::pool<16, 20>;
    store::home slab{};
    store a{}, b{}, c{};
    octets const one(1), all(256);
    BOOST_TEST(a.write(slab, 255, one) == 1u);
    BOOST_TEST(slab.spare() == 4u);
    BOOST_TEST(b.write(slab, 60, one) == 1u);
    BOOST_TEST(slab.spare() == 0u);
    BOOST_TEST(c.promise(slab) == 0u);
    BOOST_TEST(c.write(slab, 0, one) == 0u);
    BOOST_TEST((c == store{}));
    BOOST_TEST(a.write(slab, 0, {all.data(), 255}) == 255u);
    BOOST_TEST(b.write(slab, 0, all) == 64u);
    BOOST_TEST(a.write(slab, 256, one) == 0u, "beyond the maximum of a store");
}

BOOST_AUTO_TEST_CASE(a_write_that_cannot_reach_its_offset_takes_no_chunk) {
    using store = buffer::pool<16, 3>;
    store::home slab{};
    store s{};
    octets const some(40);
    BOOST_TEST(s.write(slab, 48, some) == 0u);
    BOOST_TEST(slab.spare() == 3u);
    BOOST_TEST(s.write(slab, 47, some) == 1u);
    BOOST_TEST(slab.spare() == 0u);
}

BOOST_AUTO_TEST_CASE(a_promise_leaves_three_quarters_of_the_spare_chunks_to_others) {
    using store = buffer::pool<16, 40>;
    store::home slab{};
    store s{}, t{};
    BOOST_TEST(s.promise(slab) == 160u);
    octets const some(160);
    BOOST_TEST(t.write(slab, 0, some) == 160u);
    BOOST_TEST(s.promise(slab) == 128u);
    BOOST_TEST(t.promise(slab) == 256u, "ten held, eight more, but at most the maximum");
}

BOOST_AUTO_TEST_SUITE_END()
