// SPDX-License-Identifier: BSL-1.0
// The state table against the conversations: every row, altered in every way, must turn at least one of them red. A row
// that nobody notices is a row that nobody tests.
#include <boost/test/unit_test.hpp>

#include <tenon/state/table.hpp>

#include "support/conversation.hpp"

using namespace talk;

namespace {

// Rows that no conversation of one endpoint can reach.
bool elsewhere(tenon::row r) {
    using enum tenon::event;
    // A connection that a host hands over begins there, and its tests are the host's.
    if (r.on == hand_over) return true;
    // Admission drops every RST in TIME-WAIT (RFC 1337, 3, F1) before it becomes an event.
    if (r.from == state::time_wait && r.on == rcv_rst) return true;
    // The ACK comes before the FIN in the same segment: acceptable, it has led to ESTABLISHED; if not, the segment is gone.
    if (r.from == state::syn_received && r.on == rcv_fin) return true;
    // Nothing runs there that could give up: LISTEN and TIME-WAIT have no retransmission and no probe, nor has FIN-WAIT-2
    // once its FIN is acknowledged (keep-alives are for ESTABLISHED and CLOSE-WAIT).
    if (r.on == give_up) return r.from == state::listen || r.from == state::time_wait || r.from == state::fin_wait_2;
    return false;
}

// Whether some conversation fails under the table as it is now. `last` is where the search begins: neighbours in the
// table tend to be noticed by neighbours among the conversations.
bool noticed(std::size_t& last) {
    auto const& all = all_conversations();
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const& e = all[(last + i) % all.size()];
        for (bool const active : {false, true})
            if (!hold(e, {.active = active, .altered = true}).empty()) {
                last = (last + i) % all.size();
                return true;
            }
    }
    return false;
}

struct restored {
    ~restored() { altered_rows::table = tenon::test::rfc9293_dense; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(endpoint_table_mutation)

BOOST_AUTO_TEST_CASE(unaltered_table_holds_every_conversation) {
    for (entry const& e : all_conversations())
        for (bool const active : {false, true}) {
            auto const failure = hold(e, {.active = active, .altered = true});
            BOOST_CHECK_MESSAGE(failure.empty(), failure);
        }
}

BOOST_AUTO_TEST_CASE(a_row_that_is_refused_is_noticed) {
    restored const at_the_end;
    std::size_t last = 0;
    for (tenon::row const& r : tenon::rfc9293_rows) {
        if (elsewhere(r)) continue;
        altered_rows::table = tenon::test::rfc9293_dense;
        altered_rows::table[tenon::test::dense_index(r.from, r.on)] = {r.from, tenon::reply::none, false};
        BOOST_CHECK_MESSAGE(noticed(last), "nobody notices that " << name_of(r.from) << " refuses event " << static_cast<int>(r.on));
    }
}

BOOST_AUTO_TEST_CASE(a_row_that_leads_elsewhere_is_noticed) {
    restored const at_the_end;
    std::size_t last = 0;
    for (tenon::row const& r : tenon::rfc9293_rows) {
        if (elsewhere(r)) continue;
        for (std::size_t to = 0; to < tenon::state_count; ++to) {
            if (static_cast<state>(to) == r.to) continue;
            altered_rows::table = tenon::test::rfc9293_dense;
            altered_rows::table[tenon::test::dense_index(r.from, r.on)] = {static_cast<state>(to), r.send, true};
            BOOST_CHECK_MESSAGE(noticed(last), "nobody notices that " << name_of(r.from) << " by event " << static_cast<int>(r.on)
                                                                      << " leads to " << name_of(static_cast<state>(to)));
        }
    }
}

// The reply of a row is looked at for ABORT alone: what answers a segment follows from what is owed.
BOOST_AUTO_TEST_CASE(an_abort_that_sends_otherwise_is_noticed) {
    restored const at_the_end;
    std::size_t last = 0;
    for (tenon::row const& r : tenon::rfc9293_rows) {
        if (r.on != tenon::event::abort) continue;
        auto const other = r.send == tenon::reply::rst ? tenon::reply::none : tenon::reply::rst;
        altered_rows::table = tenon::test::rfc9293_dense;
        altered_rows::table[tenon::test::dense_index(r.from, r.on)] = {r.to, other, true};
        BOOST_CHECK_MESSAGE(noticed(last), "nobody notices the reply of " << name_of(r.from) << " to an abort");
    }
}

BOOST_AUTO_TEST_SUITE_END()
