// SPDX-License-Identifier: BSL-1.0
// The rules of RFC 9293 without RFC 5961's: any RST in the window resets, a SYN in the window is answered as the
// standard's original text says. For closed networks.
#pragma once
#include <tenon/policy/blind_attack_checks/concept.hpp>

namespace tenon::blind_attack_checks {

struct none {
    static constexpr bool checks = false;
    static constexpr bool may_challenge(instant) noexcept { return true; }
    friend constexpr bool operator==(none, none) noexcept = default;
};

static_assert(policy<none>);

}  // namespace tenon::blind_attack_checks
