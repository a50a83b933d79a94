// SPDX-License-Identifier: BSL-1.0
// Hosts of other compositions: both versions of IP, sending without a copy, a 32-bit clock; and ICMP.
#include <boost/test/unit_test.hpp>

#include <memory>

#include <tenon/host.hpp>
#include <tenon/policy/buffer/by_reference.hpp>
#include <tenon/policy/clock/tick32.hpp>
#include <tenon/policy/observer/counters.hpp>
#include <tenon/policy/time_wait/none.hpp>
#include <tenon/transport/memory.hpp>
#include <tenon/wire/bytes.hpp>

#include "support/requirement.hpp"

namespace tenon {
namespace {

constexpr host_size few{.connections = 4, .listeners = 2, .half_open = 4, .time_wait = 4};

struct rings : default_policies {
    using send_buffer    = tenon::buffer::ring<2048>;
    using receive_buffer = tenon::buffer::ring<2048>;
    using observer       = tenon::observer::counters;
};

template <class Wire, class Host>
void poll_both(Wire& w, Host& a, Host& b, instant& now, int rounds = 20) {
    for (int i = 0; i < rounds; ++i) {
        a.poll(w.a(), now);
        b.poll(w.b(), now);
        now += 1_ms;
    }
}

BOOST_AUTO_TEST_SUITE(host_variants)

BOOST_AUTO_TEST_CASE(one_listener_takes_both_versions_of_ip) {
    using wire = transport::memory_pair<>;
    auto w = std::make_unique<wire>();
    auto a = std::make_unique<host<rings, wire::end, few>>(), b = std::make_unique<host<rings, wire::end, few>>();
    instant now{1'000'000'000};
    auto const l = *b->listen({{}, 80});
    auto const v4 = a->connect(w->a(), now, {to_mapped(ipv4(192, 0, 2, 2)), 0}, {to_mapped(ipv4(192, 0, 2, 1)), 80});
    auto const v6 = a->connect(w->a(), now, {ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2), 0}, {ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1), 80});
    auto const mixed = a->connect(w->a(), now, {to_mapped(ipv4(192, 0, 2, 2)), 0}, {ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1), 80});
    BOOST_REQUIRE((v4 && v6));
    BOOST_TEST((mixed.status == error::invalid_address));
    poll_both(*w, *a, *b, now);
    auto const one = b->accept(l), two = b->accept(l);
    BOOST_REQUIRE((one && two));
    BOOST_TEST((a->state(*v4) == state::established));
    BOOST_TEST((a->state(*v6) == state::established));
    BOOST_TEST((b->remote(*one).address == to_mapped(ipv4(192, 0, 2, 2))));
    BOOST_TEST(a->connection(*v4)->mss() == 1448u);
    BOOST_TEST(a->connection(*v6)->mss() == 1428u);
}

struct references : rings {
    using send_buffer = tenon::buffer::by_reference<8>;
};

