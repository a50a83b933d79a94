// SPDX-License-Identifier: BSL-1.0
// TIME-WAIT as records, met by a stranger that writes its segments by hand.
#include <boost/test/unit_test.hpp>

#include <memory>

#include <host/scene.hpp>
#include <tenon/policy/initial_sequence/fixed.hpp>
#include <tenon/policy/random/splitmix64.hpp>

#include "support/requirement.hpp"

namespace tenon {
namespace {

using namespace tenon::test;

BOOST_AUTO_TEST_SUITE(host_time_wait)

BOOST_AUTO_TEST_CASE(a_record_fits_in_64_octets) { BOOST_TEST((sizeof(time_wait_record<ipv4_address, 16, true>)) <= 64u); }

BOOST_TEST_DECORATOR(*tenon::test::requirement("MUST-13, 9293-u14"))
BOOST_AUTO_TEST_CASE_TEMPLATE(a_record_acknowledges_the_fin_again_and_stays_for_2_msl_more, P, demuxes) {
    auto s = std::make_unique<waiting_scene<P>>();
    s->now += 200_s;
    s->peer.send(s->ends, fin_ack, {1001}, s->iss + 2);
    auto const a = s->answer();
    BOOST_REQUIRE(a.has_value());
    BOOST_TEST((a->tcp.control == ack));
    BOOST_TEST((a->tcp.seq == s->iss + 2));
    BOOST_TEST((a->tcp.ack == sequence{1002}));
    s->now += 239_s;
    s->poll();
    BOOST_TEST(s->server.time_wait_count() == 1u);
    s->now += 2_s;
    s->poll();
    BOOST_TEST(s->server.time_wait_count() == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_rst_does_not_end_time_wait, P, demuxes) {  // RFC 1337
    auto s = std::make_unique<waiting_scene<P>>();
    s->peer.send(s->ends, rst, {1002});
    BOOST_TEST(!s->answer().has_value());
    BOOST_TEST(s->server.time_wait_count() == 1u);
    s->peer.send(s->ends, ack, {1002}, s->iss + 2);
    BOOST_TEST(!s->answer().has_value());  // it could be an answer itself
}

// ---- RFC 9293, 3.6.1: "it MAY accept a new SYN from the remote TCP endpoint to reopen the connection directly from TIME-WAIT state
// (MAY-2), if it: (1) assigns its initial sequence number for the new connection to be larger than the largest sequence number it used
// on the previous connection incarnation, and (2) returns to TIME-WAIT state if the SYN turns out to be an old duplicate."

template <class P>
struct reopening_scene : waiting_scene<P> {
    sequence again{};  // the ISS of the new incarnation; its SYN had the number 5000

    reopening_scene() {
        this->peer.send(this->ends, syn, {5000});
        auto const a = this->answer();
        BOOST_REQUIRE((a && a->tcp.control == syn_ack && a->tcp.ack == sequence{5001}));
        again = a->tcp.seq;
        BOOST_TEST(this->server.half_open_count() == 1u);
        BOOST_TEST(this->server.time_wait_count() == 1u);
    }
    // Whether the FIN of the old incarnation is acknowledged as TIME-WAIT does it.
    bool is_in_time_wait() {
        this->peer.send(this->ends, fin_ack, {1001}, this->iss + 2);
        auto const a = this->answer();
        return a && a->tcp.control == ack && a->tcp.seq == this->iss + 2 && a->tcp.ack == sequence{1002};
    }
};

BOOST_TEST_DECORATOR(*tenon::test::requirement("MAY-2, 6528-6"))
BOOST_AUTO_TEST_CASE_TEMPLATE(a_later_syn_opens_again_above_the_old_numbers, P, demuxes) {
    auto s = std::make_unique<reopening_scene<P>>();
    BOOST_TEST((s->again > s->iss + 1));  // the FIN had the largest number
    s->peer.send(s->ends, psh_ack, {5001}, s->again + 1, "anew");
    s->poll();
    BOOST_TEST(s->server.time_wait_count() == 0u);
    BOOST_TEST(s->server.half_open_count() == 0u);
    auto const c = s->server.accept(s->listener);
    BOOST_REQUIRE(bool(c));
    BOOST_TEST((s->server.state(*c) == state::established));
    BOOST_TEST(text_of(s->server, *c) == "anew");
}

// RFC 6191, 2, note: the last sequence number of the previous incarnation is that "corresponding to the FIN flag".
BOOST_TEST_DECORATOR(*tenon::test::requirement("MAY-2"))
BOOST_AUTO_TEST_CASE_TEMPLATE(a_syn_must_be_above_the_number_of_the_fin, P, demuxes) {
    auto s = std::make_unique<waiting_scene<P>>();
    for (std::uint32_t const old : {900u, 1000u, 1001u}) {
        s->peer.send(s->ends, syn, {old});
        auto const a = s->answer();
        BOOST_REQUIRE(a.has_value());
        BOOST_TEST((a->tcp.control == ack));
        BOOST_TEST(s->server.half_open_count() == 0u);
    }
    s->peer.send(s->ends, syn_ack, {5000}, s->iss + 2);
    BOOST_TEST((s->answer()->tcp.control == ack));
    s->peer.send(s->ends, syn, {1002});
    BOOST_TEST((s->answer()->tcp.control == syn_ack));
}

template <class P>
struct numbered : P {
    using initial_sequence = tenon::initial_sequence::fixed<0xffff'fffe>;  // the old incarnation wraps
};
BOOST_AUTO_TEST_CASE(a_clock_that_stands_still_gives_larger_numbers_as_well) {
    auto s = std::make_unique<reopening_scene<numbered<hashed>>>();
    BOOST_TEST((s->iss == sequence{0xffff'fffe}));
    BOOST_TEST((s->again > s->iss + 1));
}

// RFC 9293, figure 8: the peer "detects that the ACK field is incorrect and returns a RST (reset) with its SEQ field selected to make
// the segment believable".
BOOST_TEST_DECORATOR(*tenon::test::requirement("MAY-2"))
BOOST_AUTO_TEST_CASE_TEMPLATE(a_syn_that_the_peer_disowns_leaves_time_wait, P, demuxes) {
    auto s = std::make_unique<reopening_scene<P>>();
    s->peer.send(s->ends, rst, {5001});
    BOOST_TEST(!s->answer().has_value());
    BOOST_TEST(s->server.half_open_count() == 0u);
    BOOST_TEST(s->server.time_wait_count() == 1u);
    BOOST_TEST(s->is_in_time_wait());
    BOOST_TEST((s->server.connect(s->far, s->now, {server_address, 80}, {client_address, 5000}).status == error::address_in_use));
    BOOST_TEST((s->open(5000, {6000}) > s->iss + 1));  // the real one comes
    BOOST_TEST(s->server.connection_count() == 1u);
    BOOST_TEST(s->server.time_wait_count() == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_syn_whose_entry_made_room_leaves_time_wait, P, demuxes) {
    auto s = std::make_unique<reopening_scene<P>>();
    auto other = s->ends;
    for (std::uint16_t port = 1; port <= 8; ++port) {
        other.local_port = port;
        s->peer.send(other, syn, {1000});
        BOOST_REQUIRE(s->answer().has_value());
    }
    BOOST_TEST(s->server.time_wait_count() == 1u);
    BOOST_TEST(s->is_in_time_wait());
}

// The peer waits in LAST-ACK, and is no wiser for our SYN-ACK: its FIN must still find TIME-WAIT, or it would wait for the entry to end.
BOOST_AUTO_TEST_CASE_TEMPLATE(the_old_fin_is_acknowledged_beside_the_entry, P, demuxes) {
    auto s = std::make_unique<reopening_scene<P>>();
    BOOST_TEST(s->is_in_time_wait());
    s->peer.send(s->ends, rst, {1002});  // RFC 1337: ends neither
    BOOST_TEST(!s->answer().has_value());
    s->peer.send(s->ends, ack, {1002}, s->iss + 2);  // the answer to our SYN-ACK
    BOOST_TEST(!s->answer().has_value());
    BOOST_TEST(s->server.half_open_count() == 1u);
    BOOST_TEST(s->server.time_wait_count() == 1u);
    s->peer.send(s->ends, ack, {5001}, s->again + 1);
    s->poll();
    BOOST_TEST(s->server.connection_count() == 1u);
    BOOST_TEST(s->server.time_wait_count() == 0u);
}

// Half the sequence space is above RCV.NXT: what follows a SYN at its end is not older than the record for that.
BOOST_AUTO_TEST_CASE_TEMPLATE(the_largest_number_that_reopens_begins_a_connection_as_well, P, demuxes) {
    auto s = std::make_unique<waiting_scene<P>>();
    sequence const theirs{1002u + 0x7fff'ffffu};
    s->peer.send(s->ends, syn, theirs);
    auto const a = s->answer();
    BOOST_REQUIRE((a && a->tcp.control == syn_ack));
    s->peer.send(s->ends, psh_ack, theirs + 1, a->tcp.seq + 1, "anew");
    s->poll();
    BOOST_TEST(s->server.connection_count() == 1u);
    BOOST_TEST(s->server.time_wait_count() == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_entry_outlives_the_record_beside_it, P, demuxes) {
    auto s = std::make_unique<waiting_scene<P>>();
    s->now += 239_s;
    s->peer.send(s->ends, syn, {5000});
    auto const a = s->answer();
    s->now += 2_s;
    (void)s->answer();  // the SYN-ACK again
    BOOST_TEST(s->server.time_wait_count() == 0u);
    BOOST_TEST(s->server.half_open_count() == 1u);
    s->peer.send(s->ends, ack, {5001}, a->tcp.seq + 1);
    s->poll();
    BOOST_TEST(s->server.connection_count() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(with_nobody_to_take_the_last_ack_both_stay, P, demuxes) {
    auto s = std::make_unique<reopening_scene<P>>();
    auto const ends = s->ends;
    s->open(1);
    s->open(2);  // the backlog
    s->ends = ends;
    s->peer.send(s->ends, ack, {5001}, s->again + 1);
    BOOST_TEST(!s->answer().has_value());
    BOOST_TEST(s->server.half_open_count() == 1u);
    BOOST_TEST(s->server.time_wait_count() == 1u);
    BOOST_TEST((s->server.close(s->listener) == error::none));
    while (s->answer()) {}
    s->peer.send(s->ends, ack, {5001}, s->again + 1);
    auto const r = s->answer();
    BOOST_TEST((r && r->tcp.has(wire::flag::rst)));
    BOOST_TEST(s->server.half_open_count() == 0u);
    BOOST_TEST(s->is_in_time_wait());
}

// Few ends, so that entries, records and connections follow each other at the same ones in every order.
BOOST_AUTO_TEST_CASE_TEMPLATE(no_order_of_segments_leaves_anything_behind, P, demuxes) {
    constexpr std::uint64_t seed = 9293;  // replay: the same number
    BOOST_TEST_MESSAGE("seed " << seed);
    random::splitmix64 r;
    r.seed(seed);
    auto s = std::make_unique<scene<P>>();
    std::array<sequence, 4> theirs{}, ours{};
    unsigned both = 0;
    for (int step = 0; step < 50'000; ++step) {
        auto const k = random::below(r, 4);
        s->ends.local_port = static_cast<std::uint16_t>(k + 1);
        switch (random::below(r, 6)) {
            case 0: case 1: s->peer.send(s->ends, syn, theirs[k] += random::below(r, 3) * 1000); break;
            case 2: s->peer.send(s->ends, ack, theirs[k] + 1, ours[k] + 1); break;
            case 3: s->peer.send(s->ends, fin_ack, theirs[k] + 1, ours[k] + 1 + random::below(r, 2)); break;
            case 4: s->peer.send(s->ends, rst, theirs[k] + random::below(r, 3)); break;
            default: if (auto const c = s->server.accept(s->listener)) (void)s->server.close(*c);
        }
        for (auto a = s->answer(); a; a = s->peer.receive())
            if (a->tcp.control == syn_ack) ours[a->ends.local_port - 1u] = a->tcp.seq;
        if (s->server.half_open_count() != 0 && s->server.time_wait_count() != 0) ++both;
        s->now += from_ms(random::below(r, 200));
    }
    BOOST_TEST(both > 100u);
    while (auto const c = s->server.accept(s->listener)) (void)s->server.abort(*c), (void)s->server.close(*c);
    for (auto next = s->server.next_deadline(s->now); next; next = s->server.next_deadline(s->now)) {
        s->now = std::max(s->now, *next);
        while (s->answer()) {}
    }
    BOOST_TEST(s->server.connection_count() == 0u);
    BOOST_TEST(s->server.half_open_count() == 0u);
    BOOST_TEST(s->server.time_wait_count() == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_oldest_record_makes_room, P, demuxes) {  // X15
    auto s = std::make_unique<scene<P>>();
    for (std::uint16_t port = 1; port <= 6; ++port) {
        sequence const iss = s->open(port);
        auto const c = s->server.accept(s->listener);
        BOOST_REQUIRE((s->server.close(*c) == error::none));
        (void)s->answer();
        s->peer.send(s->ends, fin_ack, {1001}, iss + 2);
        (void)s->answer();
        s->now += 1_s;
    }
    BOOST_TEST(s->server.time_wait_count() == 4u);
    BOOST_TEST(s->server.connection_count() == 0u);
    s->ends.local_port = 2;  // forgotten
    s->peer.send(s->ends, ack, {1002}, {1});
    auto const r = s->answer();
    BOOST_TEST((r && r->tcp.has(wire::flag::rst)));
    s->ends.local_port = 3;  // remembered
    s->peer.send(s->ends, rst, {1002});
    BOOST_TEST(!s->answer().has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tenon
