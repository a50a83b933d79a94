// SPDX-License-Identifier: BSL-1.0
// The smallest blind attack checks: no challenge is ever sent.
#pragma once
#include <tenon/policy/blind_attack_checks/concept.hpp>

namespace tenon::archetype {

struct blind_attack_checks {
    static constexpr bool checks = true;
    bool may_challenge(instant) noexcept { return false; }
    friend bool operator==(blind_attack_checks const&, blind_attack_checks const&) = default;
};
static_assert(tenon::blind_attack_checks::policy<blind_attack_checks>);

}  // namespace tenon::archetype
