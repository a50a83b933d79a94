// SPDX-License-Identifier: BSL-1.0
// RFC 6528, 3: ISN = M + F(localip, localport, remoteip, remoteport, secretkey), with SipHash-2-4 as F. Its other half
// is the offset of the timestamps, so that they too tell nothing of the clock and still grow from one
// incarnation to the next (RFC 7323, 5.4).
#pragma once
#include <cstdint>

#include <tenon/policy/initial_sequence/concept.hpp>
#include <tenon/policy/initial_sequence/siphash.hpp>

namespace tenon::initial_sequence {

struct rfc6528 {
    static constexpr start initial(facts const& f) noexcept {
        siphash<> hash{f.secret};
        hash.add(f.local);
        hash.add_16(f.local_port);
        hash.add(f.remote);
        hash.add_16(f.remote_port);
        std::uint64_t const h = hash.result();
        sequence number{static_cast<std::uint32_t>(h) + ticks(f.now)};
        // RFC 9293, 3.6.1 (1): larger than the largest sequence number of the previous incarnation.
        if (f.floor && number <= *f.floor) number = *f.floor + 1;
        return {number, static_cast<std::uint32_t>(h >> 32)};
    }

    friend constexpr bool operator==(rfc6528, rfc6528) noexcept = default;

private:
    // RFC 9293, 3.4.1: a step "at least once every roughly 4 microseconds". Ours takes 2^12 ns = 4.096 us,
    // a shift, and wraps in 4.9 hours.
    static constexpr std::uint32_t ticks(instant t) noexcept { return static_cast<std::uint32_t>(t.nanoseconds >> 12); }
};

static_assert(policy<rfc6528>);

}  // namespace tenon::initial_sequence
