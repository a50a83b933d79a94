// SPDX-License-Identifier: BSL-1.0
// Each proof fails on a table that breaks what it proves, and only such a table.
#include <tenon/state/proofs.hpp>

#include <vector>

#include <boost/test/unit_test.hpp>

using namespace tenon;
using enum tenon::state;
using table = std::vector<row>;

namespace {

table the_table() { return {rfc9293_rows.begin(), rfc9293_rows.end()}; }

row& at(table& rows, state from, event on) {
    for (auto& r : rows)
        if (r.from == from && r.on == on) return r;
    BOOST_FAIL("no such row");
    return rows.front();
}

table without(state from, event on) {
    auto rows = the_table();
    std::erase_if(rows, [&](row const& r) { return r.from == from && r.on == on; });
    BOOST_REQUIRE(rows.size() + 1 == rfc9293_rows.size());
    return rows;
}

table with(row more) {
    auto rows = the_table();
    rows.push_back(more);
    return rows;
}

table altered(state from, event on, state to, reply send) {
    auto rows = the_table();
    at(rows, from, on) = {from, on, to, send};
    return rows;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(state_proofs)

BOOST_AUTO_TEST_CASE(all_hold_for_the_table) {
    auto const rows = the_table();
    BOOST_TEST(proofs::deterministic(rows));
    BOOST_TEST(proofs::total(rows));
    BOOST_TEST(proofs::every_state_reachable(rows));
    BOOST_TEST(proofs::every_state_closable(rows));
    BOOST_TEST(proofs::data_only_between_syn_and_fin(rows));
    BOOST_TEST(proofs::one_fin(rows));
    BOOST_TEST(proofs::replies_fit_their_causes(rows));
}

BOOST_AUTO_TEST_CASE(two_answers_to_one_event_are_not_deterministic) {
    BOOST_TEST(!proofs::deterministic(with({closing, event::rcv_ack_of_fin, closed, reply::none})));
}

BOOST_AUTO_TEST_CASE(every_missing_row_is_missed) {
    for (auto const& r : rfc9293_rows) BOOST_TEST(!proofs::total(without(r.from, r.on)));
}

BOOST_AUTO_TEST_CASE(a_row_for_a_refused_event_is_noticed) {
    BOOST_TEST(!proofs::total(with({time_wait, event::close, closed, reply::none})));
}

BOOST_AUTO_TEST_CASE(a_state_that_nothing_leads_to) {
    auto const rows = altered(closing, event::rcv_ack_of_fin, closing, reply::none);
    BOOST_TEST(proofs::every_state_reachable(rows));  // TIME-WAIT is still reached from FIN-WAIT-2
    auto also = rows;
    at(also, fin_wait_2, event::rcv_fin).to = closed;
    BOOST_TEST(!proofs::every_state_reachable(also));
}

BOOST_AUTO_TEST_CASE(a_state_without_an_end) {
    auto rows = the_table();
    for (auto& r : rows)
        if (r.from == time_wait) r.to = time_wait;
    BOOST_TEST(!proofs::every_state_closable(rows));
}

BOOST_AUTO_TEST_CASE(data_without_a_handshake_or_after_a_fin) {
    using proofs::data_only_between_syn_and_fin;
    BOOST_TEST(!data_only_between_syn_and_fin(altered(listen, event::rcv_syn, established, reply::syn_ack)));
    BOOST_TEST(!data_only_between_syn_and_fin(altered(closing, event::rcv_ack_of_fin, fin_wait_2, reply::none)));
    BOOST_TEST(!data_only_between_syn_and_fin(altered(established, event::rcv_fin, fin_wait_1, reply::ack)));
    BOOST_TEST(!data_only_between_syn_and_fin(altered(close_wait, event::close, last_ack, reply::none)));
    BOOST_TEST(!data_only_between_syn_and_fin(altered(established, event::close, close_wait, reply::fin)));
    BOOST_TEST(!data_only_between_syn_and_fin(altered(fin_wait_2, event::rcv_fin, fin_wait_2, reply::ack)));
}

BOOST_AUTO_TEST_CASE(a_second_fin) {
    BOOST_TEST(!proofs::one_fin(with({fin_wait_2, event::close, fin_wait_2, reply::fin})));
    BOOST_TEST(!proofs::one_fin(altered(fin_wait_1, event::rcv_fin, close_wait, reply::ack)));
}

BOOST_AUTO_TEST_CASE(a_reply_that_nobody_asked_for) {
    using proofs::replies_fit_their_causes;
    BOOST_TEST(!replies_fit_their_causes(altered(time_wait, event::time_wait_over, closed, reply::rst)));
    BOOST_TEST(!replies_fit_their_causes(altered(established, event::rcv_rst, closed, reply::rst)));
    BOOST_TEST(!replies_fit_their_causes(altered(established, event::close, fin_wait_1, reply::ack)));
    BOOST_TEST(!replies_fit_their_causes(altered(fin_wait_1, event::rcv_fin, closing, reply::none)));
}

// What the proofs cannot see must be seen by test/state/table.cpp; how much they see of all wrong targets and replies is known.
BOOST_AUTO_TEST_CASE(how_many_altered_rows_are_caught) {
    std::size_t tried = 0, caught = 0;
    for (auto const& r : rfc9293_rows)
        for (unsigned to = 0; to < state_count; ++to)
            for (unsigned send = 0; send <= static_cast<unsigned>(reply::rst); ++send) {
                auto rows = altered(r.from, r.on, static_cast<state>(to), static_cast<reply>(send));
                if (at(rows, r.from, r.on) == r) continue;
                ++tried;
                if (!proofs::every_state_reachable(rows) || !proofs::every_state_closable(rows) ||
                    !proofs::data_only_between_syn_and_fin(rows) || !proofs::one_fin(rows) || !proofs::replies_fit_their_causes(rows))
                    ++caught;
            }
    BOOST_TEST_MESSAGE(caught << " of " << tried << " altered rows break a proof");
    BOOST_TEST(4 * caught > 3 * tried);
}

BOOST_AUTO_TEST_SUITE_END()
