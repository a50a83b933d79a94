// SPDX-License-Identifier: BSL-1.0
// The state of one connection, and the only way to change it. A transition is a search through the
// rows, two octets each: it happens a handful of times in a connection's life.
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

static_assert(event_count == 16 && state_count <= 16, "a pair of state and event is a key of eight bits");

constexpr std::uint8_t key_of(state s, event e) noexcept {
    return static_cast<std::uint8_t>(static_cast<unsigned>(s) << 4 | static_cast<unsigned>(e));
}

// The rows as they are looked up: two octets each.
struct packed_row {
    std::uint8_t key{};
    transition   answer{};
};
template <std::size_t Rows>
constexpr std::array<packed_row, Rows> packed(std::array<row, Rows> const& rows) noexcept {
    std::array<packed_row, Rows> result{};
    for (std::size_t i = 0; i < Rows; ++i) result[i] = {key_of(rows[i].from, rows[i].on), {rows[i].to, rows[i].send, true}};
    return result;
}

inline constexpr auto rfc9293_packed = packed(rfc9293_rows);

}  // namespace detail

struct rfc9293_table {
    static constexpr transition next(state s, event e) noexcept {
        auto const key = detail::key_of(s, e);
        for (auto const& r : detail::rfc9293_packed)
            if (r.key == key) return r.answer;
        return {s, reply::none, false};
    }
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