BOOST_AUTO_TEST_CASE(what_is_sent_by_reference_comes_back_when_the_wire_has_read_it) {
    using wire = transport::memory_pair<transport::memory_options{.pieces = 4, .references = true}>;
    auto w = std::make_unique<wire>();
    auto a = std::make_unique<host<references, wire::end, few>>(), b = std::make_unique<host<references, wire::end, few>>();
    references::send_buffer::home near{}, far{};
    buffer::nothing none{};
    a->use(near, none);
    b->use(far, none);
    instant now{1'000'000'000};
    auto const l = *b->listen({{}, 80});
    auto const c = *a->connect(w->a(), now, {to_mapped(ipv4(192, 0, 2, 2)), 0}, {to_mapped(ipv4(192, 0, 2, 1)), 80});
    poll_both(*w, *a, *b, now);
    auto const s = b->accept(l);
    BOOST_REQUIRE(bool(s));
    static constexpr std::byte text[100]{};
    BOOST_TEST(a->send_by_reference(c, text, 77).count == 100u);
    BOOST_TEST(!a->released(c).has_value());
    poll_both(*w, *a, *b, now, 300);
    BOOST_TEST(b->readable(*s) == 100u);
    BOOST_TEST(a->released(c).value_or(0) == 77u);
}

struct ticks : rings {
    using clock     = tenon::clock::tick32<>;
    using time_wait = tenon::time_wait::none;
};

BOOST_AUTO_TEST_CASE(a_clock_of_32_bits_and_no_time_wait) {
    using wire = transport::memory_pair<>;
    auto w = std::make_unique<wire>();
    auto a = std::make_unique<host<ticks, wire::end, few>>(), b = std::make_unique<host<ticks, wire::end, few>>();
    std::uint32_t now = 0xffff'fff0;
    auto const run = [&] {
        for (int i = 0; i < 30; ++i, ++now) {
            a->poll(w->a(), now);
            b->poll(w->b(), now);
        }
    };
    auto const l = *b->listen({{}, 80});
    auto const c = *a->connect(w->a(), now, {to_mapped(ipv4(192, 0, 2, 2)), 0}, {to_mapped(ipv4(192, 0, 2, 1)), 80});
    run();
    auto const s = b->accept(l);
    BOOST_REQUIRE(bool(s));
    BOOST_TEST((a->close(c) == error::none));
    run();
    BOOST_TEST((b->close(*s) == error::none));
    run();
    BOOST_TEST(a->connection_count() == 0u);
    BOOST_TEST(b->connection_count() == 0u);
    BOOST_TEST(a->time_wait_count() == 0u);
    BOOST_TEST(!a->next_deadline(now).has_value());
}

// ICMPv4 destination unreachable about the packet that the wire carries; written at the far end.
template <class End>
void answer_unreachable(End& end, std::uint8_t code) {
    std::array<transport::arrival, 1> room;
    auto const got = end.arrivals(room);
    BOOST_REQUIRE(got.size() == 1u);
    auto const quoted = got[0].octets.first(28);
    auto const frame = end.reserve(56);
    wire::write_ipv4(frame.data(), {.source = ipv4(192, 0, 2, 1), .destination = ipv4(192, 0, 2, 2), .payload = 36});
    frame[9] = std::byte{1};
    wire::put16(frame.data() + 10, 0);
    wire::put16(frame.data() + 10, wire::finish(wire::sum(frame.first(20))));
    auto* const icmp = frame.data() + 20;
    std::fill(icmp, icmp + 8, std::byte{0});
    icmp[0] = std::byte{3};
    icmp[1] = std::byte{code};
    std::copy(quoted.begin(), quoted.end(), icmp + 8);
    wire::put16(icmp + 2, wire::finish(wire::sum(frame.subspan(20))));
    end.give_back(got[0]);
    end.commit(frame, {}, {});
}

BOOST_AUTO_TEST_CASE(an_icmp_error_finds_the_connection_it_quotes, *tenon::test::requirement("MUST-54")) {  // RFC 9293, 3.9.2.2
    using wire = transport::memory_pair<>;
    auto w = std::make_unique<wire>();
    auto a = std::make_unique<host<rings, wire::end, few>>();
    instant now{1'000'000'000};
    auto const other = *a->connect(w->a(), now, {to_mapped(ipv4(192, 0, 2, 2)), 1}, {to_mapped(ipv4(192, 0, 2, 1)), 80});
    a->poll(w->a(), now);
    std::array<transport::arrival, 1> room;
    w->b().give_back(w->b().arrivals(room)[0]);
    auto const c = *a->connect(w->a(), now, {to_mapped(ipv4(192, 0, 2, 2)), 2}, {to_mapped(ipv4(192, 0, 2, 1)), 80});
    a->poll(w->a(), now);
    answer_unreachable(w->b(), 3);
    a->poll(w->a(), now);
    BOOST_TEST((a->failure(c) == error::unreachable));
    BOOST_TEST((a->state(other) == state::syn_sent));
    auto const e = a->next_event();
    BOOST_REQUIRE(e.has_value());
    BOOST_TEST((e->connection == c));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tenon
