// SPDX-License-Identifier: BSL-1.0
// Path: the one owner of the effective MSS (RFC 9293, 3.7.1): what the peer accepts, what the path carries, less what
// options take from each segment.
#pragma once
#include <algorithm>
#include <cstdint>

#include <tenon/core/units.hpp>

namespace tenon::engine {

// What the interface and the version of IP say before there is a peer.
struct link_facts {
    bytes mss{};       // MTU less the headers of IP and TCP: also what our SYN advertises (RFC 9293, MUST-67)
    bytes fallback{};  // the send MSS when a peer names none: 536 or 1220
};

class path {
    friend class canonical_access;

public:
    // The least a segment carries, whatever the peer asks for: a smaller MSS is an attack (CVE-2019-11479; attack O02).
    static constexpr bytes least_mss = 48;

    constexpr void start(link_facts link) noexcept {
        mss_      = narrow(link.mss);
        fallback_ = narrow(link.fallback);
    }

    // What the peer's SYN said; 0: nothing (RFC 9293, MUST-15).
    // `options`: what every segment will carry of them (RFC 9293, 3.7.1, MUST-16: SMSS is less these).
    constexpr void agree(bytes peer, bytes options = 0) noexcept {
        lower(peer != 0 ? peer : fallback_);
        if (options < mss_) mss_ = narrow(mss_ - options);  // no link of 68 octets, the least of IPv4, is too small
    }
    constexpr bool lower(bytes mss) noexcept {
        bytes const to = greater(mss, least_mss);
        if (to >= mss_) return false;  // on a link that carries less, the floor must not raise it
        mss_ = static_cast<std::uint16_t>(to);
        return true;
    }

    constexpr bytes mss() const noexcept { return mss_; }

    friend constexpr bool operator==(path const&, path const&) noexcept = default;

private:
    static constexpr std::uint16_t narrow(bytes n) noexcept { return static_cast<std::uint16_t>(lesser(n, bytes{65'535})); }

    std::uint16_t mss_{};
    std::uint16_t fallback_{};
};

}  // namespace tenon::engine
