// SPDX-License-Identifier: BSL-1.0
// Round-trip sampler without timestamps: times one segment per round trip (RFC 6298, 3) and never a retransmitted one
// (Karn). Twelve octets at most; O(1).
#pragma once
#include <optional>

#include <tenon/core/sequence.hpp>
#include <tenon/core/time.hpp>

namespace tenon::engine {

template <unsigned Shift>
class round_trip {
    friend class canonical_access;

public:
    constexpr void on_sent(sequence end, instant now) noexcept { on_sent_at(end, tick<Shift>::floor(now)); }
    constexpr void on_sent_at(sequence end, tick<Shift> now) noexcept {
        if (timing_) return;
        until_  = end;
        sent_   = now;
        timing_ = true;
    }
    constexpr bool timing() const noexcept { return timing_; }
    // Whatever is timed may be among what is sent again: an ACK of it would be ambiguous.
    constexpr void on_resent() noexcept { timing_ = false; }

    constexpr std::optional<duration> on_ack(sequence una, instant now) noexcept { return on_ack_at(una, tick<Shift>::floor(now)); }
    constexpr std::optional<duration> on_ack_at(sequence una, tick<Shift> now) noexcept {
        if (!timing_ || una < until_) return std::nullopt;
        timing_ = false;
        return tick<Shift>::span(now - sent_);
    }

    friend constexpr bool operator==(round_trip const&, round_trip const&) noexcept = default;

private:
    sequence    until_{};
    tick<Shift> sent_{};
    bool        timing_{};
};

}  // namespace tenon::engine
