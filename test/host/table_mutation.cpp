// SPDX-License-Identifier: BSL-1.0
// The row of the state table where a half-open entry becomes a connection, altered in every way: each must turn something red.
// No conversation of an endpoint reaches it (docs/decisions/0015). test/endpoint/table_mutation.cpp does the same with the other rows.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <memory>
#include <string>

#include <host/scene.hpp>

#include "support/dense_table.hpp"

namespace tenon {
namespace {

using namespace tenon::test;

struct altered_table {
    static inline dense_table table = rfc9293_dense;
    static transition next(state s, event e) noexcept { return table[dense_index(s, e)]; }
};
struct altered : small {
    using state_table = altered_table;
};

// The end of a handshake at a host, and what follows; what is wrong with it, or nothing.
std::string trouble_of_a_host() {
    auto const s = std::make_unique<scene<altered>>();
    s->peer.send(s->ends, syn, {1000});
    auto const a = s->answer();
    if (!a || a->tcp.control != syn_ack) return "no SYN-ACK";
    auto const ours = a->tcp.seq + 1;
    s->peer.send(s->ends, psh_ack, {1001}, ours, "in");
    s->poll();
    auto const c = s->server.accept(s->listener);
    if (!c) return "nothing to accept";
    if (s->server.state(*c) != state::established) return "not ESTABLISHED";
    if (text_of(s->server, *c) != "in") return "text is lost";
    if (s->server.send(*c, octets("out")).count != 3) return "cannot send";
    auto const out = s->answer();
    if (!out || out->tcp.seq != ours || out->tcp.ack != sequence{1003}) return "does not send";
    s->peer.send(s->ends, fin_ack, {1003}, ours + 3);
    s->poll();
    if (s->server.state(*c) != state::close_wait) return "no CLOSE-WAIT";
    (void)s->server.close(*c);
    while (s->answer()) {}
    s->peer.send(s->ends, ack, {1004}, ours + 4);
    s->poll();
    return s->server.connection_count() == 0 ? "" : "stays";
}

// RFC 9293, 3.10.7.4: until the ACK has come, the connection is in SYN-RECEIVED, whoever made it. A host makes it when the ACK is there.
std::string trouble_of_a_connection() {
    instant const now{1'000'000'000};
    engine::kept_homes<altered> homes{};
    auto const made = [&] {
        auto c = std::make_unique<connection<altered>>();
        c->accept(homes.view(), now, {.iss = {7}, .irs = {1000}, .peer = {}, .window = 8192, .answered = true}, {.mss = 1460, .fallback = 536});
        return c;
    };
    auto const one = made();
    if (one->state() != state::syn_received) return "not SYN-RECEIVED";
    if (!has(one->input(homes.view(), now, {.seq = {1001}, .ack = {8}, .control = ack, .window = 8192}), ready::opened)) return "not opened";
    auto const two = made();  // second: "If this connection was initiated with a passive OPEN, then return this connection to LISTEN"
    (void)two->input(homes.view(), now, {.seq = {1001}, .ack = {}, .control = rst});
    return two->state() == state::listen ? "" : "a RST does not lead back to LISTEN";
}

bool noticed() { return !trouble_of_a_host().empty() || !trouble_of_a_connection().empty(); }

row const& handing_over() {
    return *std::find_if(rfc9293_rows.begin(), rfc9293_rows.end(), [](row const& r) { return r.on == event::hand_over; });
}

struct restored {
    ~restored() { altered_table::table = rfc9293_dense; }
};

BOOST_AUTO_TEST_SUITE(host_table_mutation)

BOOST_AUTO_TEST_CASE(the_unaltered_row_is_fine) {
    BOOST_TEST(std::count_if(rfc9293_rows.begin(), rfc9293_rows.end(), [](row const& r) { return r.on == event::hand_over; }) == 1);
    BOOST_TEST(trouble_of_a_host() == "");
    BOOST_TEST(trouble_of_a_connection() == "");
}

BOOST_AUTO_TEST_CASE(the_row_refused_is_noticed) {
    restored const at_the_end;
    auto const& r = handing_over();
    altered_table::table[dense_index(r.from, r.on)] = {r.from, reply::none, false};
    BOOST_TEST(!trouble_of_a_host().empty());
}

BOOST_AUTO_TEST_CASE(the_row_leading_elsewhere_is_noticed) {
    restored const at_the_end;
    auto const& r = handing_over();
    for (std::size_t to = 0; to < state_count; ++to) {
        if (static_cast<state>(to) == r.to) continue;
        altered_table::table = rfc9293_dense;
        altered_table::table[dense_index(r.from, r.on)] = {static_cast<state>(to), r.send, true};
        BOOST_CHECK_MESSAGE(noticed(), "nobody notices that it leads to state " << to);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tenon
