// SPDX-License-Identifier: BSL-1.0
// The words of RFC 9293 for states, events and replies. Nothing of it is linked in where it is not called.
#pragma once
#include <tenon/state/state.hpp>
#include <tenon/state/table.hpp>

namespace tenon {

constexpr char const* name_of(state s) noexcept {
    switch (s) {
        case state::closed: return "CLOSED";
        case state::listen: return "LISTEN";
        case state::syn_sent: return "SYN-SENT";
        case state::syn_received: return "SYN-RECEIVED";
        case state::established: return "ESTABLISHED";
        case state::fin_wait_1: return "FIN-WAIT-1";
        case state::fin_wait_2: return "FIN-WAIT-2";
        case state::close_wait: return "CLOSE-WAIT";
        case state::closing: return "CLOSING";
        case state::last_ack: return "LAST-ACK";
        case state::time_wait: return "TIME-WAIT";
    }
    return "no state";
}

constexpr char const* name_of(event e) noexcept {
    switch (e) {
        case event::open_passive: return "passive OPEN";
        case event::open_active: return "active OPEN";
        case event::hand_over: return "hand over";
        case event::close: return "CLOSE";
        case event::abort: return "ABORT";
        case event::rcv_syn: return "rcv SYN";
        case event::rcv_syn_ack: return "rcv SYN,ACK";
        case event::rcv_ack_of_syn: return "rcv ACK of SYN";
        case event::rcv_fin: return "rcv FIN";
        case event::rcv_ack_of_fin: return "rcv ACK of FIN";
        case event::rcv_rst: return "rcv RST";
        case event::rcv_rst_passive: return "rcv RST (passive)";
        case event::rcv_syn_passive: return "rcv SYN (passive)";
        case event::give_up: return "give up";
        case event::time_wait_over: return "2 MSL over";
        case event::fin_wait_2_over: return "FIN-WAIT-2 over";
    }
    return "no event";
}

constexpr char const* name_of(reply r) noexcept {
    switch (r) {
        case reply::none: return "nothing";
        case reply::syn: return "SYN";
        case reply::syn_ack: return "SYN,ACK";
        case reply::ack: return "ACK";
        case reply::fin: return "FIN";
        case reply::rst: return "RST";
    }
    return "no reply";
}

}  // namespace tenon
