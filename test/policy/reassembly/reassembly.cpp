// SPDX-License-Identifier: BSL-1.0
// Reassembly: intervals against a bitmap, and the receive loop of concept.hpp against a reference receiver.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <numeric>
#include <random>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include <tenon/policy/buffer/ring.hpp>
#include <tenon/policy/reassembly/in_order_only.hpp>
#include <tenon/policy/reassembly/interval_list.hpp>

namespace {

using namespace tenon;
using reassembly::in_order_only;
using reassembly::interval;
using reassembly::interval_list;

static_assert(std::is_empty_v<in_order_only> && std::is_trivially_copyable_v<interval_list<8>>);
static_assert(sizeof(interval_list<4>) == 36);

std::ostream& print(std::ostream& o, interval i) { return o << '[' << i.from.value << ',' << i.to.value << ')'; }

std::vector<std::uint32_t> seeds(std::uint32_t count) {
    if (char const* one = std::getenv("TENON_SEED")) return {static_cast<std::uint32_t>(std::strtoul(one, nullptr, 10))};
    std::vector<std::uint32_t> all(count);
    std::iota(all.begin(), all.end(), 0x2018u);
    return all;
}

// The receive side in miniature: what an engine does with each segment, on a ring as receive store.
template <class Reassembly, bytes Window = 256>
struct receiver {
    sequence irs{};
    sequence nxt{irs};
    Reassembly held{};
    buffer::ring<Window> store{};
    buffer::nothing home{};
    std::string delivered{};

    explicit receiver(std::uint32_t start) : irs{start} {}

    // `at`: octets after irs. Trimmed to the window, as admission does. True: something was kept.
    bool arrives(bytes at, std::string const& text) {
        sequence from = irs + at, to = from + static_cast<bytes>(text.size());
        sequence const first = from;
        if (from < nxt) from = earlier(nxt, to);
        to = earlier(to, nxt + Window);
        if (to <= nxt || to <= from) return false;
        if (from != nxt && !held.admits(nxt, from, to)) return false;
        sequence s = from;
        for (auto gap = held.missing(s, to); s = gap.from, !gap.empty(); gap = held.missing(s, to)) {
            auto const part = std::as_bytes(std::span{text}).subspan(gap.from - first, gap.to - gap.from);
            s = gap.from + store.write(home, gap.from - nxt, part);
            BOOST_TEST_REQUIRE((s == gap.to));
        }
        if (from != nxt) return held.accept(nxt, from, s);
        sequence const edge = held.advance(s);
        take(edge - nxt);
        nxt = edge;
        return true;
    }

    void take(bytes n) {
        std::array<octets_in, 2> pieces{};
        BOOST_TEST_REQUIRE(store.read(home, 0, n, pieces) == n);
        for (auto p : pieces) delivered.append(reinterpret_cast<char const*>(p.data()), p.size());
        store.drop(home, n);
    }

    bytes received() const { return nxt - irs; }
};

std::string stream(bytes at, bytes n) {
    std::string s(n, ' ');
    for (bytes i = 0; i < n; ++i) s[i] = static_cast<char>('A' + (at + i) * 7 % 57);
    return s;
}

using every_policy = std::tuple<in_order_only, interval_list<1>, interval_list<3>, interval_list<16>>;

// Before, at, and across the wrap of the sequence space, and across the change of sign.
constexpr std::array<std::uint32_t, 6> starts{0, 1, 0xffffffff, 0xfffffff0, 0x7ffffff5, 0x80000000};

}  // namespace

BOOST_AUTO_TEST_SUITE(reassembly_policy)

// R01: the first copy of an octet stays, in every order of arrival.
BOOST_AUTO_TEST_CASE(r01_inconsistent_overlap_keeps_what_came_first) {
    for (auto start : starts) {
        receiver<interval_list<>> r{start};
        BOOST_TEST(r.arrives(1, "xxxxxxxxx"));    // [1, 10)
        BOOST_TEST(r.arrives(5, "yyyyyyyyyy"));   // [5, 15)
        BOOST_TEST(r.arrives(0, "zzzzz"));        // the hole, and over x with other content
        BOOST_TEST(r.delivered == "zxxxxxxxxxyyyyy");
        BOOST_TEST(!r.arrives(3, "qqqq"));
        BOOST_TEST(r.received() == 15u);

        receiver<interval_list<>> s{start};
        BOOST_TEST(s.arrives(5, "yyyyyyyyyy"));
        BOOST_TEST(s.arrives(1, "xxxxxxxxx"));
        BOOST_TEST(s.arrives(0, "zzzzzzzzzzzzzzzzzz"));
        BOOST_TEST(s.delivered == "zxxxxyyyyyyyyyyzzz");
    }
}

