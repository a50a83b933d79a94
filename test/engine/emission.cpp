// SPDX-License-Identifier: BSL-1.0
// Octets on the wire: for every way to split the payload, gathered or copied, by whoever makes the checksum, over both versions
// of IP, the packet is the same and its sums are right.
#include <tenon/engine/emission.hpp>
#include <tenon/policy/buffer/by_reference.hpp>
#include <tenon/policy/buffer/ring.hpp>
#include <tenon/policy/checksum/by_transport.hpp>
#include <tenon/policy/checksum/internet.hpp>
#include <tenon/policy/network/both.hpp>
#include <tenon/policy/network/ipv4.hpp>
#include <tenon/policy/network/ipv6.hpp>
#include <tenon/policy/options/offers.hpp>
#include <tenon/transport/memory.hpp>
#include <tenon/wire/parse.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include <support/test_transports.hpp>

#include <boost/test/unit_test.hpp>

#include "support/requirement.hpp"

using tenon::bytes;
using tenon::octets_in;
using tenon::engine::plan;
using tenon::engine::sending;
using tenon::wire::flag;
namespace buffer = tenon::buffer;
namespace engine = tenon::engine;
namespace transport = tenon::transport;

namespace {

constexpr auto offered = tenon::options::standard::offered;

std::vector<std::byte> text(std::size_t n) {
    std::vector<std::byte> v(n);
    for (std::size_t i = 0; i < n; ++i) v[i] = static_cast<std::byte>(i * 37 + 255);
    return v;
}

template <class Network>
engine::tuple<typename Network::address> ends() {
    if constexpr (!Network::v6) return {tenon::ipv4(192, 0, 2, 1), tenon::ipv4(198, 51, 100, 255), 49'999, 80};
    else return {tenon::ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1), tenon::ipv6(0x2001, 0xdb8, 0, 0, 0, 0xffff, 0, 2), 49'999, 80};
}

plan data(bytes n) {
    return {.kind = sending::fresh, .header = {.seq = {0xffff'fff0}, .ack = {77}, .control = flag::ack | flag::psh, .window = 500}, .length = n};
}

// Emits n octets of a store through one memory pair; the packet as the far end gets it.
template <class Network, class Checksum, class Pair, class Store>
std::vector<std::byte> emitted(plan p, Store& store, typename Store::home& home, engine::syn_options<offered> const& syn = {}) {
    auto const pair = std::make_unique<Pair>();
    if (p.kind == sending::syn) p.header.options = static_cast<std::uint8_t>(engine::handshake_octets(syn));
    auto const ticket = engine::emission<Network, Checksum, typename Pair::end>{pair->a()}.segment(
        ends<Network>(), p, [&](std::byte* out) { engine::write_handshake(out, syn); }, store, home);
    BOOST_REQUIRE(ticket != 0u);
    std::array<transport::arrival, 2> room;
    auto const got = pair->b().arrivals(room);
    BOOST_REQUIRE(got.size() == 1u);
    return {got[0].octets.begin(), got[0].octets.end()};
}

// A reference store lends a piece for each reference.
buffer::by_reference<8> in_pieces(std::vector<std::byte> const& whole, std::vector<std::size_t> const& cuts) {
    buffer::by_reference<8> store;
    buffer::nothing none;
    std::size_t from = 0;
    for (auto const to : cuts) {
        if (to != from) BOOST_REQUIRE(store.refer(none, std::span{whole}.subspan(from, to - from), 0) == to - from);
        from = to;
    }
    if (from != whole.size()) store.refer(none, std::span{whole}.subspan(from), 0);
    return store;
}

using plain     = transport::memory_pair<transport::memory_options{.slots = 1}>;
using gathering = transport::memory_pair<transport::memory_options{.slots = 1, .pieces = 8}>;
template <transport::checksums Who, std::uint8_t Pieces>
using offloading = transport::memory_pair<transport::memory_options{.slots = 1, .pieces = Pieces, .send = Who, .check = transport::checksums::transport}>;

using every_network = std::tuple<tenon::network::ipv4, tenon::network::ipv6, tenon::network::both>;

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_emission)

// RFC 1071, 2 (B): a piece of odd length turns what follows.
BOOST_TEST_DECORATOR(*tenon::test::requirement("MUST-2"))
BOOST_AUTO_TEST_CASE_TEMPLATE(every_split_gives_the_same_right_packet, network, every_network) {
    for (std::size_t const n : {1u, 2u, 3u, 7u, 64u, 67u}) {
        auto const whole = text(n);
        buffer::nothing none;
        auto one = in_pieces(whole, {});
        auto const expected = emitted<network, tenon::checksum::internet, plain>(data(static_cast<bytes>(n)), one, none);
        BOOST_TEST(tenon::test::checksums_right(expected));
        BOOST_TEST(expected.size() == network::header(ends<network>().remote) + 20 + n);
        for (std::size_t a = 0; a <= n; ++a)
            for (std::size_t b = a; b <= n; b += n > 10 ? 5 : 1) {
                auto split = in_pieces(whole, {a, b});
                BOOST_REQUIRE((emitted<network, tenon::checksum::internet, plain>(data(static_cast<bytes>(n)), split, none) == expected));
                BOOST_REQUIRE((emitted<network, tenon::checksum::internet, gathering>(data(static_cast<bytes>(n)), split, none) == expected));
                BOOST_REQUIRE((emitted<network, tenon::checksum::by_transport, gathering>(data(static_cast<bytes>(n)), split, none) == expected));
            }
    }
}

// A ring lends two pieces where its end is; also of odd lengths.
BOOST_AUTO_TEST_CASE(a_ring_is_read_over_its_end) {
    auto const whole = text(40);
    buffer::nothing none;
    auto one = in_pieces(whole, {});
    auto const expected = emitted<tenon::network::ipv4, tenon::checksum::internet, plain>(data(40), one, none);
    for (bytes skip = 0; skip < 67; ++skip) {
        buffer::ring<67> ring;
        ring.drop(none, skip);
        BOOST_REQUIRE(ring.write(none, 0, whole) == 40u);
        BOOST_REQUIRE((emitted<tenon::network::ipv4, tenon::checksum::internet, plain>(data(40), ring, none) == expected));
        BOOST_REQUIRE((emitted<tenon::network::ipv4, tenon::checksum::internet, gathering>(data(40), ring, none) == expected));
    }
}

// What the transport completes: nothing at all, or the folded sum of the pseudo-header in the field.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_transport_that_sums_gets_what_it_needs, network, every_network) {
    using transport::checksums;
    auto const whole = text(33);
    buffer::nothing none;
    auto one = in_pieces(whole, {5, 20});
    auto const sum_field = [](std::vector<std::byte> const& packet) {
        return tenon::wire::get16(packet.data() + tenon::test::ip_header_of(packet) + 16);
    };
    auto const pseudo = [](std::vector<std::byte> const& packet) {
        std::uint64_t sum = tenon::test::pseudo_header_sum(packet);
        while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
        return static_cast<std::uint16_t>(sum);
    };
    auto const check = [&](auto const& wholly, auto const& partly) {
        BOOST_TEST(sum_field(wholly) == 0u);
        BOOST_TEST(sum_field(partly) == pseudo(partly));
        // The rest of the sum, added as such a transport does, makes it right.
        auto finished = partly;
        auto const ip = tenon::test::ip_header_of(finished);
        auto const sum = tenon::test::folded_sum(octets_in{finished}.subspan(ip));
        tenon::wire::put16(finished.data() + ip + 16, static_cast<std::uint16_t>(~sum));
        BOOST_TEST(tenon::test::checksums_right(finished));
    };
    using by_transport = tenon::checksum::by_transport;
    check(emitted<network, by_transport, offloading<checksums::transport, 8>>(data(33), one, none),
          emitted<network, by_transport, offloading<checksums::partial, 8>>(data(33), one, none));
    check(emitted<network, by_transport, offloading<checksums::transport, 0>>(data(33), one, none),
          emitted<network, by_transport, offloading<checksums::partial, 0>>(data(33), one, none));
    // Who does not ask makes it all the same.
    BOOST_TEST(tenon::test::checksums_right(emitted<network, tenon::checksum::internet, offloading<checksums::partial, 8>>(data(33), one, none)));
}

// More references than the transport takes pieces: the segment ends earlier, and without what belongs to its end.
BOOST_AUTO_TEST_CASE(a_segment_is_shortened_to_the_pieces_there_are) {
    auto const whole = text(30);
    buffer::nothing none;
    auto store = in_pieces(whole, {4, 9, 12, 20});
    using narrow = transport::memory_pair<transport::memory_options{.slots = 1, .pieces = 2}>;
    auto p = data(30);
    p.header.control |= flag::fin;
    auto const pair = std::make_unique<narrow>();
    engine::emission<tenon::network::ipv4, tenon::checksum::internet, narrow::end> out{pair->a()};
    BOOST_REQUIRE((out.segment(ends<tenon::network::ipv4>(), p, [](std::byte*) {}, store, none) != 0u));
    BOOST_TEST(p.length == 9u);
    BOOST_TEST((!p.has(flag::fin) && !p.has(flag::psh) && p.has(flag::ack)));
    std::array<transport::arrival, 1> room;
    auto const packet = pair->b().arrivals(room)[0].octets;
    BOOST_TEST(packet.size() == 49u);
    BOOST_TEST(tenon::test::checksums_right(packet));
    // A full transport refuses, and takes nothing.
    auto again = data(5);
    BOOST_TEST((out.segment(ends<tenon::network::ipv4>(), again, [](std::byte*) {}, store, none) == 0u));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(headers_say_what_the_plan_says, network, every_network) {
    buffer::ring<8> store;
    buffer::nothing none;
    auto const packet = emitted<network, tenon::checksum::internet, plain>(data(0), store, none);
    BOOST_TEST(tenon::test::checksums_right(packet));
    tenon::wire::segment s;
    BOOST_REQUIRE((tenon::wire::parse(octets_in{packet}.subspan(tenon::test::ip_header_of(packet)), s) == tenon::wire::parse_error::none));
    BOOST_TEST((s.source == 49'999 && s.destination == 80 && s.seq.value == 0xffff'fff0 && s.ack.value == 77 && s.window == 500));
    BOOST_TEST((s.control == (flag::ack | flag::psh) && s.options.empty() && s.payload.empty()));
}

BOOST_AUTO_TEST_CASE(a_syn_carries_its_options) {
    buffer::ring<8> store;
    buffer::nothing none;
    for (bool const scales : {false, true}) {
        plan p{.kind = sending::syn, .header = {.seq = {9}, .control = flag::syn, .window = 1}};
        auto const packet = emitted<tenon::network::both, tenon::checksum::internet, gathering>(p, store, none, {.mss = 1440, .shift = 3, .scales = scales});
        BOOST_TEST(tenon::test::checksums_right(packet));
        tenon::wire::segment s;
        BOOST_REQUIRE((tenon::wire::parse(octets_in{packet}.subspan(40), s) == tenon::wire::parse_error::none));
        auto const options = engine::read_handshake<offered>(s.options);
        BOOST_TEST((options.mss == 1440 && options.scales == scales && options.window_scale == (scales ? 3 : 0)));
        BOOST_TEST(s.payload.empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
