// SPDX-License-Identifier: BSL-1.0
// No keep-alives: an idle connection stays as long as nobody sends.
#pragma once
#include <tenon/policy/keep_alive/concept.hpp>

namespace tenon::keep_alive {

struct none {
    static constexpr bool probes = false;
    friend constexpr bool operator==(none, none) noexcept = default;
};

static_assert(policy<none>);

}  // namespace tenon::keep_alive
