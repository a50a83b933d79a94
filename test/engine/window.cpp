// SPDX-License-Identifier: BSL-1.0
// What a window field has promised is taken: buffers of every size around the places where the shift changes, segments of sizes
// that leave odd edges, nobody reading (RFC 7323, 2.3 and 2.4; RFC 9293, 3.8.6).
#include <tenon/connection.hpp>
#include <tenon/policy/buffer/region.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "support/requirement.hpp"

using tenon::bytes;
using tenon::sequence;
using tenon::wire::flag;

namespace {

struct policies : tenon::default_policies {
    using send_buffer     = tenon::buffer::ring<1>;
    using receive_buffer  = tenon::buffer::region;
    using acknowledgement = tenon::acknowledgement::delayed<>;
};

// A peer that sends whatever the last ACK lets it, in segments of `size`; the application reads `read` octets after each.
struct flood {
    std::vector<std::byte> memory;
    tenon::buffer::region::home home;
    tenon::buffer::nothing none{};
    tenon::connection<policies> tcp{};
    tenon::instant now{1'000'000};
    sequence const irs{0xffff'0000};
    sequence nxt{irs + 1}, edge{};
    sequence acked{irs + 1};
    std::uint8_t shift{};

    explicit flood(bytes capacity) : memory(capacity), home{memory.data(), capacity} {
        BOOST_REQUIRE((tcp.open(homes(), {{1}, 0}, {.mss = 1460, .fallback = 536}) == tenon::error::none));
        tcp.sent(now, tcp.next(homes()));
        shift = tcp.offered_shift(homes());
        std::array<std::byte, 8> option{};
        tenon::wire::put_window_scale(tenon::wire::put_nop(tenon::wire::put_mss(option.data(), 1460)), 0);
        tcp.input(homes(), now, {.seq = irs, .ack = {2}, .control = flag::syn | flag::ack, .window = 100, .options = option});
        drain();
    }
    tenon::homes<policies> homes() { return {none, home}; }

    void drain() {
        for (auto p = tcp.next(homes()); p; p = tcp.next(homes())) {
            tcp.sent(now, p);
            sequence const told = p.header.ack + (bytes{p.header.window} << shift);
            BOOST_REQUIRE_MESSAGE(edge == sequence{} || told >= edge - ((1u << shift) - 1), "the window has shrunk by more than its unit");
            edge  = told;
            acked = p.header.ack;
        }
    }
    void deliver(bytes size) {
        static std::vector<std::byte> const octets(65'536);
        bytes const n = std::min(size, edge - nxt);
        tcp.input(homes(), now, {.seq = nxt, .ack = {2}, .control = flag::ack, .window = 100, .payload = std::span{octets}.first(n)});
        nxt += n;
        now += tenon::from_s(1);
        tcp.expire(homes(), now);
        drain();
    }
};

constexpr auto capacities = std::to_array<bytes>({1, 100, 1460, 4000, 65'534, 65'535, 65'536, 65'537, 100'001, 131'070, 131'071, 262'143, 300'000});

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_window)

BOOST_AUTO_TEST_CASE(what_was_promised_is_taken, *tenon::test::requirement("7323-8, SHLD-14")) {
    for (bytes const capacity : capacities)
        for (bytes const size : {1460u, 1459u, 999u}) {
            flood f{capacity};
            for (int i = 0; i < 1000 && f.edge > f.nxt; ++i) f.deliver(size);
            BOOST_TEST_CONTEXT("a buffer of " << capacity << ", segments of " << size) {
                BOOST_TEST((f.edge <= f.nxt));
                BOOST_TEST(bytes{f.nxt - f.acked} == 0u);
                BOOST_TEST(f.tcp.readable() == bytes{f.nxt - (f.irs + 1)});
                BOOST_TEST(f.tcp.readable() <= capacity);
                // Not much of the buffer is left unpromised.
                BOOST_TEST(f.tcp.readable() + std::max<bytes>(1460, 2u << f.shift) >= std::min<bytes>(capacity, 65'535u << f.shift));
            }
        }
}

BOOST_AUTO_TEST_SUITE_END()
