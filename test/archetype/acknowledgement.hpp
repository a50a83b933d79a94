// SPDX-License-Identifier: BSL-1.0
// The smallest acknowledgement: always later.
#pragma once
#include <tenon/policy/acknowledgement/concept.hpp>

namespace tenon::archetype {

struct acknowledgement {
    static constexpr bool     delays = true;
    static constexpr duration delay{from_ms(100)};
    tenon::acknowledgement::when on_segment(tenon::acknowledgement::facts const&) noexcept { return tenon::acknowledgement::when::later; }
    void on_sent() noexcept {}
    friend bool operator==(acknowledgement const&, acknowledgement const&) = default;
};
static_assert(tenon::acknowledgement::policy<acknowledgement>);

}  // namespace tenon::archetype
