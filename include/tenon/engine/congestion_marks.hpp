// SPDX-License-Identifier: BSL-1.0
// Congestion marks (RFC 3168, 6.1): what the SYNs agreed on, and the receiver's half: ECE from the first CE until the peer's CWR.
// Without an ECN policy the class is empty. O(1).
#pragma once
#include <cstdint>

#include <tenon/wire/segment.hpp>

namespace tenon::engine {

// The two bits of ECN in the IP header (RFC 3168, 5).
enum class codepoint : std::uint8_t { not_ect = 0, ect_1 = 1, ect_0 = 2, ce = 3 };
constexpr codepoint codepoint_of(std::uint8_t traffic_class) noexcept { return static_cast<codepoint>(traffic_class & 3); }

inline constexpr wire::flags ecn_flags = wire::flag::ece | wire::flag::cwr;

// 6.1.1: an ECN-setup SYN has both flags, an ECN-setup SYN-ACK has ECE alone.
constexpr bool is_setup(wire::segment const& s) noexcept {
    return s.has(wire::flag::ack) ? s.has(wire::flag::ece) && !s.has(wire::flag::cwr) : s.control.all_of(ecn_flags);
}

template <bool Exists>
class congestion_marks {
    friend class canonical_access;

public:
    constexpr void start() noexcept { *this = {}; }
    // A SYN of ours without the flags forbids ECT on our data; what the peer sends as ECT is heard all the same (6.1.1).
    constexpr void agree(bool both) noexcept { agreed_ = both; }
    constexpr void withdraw() noexcept { withdrawn_ = true; }
    constexpr bool agreed() const noexcept { return agreed_; }
    constexpr bool sends() const noexcept { return agreed_ && !withdrawn_; }
    constexpr bool offers() const noexcept { return !withdrawn_; }
    constexpr bool echoes() const noexcept { return echo_; }

    // An acceptable segment. CWR first: a marked segment with CWR begins anew (erratum 3639).
    constexpr void on_segment(bool cwr, codepoint c) noexcept {
        if (!agreed_) return;
        if (cwr) echo_ = false;
        if (c == codepoint::ce) echo_ = true;
    }

    friend constexpr bool operator==(congestion_marks const&, congestion_marks const&) noexcept = default;

private:
    bool agreed_{};
    bool withdrawn_{};  // our SYN went out again without the flags (6.1.1.1), or the peer's came so
    bool echo_{};
};

template <>
class congestion_marks<false> {
public:
    static constexpr void start() noexcept {}
    static constexpr bool agreed() noexcept { return false; }
    friend constexpr bool operator==(congestion_marks const&, congestion_marks const&) noexcept = default;
};

}  // namespace tenon::engine
