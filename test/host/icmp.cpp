// SPDX-License-Identifier: BSL-1.0
// ICMP errors about half-open entries (RFC 9293, 3.9.2.2; RFC 5927).
#include <boost/test/unit_test.hpp>

#include <memory>

#include <host/scene.hpp>
#include <tenon/policy/icmp/none.hpp>

#include "support/requirement.hpp"

namespace tenon {
namespace {

using namespace tenon::test;

// A SYN that says an MSS, or none, and the SYN-ACK to it.
template <class P>
struct half_open_scene : scene<P> {
    sequence iss{};

    explicit half_open_scene(std::uint16_t mss = 1460) {
        std::byte const option[]{std::byte{2}, std::byte{4}, static_cast<std::byte>(mss >> 8), static_cast<std::byte>(mss & 0xff)};
        this->peer.send_with(this->ends, syn, {1000}, mss != 0 ? octets_in{option} : octets_in{});
        auto const a = this->answer();
        BOOST_REQUIRE((a && a->tcp.control == syn_ack));
        iss = a->tcp.seq;
    }
    std::uint32_t errors() const { return this->server.observer()[observer::what::icmp_errors]; }
    // The MSS of the connection that comes of the entry.
    bytes mss() {
        this->peer.send(this->ends, ack, {1001}, iss + 1);
        this->poll();
        auto const c = this->server.accept(this->listener);
        BOOST_REQUIRE(bool(c));
        return this->server.connection(*c)->mss();
    }
};

BOOST_AUTO_TEST_SUITE(host_icmp)

// SHLD-26: "These are hard error conditions, so TCP implementations SHOULD abort the connection". RFC 5927, 5.2 makes an exception for
// "connections in any of the synchronized states" only.
BOOST_TEST_DECORATOR(*tenon::test::requirement("SHLD-26"))
BOOST_AUTO_TEST_CASE_TEMPLATE(a_hard_error_ends_an_entry, P, demuxes) {
    for (std::uint8_t const code : {std::uint8_t{2}, std::uint8_t{3}}) {
        auto s = std::make_unique<half_open_scene<P>>();
        s->report(3, code, s->iss);
        BOOST_TEST(!s->answer().has_value());
        BOOST_TEST(s->server.half_open_count() == 0u);
        BOOST_TEST(s->errors() == 1u);
        BOOST_TEST(!s->server.next_event().has_value());
        BOOST_TEST(!s->server.next_deadline(s->now).has_value());
        s->open(5000);  // the listener goes on
        BOOST_TEST(s->server.connection_count() == 1u);
    }
}

// RFC 5927, 4.1: the sequence number must be that of data in flight, and nothing but the SYN-ACK is.
BOOST_AUTO_TEST_CASE_TEMPLATE(an_error_that_quotes_another_number_is_ignored, P, demuxes) {
    auto s = std::make_unique<half_open_scene<P>>();
    for (sequence const wrong : {s->iss + 1, sequence{s->iss.value - 1}, sequence{1000}}) {
        s->report(3, 3, wrong);
        s->report(3, 4, wrong, 600);
        s->poll();
    }
    BOOST_TEST(s->server.half_open_count() == 1u);
    BOOST_TEST(s->errors() == 0u);
    BOOST_TEST(s->mss() == 1460u);
}

// MUST-56: "Since these Unreachable messages indicate soft error conditions, a TCP implementation MUST NOT abort the connection".
BOOST_TEST_DECORATOR(*tenon::test::requirement("MUST-55, MUST-56"))
BOOST_AUTO_TEST_CASE_TEMPLATE(a_soft_error_ends_nothing, P, demuxes) {
    auto s = std::make_unique<half_open_scene<P>>();
    for (std::uint8_t const code : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{5}}) s->report(3, code, s->iss);
    for (std::uint8_t const code : {std::uint8_t{0}, std::uint8_t{1}}) s->report(11, code, s->iss);
    s->report(12, 0, s->iss);
    s->poll();
    BOOST_TEST(s->server.half_open_count() == 1u);
    BOOST_TEST(s->errors() == 6u);
    s->now += 1100_ms;
    BOOST_TEST(s->answer().has_value());  // the SYN-ACK again
    s->report(4, 0, s->iss);              // MUST-55: source quench
    s->poll();
    BOOST_TEST(s->errors() == 6u);
    BOOST_TEST(s->mss() == 1460u);
}

// RFC 1191, 6.4; RFC 5927, 7.2: never below what every path carries.
BOOST_AUTO_TEST_CASE_TEMPLATE(too_big_lowers_the_mss_that_the_connection_starts_with, P, demuxes) {
    struct { std::uint16_t said, mtu; bytes starts; } const cases[]{
        {1460, 1280, 1240}, {1460, 1500, 1460}, {1000, 1280, 1000}, {1460, 100, 536}, {1460, 0, 536}, {100, 600, 100}, {0, 1280, 536}};
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT("MSS " << c.said << ", MTU " << c.mtu) {
            auto s = std::make_unique<half_open_scene<P>>(c.said);
            s->report(3, 4, s->iss, c.mtu);
            s->poll();
            BOOST_TEST(s->server.half_open_count() == 1u);
            BOOST_TEST(s->errors() == 1u);
            BOOST_TEST(s->mss() == c.starts);
        }
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_hard_error_about_a_syn_that_reopens_leaves_time_wait, P, demuxes) {
    auto s = std::make_unique<waiting_scene<P>>();
    s->peer.send(s->ends, syn, {5000});
    auto const a = s->answer();
    s->report(3, 3, s->iss + 1);  // the old FIN
    s->poll();
    BOOST_TEST(s->server.half_open_count() == 1u);
    s->report(3, 3, a->tcp.seq);
    s->poll();
    BOOST_TEST(s->server.half_open_count() == 0u);
    BOOST_TEST(s->server.time_wait_count() == 1u);
    s->report(3, 3, s->iss + 1);
    s->poll();
    BOOST_TEST(s->server.time_wait_count() == 1u);
}

struct deaf : hashed {
    using icmp = tenon::icmp::none;
};
BOOST_AUTO_TEST_CASE(a_host_that_hears_no_icmp_keeps_the_entry) {
    auto s = std::make_unique<half_open_scene<deaf>>();
    s->report(3, 3, s->iss);
    s->poll();
    BOOST_TEST(s->server.half_open_count() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tenon
