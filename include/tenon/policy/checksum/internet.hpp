// SPDX-License-Identifier: BSL-1.0
// The library makes and checks every checksum.
#pragma once
#include <tenon/policy/checksum/concept.hpp>

namespace tenon::checksum {

struct internet {
    static constexpr bool asks_transport = false;
    friend constexpr bool operator==(internet, internet) noexcept = default;
};

static_assert(policy<internet>);

}  // namespace tenon::checksum
