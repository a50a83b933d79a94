// SPDX-License-Identifier: BSL-1.0
// The smallest recovery: a timeout loses everything.
#pragma once
#include <tenon/policy/recovery/concept.hpp>

namespace tenon::archetype {

struct recovery {
    template <class Board>
    tenon::recovery::verdict on_ack(tenon::recovery::facts const&, Board&) noexcept { return tenon::recovery::verdict::nothing; }
    template <class Board>
    void on_timeout(Board& board) noexcept { board.mark_all(); }
    friend bool operator==(recovery const&, recovery const&) = default;
};
static_assert(tenon::recovery::policy<recovery>);

}  // namespace tenon::archetype
