// SPDX-License-Identifier: BSL-1.0
// The smallest set of options: MSS alone.
#pragma once
#include <tenon/policy/options/concept.hpp>

namespace tenon::archetype {

struct options {
    static constexpr tenon::options::offer offered{};
};
static_assert(tenon::options::policy<options>);

}  // namespace tenon::archetype
