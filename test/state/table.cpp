// SPDX-License-Identifier: BSL-1.0
// The table against RFC 9293, read again: figure 5 edge by edge, its notes, erratum 8710, and sections 3.10.1 to 3.10.8.
#include <tenon/state/machine.hpp>
#include <tenon/state/names.hpp>

#include <array>
#include <set>
#include <string>
#include <tuple>
#include <type_traits>

#include <boost/test/unit_test.hpp>

using namespace tenon;
using enum tenon::state;

namespace {

constexpr std::array every_state{closed,     listen,     syn_sent, syn_received, established, fin_wait_1,
                                 fin_wait_2, close_wait, closing,  last_ack,     time_wait};
static_assert(every_state.size() == state_count);

std::string spoken(state s, event e) { return std::string{name_of(s)} + ", " + name_of(e); }

// The shortest sequences of events that lead to each state.
machine in(state s) {
    machine m;
    auto const after = [&m](auto... events) { (m.apply(events), ...); };
    auto const open = [&] { after(event::open_active, event::rcv_syn_ack); };
    switch (s) {
        case closed: break;
        case listen: after(event::open_passive); break;
        case syn_sent: after(event::open_active); break;
        case syn_received: after(event::open_passive, event::rcv_syn); break;
        case established: open(); break;
        case fin_wait_1: open(); after(event::close); break;
        case fin_wait_2: open(); after(event::close, event::rcv_ack_of_fin); break;
        case close_wait: open(); after(event::rcv_fin); break;
        case closing: open(); after(event::close, event::rcv_fin); break;
        case last_ack: open(); after(event::rcv_fin, event::close); break;
        case time_wait: open(); after(event::close, event::rcv_ack_of_fin, event::rcv_fin); break;
    }
    BOOST_REQUIRE(m.now() == s);
    return m;
}

void goes(state from, event e, state to, reply send) {
    auto m = in(from);
    auto const t = m.apply(e);
    BOOST_TEST_CONTEXT(spoken(from, e)) {
        BOOST_TEST(t.taken());
        BOOST_TEST(name_of(t.to()) == name_of(to));
        BOOST_TEST(name_of(t.send()) == name_of(send));
        BOOST_TEST(name_of(m.now()) == name_of(to));
        BOOST_TEST((why_refused(from, e) == refusal::none));
    }
}

void refuses(state from, event e, refusal why) {
    auto m = in(from);
    auto const t = m.apply(e);
    BOOST_TEST_CONTEXT(spoken(from, e)) {
        BOOST_TEST(!t.taken());
        BOOST_TEST((t.send() == reply::none));
        BOOST_TEST((t.to() == from));
        BOOST_TEST((m.now() == from));
        BOOST_TEST((why_refused(from, e) == why));
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(state_table)

BOOST_AUTO_TEST_CASE(figure_5) {
    goes(closed, event::open_passive, listen, reply::none);
    goes(closed, event::open_active, syn_sent, reply::syn);
    goes(listen, event::close, closed, reply::none);
    goes(listen, event::rcv_syn, syn_received, reply::syn_ack);
    goes(listen, event::open_active, syn_sent, reply::syn);  // SEND
    goes(syn_sent, event::close, closed, reply::none);
    goes(syn_sent, event::rcv_syn, syn_received, reply::syn_ack);
    goes(syn_sent, event::rcv_syn_ack, established, reply::ack);
    goes(syn_received, event::rcv_ack_of_syn, established, reply::none);
    goes(syn_received, event::close, fin_wait_1, reply::fin);
    goes(established, event::close, fin_wait_1, reply::fin);
    goes(established, event::rcv_fin, close_wait, reply::ack);
    goes(fin_wait_1, event::rcv_ack_of_fin, fin_wait_2, reply::none);
    goes(fin_wait_1, event::rcv_fin, closing, reply::ack);
    goes(fin_wait_2, event::rcv_fin, time_wait, reply::ack);
    goes(closing, event::rcv_ack_of_fin, time_wait, reply::none);
    goes(close_wait, event::close, last_ack, reply::fin);
    goes(last_ack, event::rcv_ack_of_fin, closed, reply::none);
    goes(time_wait, event::time_wait_over, closed, reply::none);
}

BOOST_AUTO_TEST_CASE(note_1_and_erratum_8710) {
    goes(syn_received, event::rcv_rst_passive, listen, reply::none);
    goes(syn_received, event::rcv_syn_passive, listen, reply::none);
}

BOOST_AUTO_TEST_CASE(note_2_a_segment_with_fin_and_ack_of_fin_is_two_events) {
    auto m = in(fin_wait_1);
    BOOST_TEST((m.apply(event::rcv_ack_of_fin).send() == reply::none));
    BOOST_TEST((m.apply(event::rcv_fin).send() == reply::ack));
    BOOST_TEST((m.now() == time_wait));
}

BOOST_AUTO_TEST_CASE(note_3_a_reset_closes_every_state_after_listen) {
    for (auto const s : every_state)
        if (s > listen) goes(s, event::rcv_rst, closed, reply::none);
}

// 3.10.5: a reset is sent where the peer has a connection that it could still use.
BOOST_AUTO_TEST_CASE(abort) {
    for (auto const s : {listen, syn_sent, closing, last_ack, time_wait}) goes(s, event::abort, closed, reply::none);
    for (auto const s : {syn_received, established, fin_wait_1, fin_wait_2, close_wait}) goes(s, event::abort, closed, reply::rst);
    refuses(closed, event::abort, refusal::connection_does_not_exist);
}

// 3.10.8: "for any state if the user timeout expires"; CLOSED has none.
BOOST_AUTO_TEST_CASE(give_up) {
    for (auto const s : every_state)
        if (s != closed) goes(s, event::give_up, closed, reply::none);
    refuses(closed, event::give_up, refusal::not_in_this_state);
}

BOOST_AUTO_TEST_CASE(beyond_the_figure) {
    goes(syn_received, event::rcv_fin, close_wait, reply::ack);  // 3.10.7.4, eighth
    goes(closed, event::hand_over, syn_received, reply::none);
    goes(fin_wait_2, event::fin_wait_2_over, closed, reply::none);
}

// Nothing else is taken: 19 edges of the figure, 2 + 9 of its notes, 10 + 10 of ABORT and giving up, 3 beyond.
BOOST_AUTO_TEST_CASE(there_is_no_other_row) {
    BOOST_TEST(rfc9293_rows.size() == 19u + 2 + 9 + 10 + 10 + 3);
    std::size_t taken = 0;
    for (auto const s : every_state)
        for (unsigned e = 0; e < event_count; ++e) taken += rfc9293_table::next(s, static_cast<event>(e)).taken() ? 1u : 0u;
    BOOST_TEST(taken == rfc9293_rows.size());
}

// 3.10.1: "error: connection already exists".
BOOST_AUTO_TEST_CASE(open_of_a_connection_in_use) {
    for (auto const s : every_state) {
        if (s != closed) refuses(s, event::open_passive, refusal::connection_already_exists);
        if (s != closed) refuses(s, event::hand_over, refusal::connection_already_exists);
        if (s > listen) refuses(s, event::open_active, refusal::connection_already_exists);
    }
}

// 3.10.4: "error: connection does not exist", "error: connection closing".
BOOST_AUTO_TEST_CASE(close_without_a_connection_or_twice) {
    refuses(closed, event::close, refusal::connection_does_not_exist);
    for (auto const s : {fin_wait_1, fin_wait_2, closing, last_ack, time_wait}) refuses(s, event::close, refusal::connection_closing);
}

// 3.10.7.1: whatever arrives in CLOSED is answered by a reset, except a reset. 3.10.7.2: so is an ACK in LISTEN.
BOOST_AUTO_TEST_CASE(segments_without_a_connection) {
    for (auto const e : {event::rcv_syn, event::rcv_syn_ack, event::rcv_ack_of_syn, event::rcv_fin, event::rcv_ack_of_fin})
        refuses(closed, e, refusal::answered_by_reset);
    for (auto const e : {event::rcv_syn_ack, event::rcv_ack_of_syn, event::rcv_ack_of_fin}) refuses(listen, e, refusal::answered_by_reset);
    for (auto const s : {closed, listen}) refuses(s, event::rcv_rst, refusal::ignored);
}

// 3.10.7.4, fourth: a challenge ACK, also in a SYN-RECEIVED that came from an active open.
BOOST_AUTO_TEST_CASE(a_syn_in_a_synchronized_state) {
    for (auto const s : every_state)
        if (s >= syn_received) {
            refuses(s, event::rcv_syn, refusal::answered_by_ack);
            refuses(s, event::rcv_syn_ack, refusal::answered_by_ack);
        }
}

// 3.10.7.4, eighth: the states after a FIN remain; before the handshake a FIN cannot be validated.
BOOST_AUTO_TEST_CASE(a_fin_that_changes_nothing) {
    for (auto const s : {close_wait, closing, last_ack, time_wait}) refuses(s, event::rcv_fin, refusal::answered_by_ack);
    for (auto const s : {listen, syn_sent}) refuses(s, event::rcv_fin, refusal::ignored);
}

BOOST_AUTO_TEST_CASE(acknowledgments_that_change_nothing) {
    for (auto const s : every_state) {
        if (s > listen && s != syn_received) refuses(s, event::rcv_ack_of_syn, refusal::ignored);
        if (s > listen && s != fin_wait_1 && s != closing && s != last_ack) refuses(s, event::rcv_ack_of_fin, refusal::ignored);
    }
}

BOOST_AUTO_TEST_CASE(events_that_belong_to_one_state) {
    for (auto const s : every_state) {
        if (s != syn_received) refuses(s, event::rcv_rst_passive, refusal::not_in_this_state);
        if (s != syn_received) refuses(s, event::rcv_syn_passive, refusal::not_in_this_state);
        if (s != time_wait) refuses(s, event::time_wait_over, refusal::not_in_this_state);
        if (s != fin_wait_2) refuses(s, event::fin_wait_2_over, refusal::not_in_this_state);
    }
}

BOOST_AUTO_TEST_CASE(what_a_caller_is_told) {
    BOOST_TEST((error_of(refusal::connection_does_not_exist) == error::not_open));
    BOOST_TEST((error_of(refusal::connection_already_exists) == error::already_open));
    BOOST_TEST((error_of(refusal::connection_closing) == error::closing));
    for (auto const r : {refusal::none, refusal::answered_by_reset, refusal::answered_by_ack, refusal::ignored, refusal::not_in_this_state})
        BOOST_TEST((error_of(r) == error::none));
}

// 3.10.2 and 3.10.7.4, seventh.
BOOST_AUTO_TEST_CASE(where_data_may_flow) {
    std::set<state> const sends{established, close_wait}, receives{established, fin_wait_1, fin_wait_2};
    for (auto const s : every_state) {
        BOOST_TEST(may_send_data(s) == sends.contains(s), name_of(s));
        BOOST_TEST(may_receive_data(s) == receives.contains(s), name_of(s));
        BOOST_TEST(synchronized(s) == (s != closed && s != listen && s != syn_sent && s != syn_received), name_of(s));
        BOOST_TEST(awaits_ack_of_fin(s) == (s == fin_wait_1 || s == closing || s == last_ack), name_of(s));
    }
}

BOOST_AUTO_TEST_CASE(every_name_is_said_once) {
    std::set<std::string> names;
    for (auto const s : every_state) names.insert(name_of(s));
    for (unsigned e = 0; e < event_count; ++e) names.insert(name_of(static_cast<event>(e)));
    BOOST_TEST(names.size() == state_count + event_count);
    BOOST_TEST(!names.contains("no state"));
    BOOST_TEST(!names.contains("no event"));
}

BOOST_AUTO_TEST_SUITE_END()