// R02: offsets and lengths of the overlap report in attacks against another stack.
BOOST_AUTO_TEST_CASE(r02_overlap_across_several_blocks) {
    constexpr std::array<std::array<bytes, 2>, 7> list{{{30, 10}, {20, 10}, {10, 10}, {0, 10}, {60, 10}, {70, 10}, {40, 25}}};
    for (auto start : starts) {
        receiver<interval_list<>> r{start};
        for (auto [at, n] : list) BOOST_TEST(r.arrives(at, stream(at, n)));
        BOOST_TEST(r.delivered == stream(0, 80));
        BOOST_TEST(r.held.count() == 0u);
    }
}

// R03: single octets at every second place, backwards and shuffled. The list stays short; in-order data ends the attack.
BOOST_AUTO_TEST_CASE(r03_every_second_octet_fills_the_list_and_no_more) {
    constexpr bytes window = 65536;
    std::vector<bytes> places;
    for (bytes at = 1; at < window; at += 2) places.push_back(at);
    for (int order = 0; order < 2; ++order) {
        if (order == 0) std::reverse(places.begin(), places.end());
        else std::shuffle(places.begin(), places.end(), std::mt19937{3});
        receiver<interval_list<8>, window> r{0xffff0000u};
        std::size_t kept = 0;
        for (auto at : places) {
            kept += r.arrives(at, stream(at, 1));
            BOOST_TEST_REQUIRE(r.held.count() <= 8u);
        }
        BOOST_TEST(kept == 8u);
        BOOST_TEST(r.arrives(0, stream(0, window)));
        BOOST_TEST((r.delivered == stream(0, window)));
        BOOST_TEST(r.held.count() == 0u);
    }
}

// R04: a full list refuses what would need a new place, and takes what does not.
BOOST_AUTO_TEST_CASE(r04_a_full_list_still_takes_what_touches_it_and_what_is_in_order) {
    for (auto start : starts) {
        receiver<interval_list<2>> r{start};
        BOOST_TEST(r.arrives(10, stream(10, 5)));
        BOOST_TEST(r.arrives(30, stream(30, 5)));
        auto const before = r.held;
        BOOST_TEST(!r.arrives(20, stream(20, 5)));
        BOOST_TEST(!r.arrives(16, stream(16, 13)));
        BOOST_TEST((r.held == before));
        BOOST_TEST(r.arrives(35, stream(35, 5)));   // behind
        BOOST_TEST(r.arrives(5, stream(5, 5)));     // before
        BOOST_TEST(r.arrives(12, stream(12, 20)));  // across both
        BOOST_TEST(r.held.count() == 1u);
        BOOST_TEST(r.arrives(0, stream(0, 5)));
        BOOST_TEST(r.delivered == stream(0, 40));
    }
}

// R05: without reassembly the peer sends again, and the stream is still right.
BOOST_AUTO_TEST_CASE(r05_in_order_only_is_correct_and_keeps_nothing) {
    receiver<in_order_only> r{0xfffffffau};
    BOOST_TEST(!r.arrives(5, stream(5, 5)));
    BOOST_TEST(r.arrives(0, stream(0, 5)));
    BOOST_TEST(r.received() == 5u);
    BOOST_TEST(r.arrives(3, stream(3, 7)));
    BOOST_TEST(r.delivered == stream(0, 10));

    receiver<interval_list<1>> kept{0xfffffffau};  // RFC 2525, 2.5: data above the hole is retained
    BOOST_TEST(kept.arrives(5, stream(5, 5)));
    BOOST_TEST(kept.arrives(0, stream(0, 5)));
    BOOST_TEST(kept.received() == 10u);
}

