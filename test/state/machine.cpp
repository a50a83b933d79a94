// SPDX-License-Identifier: BSL-1.0
// The machine: one octet, a value, changed by events only, and open to another table.
#include <tenon/state/machine.hpp>

#include <type_traits>

#include <boost/test/unit_test.hpp>

using namespace tenon;

static_assert(sizeof(machine) == 1 && sizeof(transition) == 1);
static_assert(std::is_trivially_copyable_v<machine> && std::is_standard_layout_v<machine>);
static_assert(machine{}.now() == state::closed);
static_assert(!std::is_constructible_v<machine, state>, "a state is entered by an event, not by saying so");
static_assert(!std::is_assignable_v<machine&, state>);

// A whole life at compile time: passive open, the peer closes first.
static_assert([] {
    machine m;
    for (auto const e : {event::open_passive, event::rcv_syn, event::rcv_ack_of_syn, event::rcv_fin, event::close, event::rcv_ack_of_fin})
        if (!m.apply(e).taken()) return false;
    return m == machine{};
}());

namespace {

// CLOSING that never ends.
struct altered_table {
    static constexpr transition next(state s, event e) noexcept {
        if (s == state::closing && e == event::rcv_ack_of_fin) return {state::closing, reply::none, true};
        return rfc9293_table::next(s, e);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(state_machine)

BOOST_AUTO_TEST_CASE(a_transition_holds_what_it_was_made_of) {
    for (unsigned s = 0; s < state_count; ++s)
        for (unsigned r = 0; r <= static_cast<unsigned>(reply::rst); ++r)
            for (bool const taken : {false, true}) {
                transition const t{static_cast<state>(s), static_cast<reply>(r), taken};
                BOOST_TEST((t.to() == static_cast<state>(s)));
                BOOST_TEST((t.send() == static_cast<reply>(r)));
                BOOST_TEST(t.taken() == taken);
            }
}

BOOST_AUTO_TEST_CASE(a_lookup_says_what_the_rows_say) {
    for (auto const& r : rfc9293_rows) BOOST_TEST((rfc9293_table::next(r.from, r.on) == transition{r.to, r.send, true}));
}

// RFC 9293, figure 7: both SYNs cross, and each side is in SYN-RECEIVED before it is in ESTABLISHED.
BOOST_AUTO_TEST_CASE(simultaneous_open) {
    machine m;
    BOOST_TEST((m.apply(event::open_active).send() == reply::syn));
    BOOST_TEST((m.apply(event::rcv_syn).send() == reply::syn_ack));
    BOOST_TEST((m.now() == state::syn_received));
    BOOST_TEST(m.apply(event::rcv_ack_of_syn).taken());  // the peer's SYN,ACK acknowledges our SYN
    BOOST_TEST((m.now() == state::established));
}

// RFC 9293, figure 13: both FINs cross.
BOOST_AUTO_TEST_CASE(simultaneous_close) {
    machine m;
    for (auto const e : {event::open_active, event::rcv_syn_ack, event::close, event::rcv_fin}) m.apply(e);
    BOOST_TEST((m.now() == state::closing));
    m.apply(event::rcv_ack_of_fin);
    BOOST_TEST((m.now() == state::time_wait));
    m.apply(event::time_wait_over);
    BOOST_TEST((m == machine{}));
}

BOOST_AUTO_TEST_CASE(another_table_can_be_plugged_in) {
    basic_machine<altered_table> m;
    for (auto const e : {event::open_active, event::rcv_syn_ack, event::close, event::rcv_fin, event::rcv_ack_of_fin}) m.apply(e);
    BOOST_TEST((m.now() == state::closing));
}

BOOST_AUTO_TEST_SUITE_END()
