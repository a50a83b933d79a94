// SPDX-License-Identifier: BSL-1.0
// Ring and region: the same circle, inside the value and in the user's memory.
#include "model.hpp"

#include <cstring>
#include <type_traits>
#include <utility>

#include <tenon/policy/buffer/region.hpp>
#include <tenon/policy/buffer/ring.hpp>

namespace {

using namespace tenon;
using test::octets;

static_assert(std::is_trivially_copyable_v<buffer::ring<7>> && std::is_trivially_copyable_v<buffer::region>);
static_assert(sizeof(buffer::ring<256>) == 257 && sizeof(buffer::ring<65536>) == 65538, "the index is as small as it can be");
static_assert(buffer::capacity_of<buffer::ring<536>> == 536 && buffer::capacity_of<buffer::region> == bytes{1} << 30);

std::optional<bytes> what_fits(bytes most, bytes at, bytes n) { return at < most ? std::min(n, most - at) : 0; }

template <class Store>
void runs_like_a_vector(Store& store, typename Store::home& home, bytes size, std::uint32_t seed) {
    TENON_TEST_REPLAY(seed) BOOST_TEST_CONTEXT("size " << size) {
        test::dice d{seed + size};
        test::modelled<Store> both{store, home, size};
        for (int step = 0; step < 120; ++step) {
            BOOST_TEST_REQUIRE(store.promise(home) == size);
            switch (d.up_to(4)) {
                case 0: case 1: both.write(d, what_fits); break;
                case 2: case 3: both.drop(d); break;
                default: if (d.up_to(9) == 0) both.release(); break;
            }
            both.check();
        }
    }
}

template <std::size_t... N>
void every_size(std::index_sequence<N...>, std::uint32_t seed) {
    (([&] {
        buffer::ring<N + 1> store{};
        buffer::nothing home{};
        runs_like_a_vector(store, home, N + 1, seed);
    }()), ...);
}

octets text(char const* s) {
    octets o(std::strlen(s));
    std::memcpy(o.data(), s, o.size());
    return o;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(buffer_ring)

BOOST_AUTO_TEST_CASE(rings_of_1_to_40_octets_do_what_a_vector_does) {
    for (auto seed : test::seeds(5)) every_size(std::make_index_sequence<40>{}, seed);
}

BOOST_AUTO_TEST_CASE(regions_of_1_to_40_octets_do_what_a_vector_does) {
    for (auto seed : test::seeds(5))
        for (bytes size = 1; size <= 40; ++size) {
            octets memory(size + 2, std::byte{0xa5});
            buffer::region store{};
            buffer::region_memory home{memory.data() + 1, size};
            runs_like_a_vector(store, home, size, seed);
            BOOST_TEST((memory.front() == std::byte{0xa5} && memory.back() == std::byte{0xa5}), "wrote outside the region");
        }
}

BOOST_AUTO_TEST_CASE(octets_that_wrap_come_back_in_two_pieces) {
    buffer::ring<5> store{};
    buffer::nothing home{};
    BOOST_TEST(store.write(home, 0, text("abcde")) == 5u);
    store.drop(home, 3);
    BOOST_TEST(store.write(home, 2, text("fghi")) == 3u);
    std::array<octets_in, 3> pieces{};
    BOOST_TEST(store.read(home, 0, 5, pieces) == 5u);
    BOOST_TEST(pieces[0].size() == 2u);
    BOOST_TEST(pieces[1].size() == 3u);
    BOOST_TEST(pieces[2].empty());
    BOOST_TEST(store.read(home, 0, 5, {pieces.data(), 1}) == 2u);
    BOOST_TEST(store.read(home, 0, 5, {}) == 0u);
    BOOST_TEST((test::read_all<1>(store, home, 0, 5) == text("defgh")));
}

BOOST_AUTO_TEST_CASE(offsets_beyond_the_ring_store_and_lend_nothing) {
    buffer::ring<5> store{};
    buffer::nothing home{};
    std::array<octets_in, 2> pieces{};
    for (bytes at : {5u, 6u, 0x7fffffffu, 0xffffffffu}) {
        BOOST_TEST(store.write(home, at, text("x")) == 0u);
        BOOST_TEST(store.read(home, at, 1, pieces) == 0u);
    }
    BOOST_TEST((store == buffer::ring<5>{}));
    BOOST_TEST(store.write(home, 0, {}) == 0u);
    BOOST_TEST(store.read(home, 4, 0xffffffffu, pieces) == 1u);
}

BOOST_AUTO_TEST_CASE(a_region_without_memory_promises_nothing) {
    buffer::region store{};
    buffer::region_memory none{};
    BOOST_TEST(store.promise(none) == 0u);
    BOOST_TEST(store.write(none, 0, text("x")) == 0u);
    store.drop(none, 0);
    BOOST_TEST((store == buffer::region{}));
}

BOOST_AUTO_TEST_SUITE_END()
