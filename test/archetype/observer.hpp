// SPDX-License-Identifier: BSL-1.0
// The smallest observer that observes.
#pragma once
#include <tenon/policy/observer/concept.hpp>

namespace tenon::archetype {

struct observer {
    static constexpr bool observes = true;
    void on(tenon::observer::what, std::uint32_t) noexcept {}
    friend bool operator==(observer const&, observer const&) = default;
};
static_assert(tenon::observer::policy<observer>);

}  // namespace tenon::archetype
