// SPDX-License-Identifier: BSL-1.0
// What the compiler proves about the table. Each proof is a function over any rows, so that a test can show it failing.
#pragma once
#include <array>
#include <cstddef>
#include <span>

#include <tenon/state/refusal.hpp>
#include <tenon/state/state.hpp>
#include <tenon/state/table.hpp>

namespace tenon::proofs {

using rows = std::span<row const>;

constexpr bool deterministic(rows all) noexcept {
    for (std::size_t i = 0; i < all.size(); ++i)
        for (std::size_t k = i + 1; k < all.size(); ++k)
            if (all[i].from == all[k].from && all[i].on == all[k].on) return false;
    return true;
}

constexpr bool has_row(rows all, state s, event e) noexcept {
    for (row const& r : all)
        if (r.from == s && r.on == e) return true;
    return false;
}

// Each pair of state and event is either a row or a named refusal, never both and never neither.
constexpr bool total(rows all) noexcept {
    for (std::size_t s = 0; s < state_count; ++s)
        for (std::size_t e = 0; e < event_count; ++e) {
            bool const taken = has_row(all, static_cast<state>(s), static_cast<event>(e));
            if (taken == (why_refused(static_cast<state>(s), static_cast<event>(e)) != refusal::none)) return false;
        }
    return true;
}

using state_set = std::array<bool, state_count>;

constexpr bool in(state_set const& set, state s) noexcept { return set[static_cast<std::size_t>(s)]; }

// All states that some sequence of events leads to from `start`, itself included.
constexpr state_set reachable_from(rows all, state start) noexcept {
    state_set found{};
    found[static_cast<std::size_t>(start)] = true;
    for (std::size_t round = 0; round < state_count; ++round)
        for (row const& r : all)
            if (in(found, r.from)) found[static_cast<std::size_t>(r.to)] = true;
    return found;
}

constexpr bool every_state_reachable(rows all) noexcept {
    for (bool const found : reachable_from(all, state::closed))
        if (!found) return false;
    return true;
}

constexpr bool every_state_closable(rows all) noexcept {
    for (std::size_t s = 0; s < state_count; ++s)
        if (!in(reachable_from(all, static_cast<state>(s)), state::closed)) return false;
    return true;
}

// Data starts with the handshake, and our direction ends with our FIN, the peer's with its FIN, or both at once in CLOSED.
constexpr bool data_only_between_syn_and_fin(rows all) noexcept {
    for (row const& r : all) {
        bool const opens_ours = may_send_data(r.to) && !may_send_data(r.from);
        bool const opens_theirs = may_receive_data(r.to) && !may_receive_data(r.from);
        if ((opens_ours || opens_theirs) && r.from != state::syn_sent && r.from != state::syn_received) return false;
        if (r.to == state::closed) continue;
        if (may_send_data(r.from) && !may_send_data(r.to) && r.send != reply::fin) return false;
        if (may_receive_data(r.from) && !may_receive_data(r.to) && r.on != event::rcv_fin) return false;
        if (r.send == reply::fin && may_send_data(r.to)) return false;
        if (r.on == event::rcv_fin && may_receive_data(r.to)) return false;
    }
    return true;
}

// After a FIN no second one is made before the connection has been CLOSED (RFC 9293, 3.10.4; retransmission is no event).
constexpr bool one_fin(rows all) noexcept {
    for (row const& first : all) {
        if (first.send != reply::fin) continue;
        state_set after{};
        after[static_cast<std::size_t>(first.to)] = true;
        for (std::size_t round = 0; round < state_count; ++round)
            for (row const& r : all)
                if (in(after, r.from) && r.to != state::closed) after[static_cast<std::size_t>(r.to)] = true;
        for (row const& r : all)
            if (r.send == reply::fin && in(after, r.from)) return false;
    }
    return true;
}

// Only a user's call makes a FIN, a SYN or a RST of its own; a segment is answered by at most an acknowledgment or SYN,ACK;
// a timeout sends nothing.
constexpr bool replies_fit_their_causes(rows all) noexcept {
    for (row const& r : all) {
        bool const call = r.on <= event::abort;
        bool const segment = r.on >= event::rcv_syn && r.on <= event::rcv_syn_passive;
        bool const answer = r.send == reply::ack || r.send == reply::syn_ack;
        if (r.send != reply::none && !(call && !answer) && !(segment && answer)) return false;
        if (r.on == event::rcv_fin && r.send != reply::ack) return false;
    }
    return true;
}

static_assert(deterministic(rfc9293_rows), "two rows share a state and an event");
static_assert(total(rfc9293_rows), "a pair of state and event is neither a row nor a named refusal, or is both");
static_assert(every_state_reachable(rfc9293_rows), "a state cannot be reached from CLOSED");
static_assert(every_state_closable(rfc9293_rows), "from some state a connection can never return to CLOSED");
static_assert(data_only_between_syn_and_fin(rfc9293_rows), "a state carries data before the handshake or after a FIN");
static_assert(one_fin(rfc9293_rows), "a connection could send a second FIN");
static_assert(replies_fit_their_causes(rfc9293_rows), "a transition sends something that its cause does not call for");

}  // namespace tenon::proofs
