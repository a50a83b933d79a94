// SPDX-License-Identifier: BSL-1.0
// No index: the host compares the ends of its few connections one after the other.
#pragma once
#include <cstddef>

#include <tenon/policy/demux/concept.hpp>

namespace tenon::demux {

struct array {
    static constexpr bool        searches_linearly = true;
    static constexpr std::size_t capacity          = 16;  // more would let a peer lengthen every look-up
    friend constexpr bool operator==(array, array) noexcept = default;
};

static_assert(policy<array>);

}  // namespace tenon::demux