// R06: what is purged is gone, and equal to what never was.
BOOST_AUTO_TEST_CASE(r06_clear_holds_nothing) {
    interval_list<4> list;
    BOOST_TEST(list.accept({0}, {5}, {9}));
    BOOST_TEST(list.accept({0}, {15}, {19}));
    list.clear();
    BOOST_TEST(list.count() == 0u);
    BOOST_TEST((list == interval_list<4>{}));
    BOOST_TEST((list.advance({5}) == sequence{5}));
}

// R07: merging at the edges of the window never counts an octet twice nor beyond the window.
BOOST_AUTO_TEST_CASE(r07_merges_at_the_edge_of_the_window) {
    for (auto start : starts) {
        receiver<interval_list<>, 16> r{start};
        BOOST_TEST(r.arrives(8, stream(8, 100)));
        BOOST_TEST((r.held.block(0) == interval{{start + 8}, {start + 16}}));
        BOOST_TEST(r.arrives(4, stream(4, 100)));
        BOOST_TEST((r.held.block(0) == interval{{start + 4}, {start + 16}}));
        BOOST_TEST(!r.arrives(16, stream(16, 1)));
        BOOST_TEST(r.arrives(0, stream(0, 100)));
        BOOST_TEST(r.delivered == stream(0, 16));
    }
}

// R08: a hole of one octet, filled exactly and with one octet more.
BOOST_AUTO_TEST_CASE(r08_a_tiny_retransmission_delivers_the_rest) {
    for (auto start : starts)
        for (bytes n : {1u, 2u}) {
            receiver<interval_list<>> r{start};
            BOOST_TEST(r.arrives(1, stream(1, 9)));
            BOOST_TEST(r.arrives(0, stream(0, n)));
            BOOST_TEST(r.delivered == stream(0, 10));
        }
}

BOOST_AUTO_TEST_CASE(ranges_outside_the_reach_are_refused) {
    for (auto start : starts) {
        sequence const nxt{start};
        interval_list<4> list;
        BOOST_TEST(!list.accept(nxt, nxt, nxt + 5), "in order, not out of order");
        BOOST_TEST(!list.accept(nxt, nxt + 5, nxt + 5), "empty");
        BOOST_TEST(!list.accept(nxt, nxt + 6, nxt + 5), "backwards");
        BOOST_TEST(!list.accept(nxt, nxt - 1, nxt + 5), "from the past");
        BOOST_TEST(!list.accept(nxt, nxt + 1, nxt + reassembly::reach + 1), "further than any window");
        BOOST_TEST(!list.accept(nxt, nxt + 0x80000000u, nxt + 0x80000001u));
        BOOST_TEST((list == interval_list<4>{}));
        BOOST_TEST(list.accept(nxt, nxt + 1, nxt + reassembly::reach));
    }
}

// RFC 2018, 4: the first block is the one that holds the segment just received, the others follow by recency.
BOOST_AUTO_TEST_CASE(blocks_are_shown_by_recency) {
    interval_list<4> list;
    auto const shown = [&] {
        std::vector<interval> all;
        for (std::size_t i = 0; i < list.count(); ++i) all.push_back(list.block(i));
        return all;
    };
    using blocks = std::vector<interval>;
    // RFC 2018, 7, case 3: segments of 500 octets from 5000 on; the 2nd, 4th, 6th and 8th are lost.
    for (std::uint32_t s : {6000u, 7000u, 8000u}) BOOST_TEST(list.accept({5500}, {s}, {s + 500}));
    BOOST_TEST((shown() == blocks{{{8000}, {8500}}, {{7000}, {7500}}, {{6000}, {6500}}}));
    BOOST_TEST(list.accept({5500}, {6500}, {7000}));  // then the 4th arrives
    BOOST_TEST((shown() == blocks{{{6000}, {7500}}, {{8000}, {8500}}}));
    BOOST_TEST(list.accept({5500}, {8100}, {8200}));  // a duplicate moves its block to the front
    BOOST_TEST((shown() == blocks{{{8000}, {8500}}, {{6000}, {7500}}}));
    BOOST_TEST((list.advance({6000}) == sequence{7500}));  // and the 2nd
    BOOST_TEST((shown() == blocks{{{8000}, {8500}}}));
}

