// SPDX-License-Identifier: BSL-1.0
// The smallest give-up: it advises, and goes on.
#pragma once
#include <tenon/policy/give_up/concept.hpp>

namespace tenon::archetype {

struct give_up {
    static constexpr bool gives_up = true;
    static tenon::give_up::verdict after_timeout(tenon::give_up::facts) noexcept { return tenon::give_up::verdict::advise; }
    friend bool operator==(give_up const&, give_up const&) = default;
};
static_assert(tenon::give_up::policy<give_up>);

}  // namespace tenon::archetype
