// SPDX-License-Identifier: BSL-1.0
// The state of one connection, and the only way to change it. A transition is one load from a table of 176 octets that
// the compiler makes from the rows: no search, no branch.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <tenon/state/proofs.hpp>
#include <tenon/state/state.hpp>
#include <tenon/state/table.hpp>

namespace tenon {

// The answer to an event, in one octet: taken, what to send (3 bits), the state entered (4 bits).
class transition {
public:
    constexpr transition() noexcept = default;
    constexpr transition(state to, reply send, bool taken) noexcept
        : packed_{static_cast<std::uint8_t>(static_cast<unsigned>(taken) << 7 | static_cast<unsigned>(send) << 4 |
                                            static_cast<unsigned>(to))} {}

    constexpr state to() const noexcept { return static_cast<state>(packed_ & 15u); }
    constexpr reply send() const noexcept { return static_cast<reply>(packed_ >> 4 & 7u); }
    // False: the event is refused (why_refused says why) and the state remains.
    constexpr bool taken() const noexcept { return (packed_ & 0x80u) != 0; }

    friend constexpr bool operator==(transition, transition) noexcept = default;

private:
    std::uint8_t packed_{};
};

namespace detail {

static_assert(event_count == 16 && state_count <= 16, "a pair of state and event is an index of eight bits");
using dense_table = std::array<transition, state_count * event_count>;

constexpr std::size_t dense_index(state s, event e) noexcept {
    return static_cast<std::size_t>(s) * event_count + static_cast<std::size_t>(e);
}

constexpr dense_table dense(std::span<row const> rows) noexcept {
    dense_table table{};
    for (std::size_t i = 0; i < table.size(); ++i) table[i] = {static_cast<state>(i / event_count), reply::none, false};
    for (row const& r : rows) table[dense_index(r.from, r.on)] = {r.to, r.send, true};
    return table;
}

inline constexpr dense_table rfc9293_dense = dense(rfc9293_rows);

}  // namespace detail

struct rfc9293_table {
    static constexpr transition next(state s, event e) noexcept { return detail::rfc9293_dense[detail::dense_index(s, e)]; }
};

template <class Table>
class basic_machine {
public:
    constexpr state now() const noexcept { return now_; }

    constexpr transition apply(event e) noexcept {
        transition const t = Table::next(now_, e);
        now_ = t.to();
        return t;
    }

    friend constexpr bool operator==(basic_machine, basic_machine) noexcept = default;

private:
    state now_{};
};

using machine = basic_machine<rfc9293_table>;

}  // namespace tenon
