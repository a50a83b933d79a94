// SPDX-License-Identifier: BSL-1.0
// Timestamps of a connection (RFC 7323, 3 to 5): what is sent, what is echoed, and protection against wrapped sequence numbers.
// The clock ticks every 1.05 ms, within the 1 ms to 1 s of section 5.4. Where they are not offered the class is empty. O(1).
#pragma once
#include <cstdint>
#include <optional>

#include <tenon/core/sequence.hpp>
#include <tenon/core/time.hpp>
#include <tenon/engine/moment.hpp>
#include <tenon/wire/option_kind.hpp>

namespace tenon::engine {

template <bool Offered>
class timestamps {
    friend class canonical_access;

public:
    // Section 5.5: 24 days without a segment, and TS.Recent says nothing any more.
    static constexpr std::uint32_t trusted_for = coarse_tick::covering(from_s(24 * 86'400));

    constexpr void start(std::uint32_t offset) noexcept {
        *this = {};
        offset_ = offset;
    }
    // The peer's SYN had the option, or had not.
    constexpr void agree(bool both, std::uint32_t value, coarse_tick now) noexcept {
        agreed_ = both;
        recent_ = value;
        since_  = now;
    }
    constexpr bool agreed() const noexcept { return agreed_; }
    constexpr std::uint32_t recent() const noexcept { return recent_; }
    constexpr std::uint32_t offset() const noexcept { return offset_; }

    static constexpr wire::timestamp_pair stamp(std::uint32_t offset, std::uint32_t recent, coarse_tick now) noexcept {
        return {.value = now.count + offset, .echo = recent};
    }
    constexpr wire::timestamp_pair stamp(coarse_tick now) const noexcept { return stamp(offset_, recent_, now); }

    // Section 5.3, R1: older than what has been seen.
    constexpr bool stale(std::uint32_t value, coarse_tick now) noexcept {
        if (static_cast<std::int32_t>(value - recent_) >= 0) return false;
        if (now - since_ < trusted_for) return true;
        since_ = {now.count - trusted_for};  // it stays as old as that: an age that wrapped would be young again
        return false;
    }
    // R3, of an acceptable segment: the earliest of those that one ACK will answer (section 4.3).
    constexpr void on_acceptable(sequence seq, std::uint32_t value, coarse_tick now) noexcept {
        if (seq > last_ack_sent_) return;  // and it is not stale, or nobody would have called
        recent_ = value;
        since_  = now;
    }
    constexpr void on_ack_sent(sequence ack) noexcept { last_ack_sent_ = ack; }

    // Section 4.1, for a segment that advanced SND.UNA. An echo of what was never sent says nothing.
    constexpr std::optional<duration> round_trip(std::uint32_t echo, coarse_tick now) const noexcept {
        auto const ticks = now.count + offset_ - echo;
        if (ticks >= 1u << 31) return std::nullopt;
        return coarse_tick::span(ticks);
    }

    friend constexpr bool operator==(timestamps const&, timestamps const&) noexcept = default;

private:
    std::uint32_t recent_{};         // TS.Recent
    coarse_tick   since_{};          // when it was
    sequence      last_ack_sent_{};  // Last.ACK.sent
    std::uint32_t offset_{};         // Snd.TSoffset: random for each connection (section 5.4)
    bool          agreed_{};
};

// The present, for those who write timestamps.
template <bool Offered>
struct stamp_time {
    coarse_tick tick{};
    constexpr stamp_time(instant now) noexcept : tick{coarse_tick::floor(now)} {}
};
template <>
struct stamp_time<false> {
    constexpr stamp_time(instant) noexcept {}
};

template <>
class timestamps<false> {
public:
    static constexpr void start(std::uint32_t) noexcept {}
    static constexpr bool agreed() noexcept { return false; }
    static constexpr void on_ack_sent(sequence) noexcept {}
    friend constexpr bool operator==(timestamps const&, timestamps const&) noexcept = default;
};

}  // namespace tenon::engine
