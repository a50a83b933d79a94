// SPDX-License-Identifier: BSL-1.0
// RFC 5961: a RST resets only at exactly RCV.NXT (3.2), a SYN never does (4.2), an ACK must lie in
// [SND.UNA - MAX.SND.WND, SND.NXT] (5.2); the rest is answered with a challenge ACK, at most `count` per `interval` (7).
#pragma once
#include <cstdint>

#include <tenon/policy/blind_attack_checks/concept.hpp>

namespace tenon::blind_attack_checks {

struct challenge_limit {
    std::uint8_t count{10};          // RFC 5961, 7: ten in five seconds is its example
    duration     interval{from_s(5)};
};

template <challenge_limit Limit = challenge_limit{}>
class rfc5961 {
    static_assert(Limit.count >= 1, "a peer that lost its state is found by a challenge ACK");

    using stamp = tick<20>;

public:
    static constexpr bool checks = true;

    constexpr bool may_challenge(instant now) noexcept {
        auto const t = stamp::floor(now);
        if (used_ == 0 || t - since_ >= stamp::covering(Limit.interval)) {
            since_ = t;
            used_  = 0;
        }
        if (used_ == Limit.count) return false;
        ++used_;
        return true;
    }

    template <class F>
    constexpr void visit(instant now, F&& f) const {
        auto const age = stamp::floor(now) - since_;
        bool const over = used_ == 0 || age >= stamp::covering(Limit.interval);  // the next one begins another interval
        f("challenges", over ? 0 : used_);
        if (!over) f("challenges since", static_cast<std::uint64_t>(stamp::span(age).nanoseconds));
    }

    friend constexpr bool operator==(rfc5961 const&, rfc5961 const&) noexcept = default;

private:
    stamp        since_{};
    std::uint8_t used_{};
};

static_assert(policy<rfc5961<>>);

}  // namespace tenon::blind_attack_checks
