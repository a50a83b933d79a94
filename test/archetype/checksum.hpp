// SPDX-License-Identifier: BSL-1.0
// The smallest checksum policy that asks the transport.
#pragma once
#include <tenon/policy/checksum/concept.hpp>

namespace tenon::archetype {

struct checksum {
    static constexpr bool asks_transport = true;
    friend bool operator==(checksum const&, checksum const&) = default;
};
static_assert(tenon::checksum::policy<checksum>);

}  // namespace tenon::archetype
