// SPDX-License-Identifier: BSL-1.0
// Loss is known by the retransmission timer alone: the least a TCP can do. For one segment in flight, and as a baseline.
#pragma once
#include <tenon/policy/recovery/concept.hpp>

namespace tenon::recovery {

struct timeout_only {
    static constexpr bool hears_acks = false;

    template <class Board>
    static constexpr verdict on_ack(facts const&, Board&) noexcept { return verdict::nothing; }

    template <class Board>
    static constexpr void on_timeout(Board& board) noexcept { board.mark_all(); }

    friend constexpr bool operator==(timeout_only, timeout_only) noexcept = default;
};

static_assert(policy<timeout_only>);

}  // namespace tenon::recovery
