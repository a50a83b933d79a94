// SPDX-License-Identifier: BSL-1.0
// Why a state does not take an event: a name for every pair that is no row of the table, in the words of RFC 9293, 3.10.
#pragma once
#include <cstdint>

#include <tenon/core/error.hpp>
#include <tenon/state/state.hpp>
#include <tenon/state/table.hpp>

namespace tenon {

enum class refusal : std::uint8_t {
    none,                       // it is taken
    connection_does_not_exist,  // a user call in CLOSED
    connection_already_exists,  // OPEN of a connection in use
    connection_closing,         // CLOSE after CLOSE
    answered_by_reset,          // a segment for no connection (3.5.2, group 1; 3.10.7.1, 3.10.7.2)
    answered_by_ack,            // a segment that a synchronized state acknowledges and drops (3.10.7.4)
    ignored,                    // dropped, and nothing is said
    not_in_this_state,          // an event of the connection itself that this state cannot have
};

namespace detail {

constexpr refusal refused_open(state s, bool active) noexcept {
    bool const taken = s == state::closed || (active && s == state::listen);
    return taken ? refusal::none : refusal::connection_already_exists;
}

constexpr refusal refused_close(state s) noexcept {
    switch (s) {
        case state::closed: return refusal::connection_does_not_exist;
        case state::listen:
        case state::syn_sent:
        case state::syn_received:
        case state::established:
        case state::close_wait: return refusal::none;
        default: return refusal::connection_closing;
    }
}

constexpr refusal refused_syn(state s) noexcept {
    switch (s) {
        case state::closed: return refusal::answered_by_reset;
        case state::listen:
        case state::syn_sent: return refusal::none;
        default: return refusal::answered_by_ack;  // 3.10.7.4, fourth: a challenge ACK (RFC 5961, 4)
    }
}

constexpr refusal refused_syn_ack(state s) noexcept {
    switch (s) {
        case state::closed:
        case state::listen: return refusal::answered_by_reset;
        case state::syn_sent: return refusal::none;
        default: return refusal::answered_by_ack;
    }
}

constexpr refusal refused_ack_of_syn(state s) noexcept {
    switch (s) {
        case state::closed:
        case state::listen: return refusal::answered_by_reset;
        case state::syn_received: return refusal::none;
        default: return refusal::ignored;  // SYN-SENT: 3.10.7.3, fifth; later: a duplicate, or SYN-RECEIVED was left by CLOSE
    }
}

constexpr refusal refused_fin(state s) noexcept {
    switch (s) {
        case state::closed: return refusal::answered_by_reset;
        case state::listen:
        case state::syn_sent: return refusal::ignored;  // 3.10.7.4, eighth: SEG.SEQ cannot be validated
        case state::syn_received:
        case state::established:
        case state::fin_wait_1:
        case state::fin_wait_2: return refusal::none;
        default: return refusal::answered_by_ack;  // the state remains, the FIN is acknowledged again
    }
}

constexpr refusal refused_ack_of_fin(state s) noexcept {
    if (awaits_ack_of_fin(s)) return refusal::none;
    if (s <= state::listen) return refusal::answered_by_reset;
    return refusal::ignored;
}

constexpr refusal refused_unless(bool taken, refusal otherwise) noexcept { return taken ? refusal::none : otherwise; }

}  // namespace detail

// Independent of the table, so that the two check each other.
constexpr refusal why_refused(state s, event e) noexcept {
    using detail::refused_unless;
    switch (e) {
        case event::open_passive: return detail::refused_open(s, false);
        case event::open_active: return detail::refused_open(s, true);
        case event::hand_over: return refused_unless(s == state::closed, refusal::connection_already_exists);
        case event::close: return detail::refused_close(s);
        case event::abort: return refused_unless(s != state::closed, refusal::connection_does_not_exist);
        case event::rcv_syn: return detail::refused_syn(s);
        case event::rcv_syn_ack: return detail::refused_syn_ack(s);
        case event::rcv_ack_of_syn: return detail::refused_ack_of_syn(s);
        case event::rcv_fin: return detail::refused_fin(s);
        case event::rcv_ack_of_fin: return detail::refused_ack_of_fin(s);
        case event::rcv_rst: return refused_unless(s > state::listen, refusal::ignored);  // 3.10.7.1, 3.10.7.2
        case event::rcv_rst_passive:
        case event::rcv_syn_passive: return refused_unless(s == state::syn_received, refusal::not_in_this_state);
        case event::give_up: return refused_unless(s != state::closed, refusal::not_in_this_state);
        case event::time_wait_over: return refused_unless(s == state::time_wait, refusal::not_in_this_state);
        case event::fin_wait_2_over: return refused_unless(s == state::fin_wait_2, refusal::not_in_this_state);
    }
    return refusal::not_in_this_state;
}

// What the caller of OPEN, CLOSE or ABORT is told.
constexpr error error_of(refusal r) noexcept {
    switch (r) {
        case refusal::connection_does_not_exist: return error::not_open;
        case refusal::connection_already_exists: return error::already_open;
        case refusal::connection_closing: return error::closing;
        default: return error::none;
    }
}

}  // namespace tenon
