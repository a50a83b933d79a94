// SPDX-License-Identifier: BSL-1.0
// The Nagle algorithm (RFC 9293, 3.7.4, SHLD-7): while anything is unacknowledged, wait for an acknowledgment or a full segment.
#pragma once
#include <tenon/policy/coalescing/concept.hpp>

namespace tenon::coalescing {

struct nagle {
    static constexpr bool coalesces = true;
    static constexpr bool may_send_runt(facts f) noexcept { return f.outstanding == 0 || f.octets >= f.mss || f.no_delay; }
    friend constexpr bool operator==(nagle, nagle) noexcept = default;
};

static_assert(policy<nagle>);

}  // namespace tenon::coalescing
