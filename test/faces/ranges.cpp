// SPDX-License-Identifier: BSL-1.0
// Ranges: what is sent as a range arrives as a range; short stores, single passes, malformed options.
#include <array>
#include <cstdint>
#include <list>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <range/v3/range/conversion.hpp>
#include <range/v3/view/iota.hpp>
#include <range/v3/view/istream.hpp>
#include <range/v3/view/join.hpp>
#include <range/v3/view/take.hpp>
#include <range/v3/view/transform.hpp>

#include <tenon/endpoint.hpp>
#include <tenon/policy/network/ipv4.hpp>
#include <tenon/ranges.hpp>
#include <tenon/transport/memory.hpp>

using namespace tenon::literals;

namespace {

// Takes what fits, and per call at most `bite`, whatever it promised.
struct sink {
    std::vector<std::byte> octets{};
    std::size_t room{1'000'000}, bite{1'000'000};
    std::vector<std::size_t> calls{};

    tenon::transfer send(tenon::octets_in in) {
        auto const n = std::min({in.size(), room - octets.size(), bite});
        octets.insert(octets.end(), in.begin(), in.begin() + static_cast<std::ptrdiff_t>(n));
        calls.push_back(in.size());
        return {static_cast<tenon::bytes>(n), n == 0 && !in.empty() ? tenon::error::would_block : tenon::error::none};
    }
    tenon::bytes writable() const { return static_cast<tenon::bytes>(room - octets.size()); }
};

auto const counting = ranges::views::iota(0u, 1000u) | ranges::views::transform([](unsigned i) { return static_cast<std::uint8_t>(i * 7); });

std::vector<std::byte> bytes_of(auto&& range) {
    std::vector<std::byte> out;
    for (auto o : range) out.push_back(static_cast<std::byte>(o));
    return out;
}

// A connection over memory, opened.
struct policies : tenon::default_policies {
    using send_buffer    = tenon::buffer::ring<300>;
    using receive_buffer = tenon::buffer::ring<300>;
    using network        = tenon::network::ipv4;
};
struct pair {
    tenon::transport::memory_pair<> wire{};
    tenon::endpoint<policies, tenon::transport::memory_pair<>::end> left{}, right{};
    tenon::instant now{};

