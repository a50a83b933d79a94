// SPDX-License-Identifier: BSL-1.0
// The state table as an array that a test can alter: one transition for each pair of state and event.
#pragma once
#include <array>
#include <cstddef>
#include <span>

#include <tenon/state/machine.hpp>

namespace tenon::test {

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

}  // namespace tenon::test