// A FIN beyond a hole takes one sequence number of a range.
BOOST_AUTO_TEST_CASE(a_range_may_end_behind_a_fin) {
    interval_list<4> list;
    BOOST_TEST(list.accept({100}, {105}, {111}));  // ten octets were stored up to 110, which is the FIN
    BOOST_TEST((list.advance({105}) == sequence{111}));
}

// Against a bitmap: random ranges and advances; every call's answer and the whole content.
BOOST_AUTO_TEST_CASE(intervals_are_the_runs_of_a_bitmap) {
    for (auto seed : seeds(200)) BOOST_TEST_CONTEXT("replay with TENON_SEED=" << seed) {
        std::mt19937 d{seed};
        constexpr std::size_t capacity = 5;
        interval_list<capacity> list;
        sequence nxt{seed % 2 ? static_cast<std::uint32_t>(d()) : 0u - static_cast<std::uint32_t>(d() % 400)};
        std::vector<bool> bits(200);  // bit i: nxt + i is held
        auto const runs = [&] {
            std::vector<interval> all;
            for (bytes i = 0; i < bits.size(); ++i) {
                if (!bits[i]) continue;
                bytes const begin = i;
                while (i < bits.size() && bits[i]) ++i;
                all.push_back({nxt + begin, nxt + i});
            }
            return all;
        };
        for (int step = 0; step < 400; ++step) {
            auto const from = static_cast<bytes>(d() % 180), to = from + static_cast<bytes>(1 + d() % 20);
            auto const first = std::find(bits.begin() + from, bits.begin() + to, false);
            auto const last = std::find(first, bits.begin() + to, true);
            interval const gap = list.missing(nxt + from, nxt + to);
            BOOST_TEST_REQUIRE((gap == interval{nxt + bytes(first - bits.begin()), nxt + bytes(last - bits.begin())}));
            if (d() % 4 != 0) {
                auto bolder = bits;
                std::fill(bolder.begin() + from, bolder.begin() + to, true);
                std::swap(bits, bolder);
                bool const fits = from > 0 && runs().size() <= capacity;
                if (!fits) std::swap(bits, bolder);
                BOOST_TEST_REQUIRE(list.admits(nxt, nxt + from, nxt + to) == fits);
                BOOST_TEST_REQUIRE(list.accept(nxt, nxt + from, nxt + to) == fits);
                if (fits) BOOST_TEST_REQUIRE((list.block(0).from <= nxt + from && list.block(0).to >= nxt + to));
            } else {
                auto n = static_cast<bytes>(d() % 30);
                sequence const edge = nxt + n;
                while (n < bits.size() && bits[n]) ++n;
                BOOST_TEST_REQUIRE((list.advance(edge) == nxt + n));
                std::rotate(bits.begin(), bits.begin() + n, bits.end());
                std::fill(bits.end() - n, bits.end(), false);
                nxt += n;
            }
            std::vector<interval> shown;
            for (std::size_t i = 0; i < list.count(); ++i) shown.push_back(list.block(i));
            std::sort(shown.begin(), shown.end(), [&](interval a, interval b) { return a.from - nxt < b.from - nxt; });
            if (shown != runs()) for (auto i : shown) print(std::cerr, i) << '\n';
            BOOST_TEST_REQUIRE((shown == runs()));
        }
    }
}

// A stream cut and shuffled at random, with losses and repetitions, comes out whole.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_shuffled_stream_comes_out_whole, R,
                              every_policy) {
    for (auto seed : seeds(40)) BOOST_TEST_CONTEXT("replay with TENON_SEED=" << seed) {
        std::mt19937 d{seed};
        receiver<R, 97> r{static_cast<std::uint32_t>(0u - d() % 2000)};
        int rounds = 0;
        while (r.received() < 2000) {
            BOOST_TEST_REQUIRE(++rounds < 100'000);
            bytes const edge = r.received();
            bytes const at = edge + static_cast<bytes>(d() % 100) - std::min<bytes>(edge, 20);
            if (at >= 2000) continue;
            bytes const n = std::min<bytes>(1 + static_cast<bytes>(d() % 30), 2000 - at);
            r.arrives(at, stream(at, n));
            BOOST_TEST_REQUIRE(r.held.count() <= R::capacity);
        }
        BOOST_TEST((r.delivered == stream(0, 2000)));
    }
}

BOOST_AUTO_TEST_SUITE_END()