    pair() {
        BOOST_TEST((right.listen({tenon::ipv4(192, 0, 2, 2), 7}) == tenon::error::none));
        BOOST_TEST((left.connect(wire.a(), now, {tenon::ipv4(192, 0, 2, 1), 49152}, {tenon::ipv4(192, 0, 2, 2), 7}) == tenon::error::none));
        poll();
    }
    void poll() {
        for (int i = 0; i < 8; ++i) {
            now += 50_ms;
            left.poll(wire.a(), now);
            right.poll(wire.b(), now);
        }
    }
};

tenon::wire::segment with_options(tenon::octets_in options) { return {.options = options}; }

template <class... Int>
std::vector<std::byte> raw(Int... values) { return {static_cast<std::byte>(values)...}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(faces_ranges)

BOOST_AUTO_TEST_CASE(a_contiguous_range_goes_in_one_call) {
    sink s;
    std::string const text(5000, 'x');
    auto const done = tenon::send(s, text);
    BOOST_TEST(done.count == 5000u);
    BOOST_TEST(bool(done));
    BOOST_TEST((done.rest == text.end()));
    BOOST_TEST(s.calls.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_rest_of_a_contiguous_range_can_be_sent_later) {
    sink s{.room = 3};
    std::array<unsigned char, 5> const five{1, 2, 3, 4, 5};
    auto const first = tenon::send(s, five);
    BOOST_TEST(first.count == 3u);
    BOOST_TEST((first.status == tenon::error::would_block));
    s.room = 10;
    auto const second = tenon::send(s, first.rest, five.end());
    BOOST_TEST(second.count == 2u);
    BOOST_TEST((s.octets == raw(1, 2, 3, 4, 5)));
}

BOOST_AUTO_TEST_CASE(an_empty_range_is_sent) {
    sink s{.room = 0};
    BOOST_TEST(bool(tenon::send(s, std::vector<std::byte>{})));
    BOOST_TEST(bool(tenon::send(s, std::list<char>{})));
    BOOST_TEST(s.calls.empty());
}

BOOST_AUTO_TEST_CASE(a_computed_range_goes_through_a_bounded_stage) {
    sink s;
    auto const done = tenon::send(s, counting);
    BOOST_TEST(done.count == 1000u);
    BOOST_TEST((s.octets == bytes_of(counting)));
    BOOST_TEST(s.calls.size() == 4u);  // 256 at a time
}

BOOST_AUTO_TEST_CASE(a_store_that_takes_less_than_it_promised_loses_nothing) {
    sink s{.bite = 11};
    auto at = ranges::begin(counting);
    for (int turns = 0; at != ranges::end(counting) && turns < 1000; ++turns) {
        auto done = tenon::send(s, at, ranges::end(counting));
        BOOST_TEST(done.count > 0u);
        at = done.rest;
    }
    BOOST_TEST((s.octets == bytes_of(counting)));
}

BOOST_AUTO_TEST_CASE(a_single_pass_loses_nothing_at_the_end_of_the_room) {
    std::istringstream in{"hello world"};
    in >> std::noskipws;
    auto range = ranges::istream_view<char>(in);
    sink s{.room = 4};
    auto const first = tenon::send(s, range);
    BOOST_TEST(first.count == 4u);
    BOOST_TEST((first.status == tenon::error::would_block));
    s.room = 100;
    auto const second = tenon::send(s, first.rest, ranges::end(range));
    BOOST_TEST(second.count == 7u);
    BOOST_TEST((s.octets == bytes_of(std::string{"hello world"})));
}

BOOST_AUTO_TEST_CASE(ranges_of_ranges_are_joined_by_the_caller) {
    sink s;
    std::vector<std::string> const words{"a", "", "bc"};
    BOOST_TEST(tenon::send(s, words | ranges::views::join).count == 3u);
    BOOST_TEST((s.octets == raw('a', 'b', 'c')));
}

BOOST_AUTO_TEST_CASE(only_octets_are_octets) {
    static_assert(tenon::octet_range<std::string&>);
    static_assert(tenon::octet_range<std::span<std::byte const>>);
    static_assert(!tenon::octet_range<std::vector<int>&>);
    static_assert(!tenon::octet_range<std::array<bool, 2>&>);
}

BOOST_AUTO_TEST_CASE(errors_of_the_endpoint_come_through) {
    tenon::endpoint<policies, tenon::transport::memory_pair<>::end> closed;
    BOOST_TEST((tenon::send(closed, counting).status == tenon::error::not_open));
    BOOST_TEST((tenon::send(closed, std::string{"x"}).status == tenon::error::not_open));
}

BOOST_AUTO_TEST_CASE(what_arrived_is_one_range_across_the_turn_of_the_ring) {
    using joined = decltype(tenon::received(std::declval<pair&>().left));
    static_assert(ranges::forward_range<joined> && ranges::sized_range<joined> && ranges::view_<joined>);
    auto const p = std::make_unique<pair>();
    bool turned = false;
    auto at = ranges::begin(counting);
    std::vector<std::byte> got;
    for (int turns = 0; got.size() < 1000 && turns < 100; ++turns) {
        auto const done = tenon::send(p->left, at, ranges::end(counting));
        at = done.rest;
        p->poll();
        auto const view = tenon::received(p->right);
        BOOST_TEST(static_cast<std::size_t>(ranges::distance(view)) == view.size());
        BOOST_TEST(view.size() == p->right.readable());
        turned |= view.pieces().size() == 2;
        auto const some = ranges::views::take(view, 170) | ranges::to<std::vector>();
        got.insert(got.end(), some.begin(), some.end());
        p->right.consume(static_cast<tenon::bytes>(some.size()));
    }
    BOOST_TEST(turned);
    BOOST_TEST((got == bytes_of(counting)));
    BOOST_TEST(tenon::received(p->right).size() == 0u);
}

BOOST_AUTO_TEST_CASE(options_come_in_their_order_without_padding) {
    auto const octets = raw(2, 4, 5, 180, 1, 3, 3, 7, 4, 2, 0, 9);
    auto const view = tenon::options_of(with_options(octets));
    static_assert(ranges::forward_range<decltype(view)>);
    auto const kinds = view | ranges::views::transform([](tenon::wire::option o) { return static_cast<int>(o.kind); }) | ranges::to<std::vector>();
    BOOST_TEST(kinds == (std::vector{2, 3, 4}), boost::test_tools::per_element());
    auto const again = ranges::distance(view);  // a second pass sees the same
    BOOST_TEST(again == 3);
    BOOST_TEST((*ranges::begin(view)).body.size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_impossible_length_ends_the_options) {
    BOOST_TEST(ranges::distance(tenon::options_of(with_options(raw(4, 2, 3, 1, 2, 4)))) == 1);
    BOOST_TEST(ranges::distance(tenon::options_of(with_options(raw(4, 2, 3, 9)))) == 1);
    BOOST_TEST(ranges::distance(tenon::options_of(with_options(raw(3)))) == 0);
    BOOST_TEST(ranges::distance(tenon::options_of(with_options({}))) == 0);
}

BOOST_AUTO_TEST_CASE(sack_blocks_are_read_in_place) {
    auto const octets = raw(1, 1, 5, 18, 0, 0, 0, 10, 0, 0, 0, 20, 255, 255, 255, 255, 0, 0, 0, 5);
    auto const s = with_options(octets);
    auto const blocks = tenon::sack_blocks_of(s);
    static_assert(ranges::random_access_range<decltype(blocks)>);
    BOOST_TEST(ranges::distance(blocks) == 2);
    BOOST_TEST((blocks[0] == tenon::wire::sack_block{{10}, {20}}));
    BOOST_TEST((blocks[1] == tenon::wire::sack_block{{0xffff'ffff}, {5}}));
    BOOST_TEST(ranges::distance(tenon::sack_blocks_of(with_options(raw(5, 4, 0, 0)))) == 0);
    BOOST_TEST(ranges::distance(tenon::sack_blocks_of(with_options(raw(1, 1)))) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
