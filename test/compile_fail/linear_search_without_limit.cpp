// SPDX-License-Identifier: BSL-1.0
// A demux policy that searches linearly says for how many connections: more would let a peer lengthen every look-up.
// expect: limits_a_linear_search
#include <tenon/policy/demux/concept.hpp>

struct chosen {
    static constexpr bool searches_linearly = true;
#ifndef MUST_FAIL
    static constexpr std::size_t capacity = 16;
#endif
    friend constexpr bool operator==(chosen, chosen) noexcept = default;
};
static_assert(tenon::demux::policy<chosen>);
