// SPDX-License-Identifier: BSL-1.0
// In order only: keeps nothing that arrives ahead of RCV.NXT. Correct, empty and small; every loss costs the whole window
// behind it (RFC 2525, 2.5; RFC 9293, 3.10.7.4 says SHOULD keep).
#pragma once
#include <tenon/policy/reassembly/concept.hpp>

namespace tenon::reassembly {

struct in_order_only {
    static constexpr std::size_t capacity = 0;

    constexpr interval missing(sequence from, sequence to) const noexcept { return {from, to}; }
    constexpr bool admits(sequence, sequence, sequence) const noexcept { return false; }
    constexpr bool accept(sequence, sequence, sequence) noexcept { return false; }
    constexpr sequence advance(sequence nxt) noexcept { return nxt; }
    constexpr void clear() noexcept {}
    constexpr std::size_t count() const noexcept { return 0; }
    constexpr interval block(std::size_t) const noexcept { return {}; }

    friend constexpr bool operator==(in_order_only, in_order_only) noexcept = default;
};

static_assert(policy<in_order_only>);

}  // namespace tenon::reassembly
