// SPDX-License-Identifier: BSL-1.0
// The transport makes or checks what its capabilities say, and the library the rest.
#pragma once
#include <tenon/policy/checksum/concept.hpp>

namespace tenon::checksum {

struct by_transport {
    static constexpr bool asks_transport = true;
    friend constexpr bool operator==(by_transport, by_transport) noexcept = default;
};

static_assert(policy<by_transport>);

}  // namespace tenon::checksum
