// SPDX-License-Identifier: BSL-1.0
// The smallest initial sequence: always the same.
#pragma once
#include <tenon/policy/initial_sequence/concept.hpp>

namespace tenon::archetype {

struct initial_sequence {
    static tenon::initial_sequence::start initial(tenon::initial_sequence::facts const&) noexcept { return {{0xffff'fff0}, 0}; }
    friend bool operator==(initial_sequence const&, initial_sequence const&) = default;
};
static_assert(tenon::initial_sequence::policy<initial_sequence>);

}  // namespace tenon::archetype
