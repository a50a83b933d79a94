// SPDX-License-Identifier: BSL-1.0
// Every segment is acknowledged at once: no timer, no state, twice the ACKs.
#pragma once
#include <tenon/policy/acknowledgement/concept.hpp>

namespace tenon::acknowledgement {

struct immediate {
    static constexpr bool delays = false;
    static constexpr when on_segment(facts const&) noexcept { return when::now; }
    static constexpr void on_sent() noexcept {}
    friend constexpr bool operator==(immediate, immediate) noexcept = default;
};

static_assert(policy<immediate>);

}  // namespace tenon::acknowledgement
