// SPDX-License-Identifier: BSL-1.0
// Flight: which of the outstanding octets are thought lost, and how many are thought to be in the network (pipe).
// This one is for recovery without SACK: a lost stretch at the front and a count of what duplicate ACKs reported. All
// positions are offsets from SND.UNA, so nothing goes stale while the sequence numbers turn.
//
//        una        resend          lost           nxt
//         | sent again |  to be sent  |  in flight   |
//  -------+------------+--------------+--------------+----->
//
// O(1) in time and space, whatever the peer sends.
#pragma once
#include <algorithm>

#include <tenon/core/units.hpp>

namespace tenon::engine {

class front_flight {
public:
    // The board that a recovery policy marks (policy/recovery/concept.hpp).
    class board {
    public:
        constexpr board(front_flight& f, bytes outstanding) noexcept : flight_{f}, outstanding_{outstanding} {}
        constexpr void mark_front(bytes n) noexcept { flight_.mark(std::min(n, outstanding_), true); }
        constexpr void mark_all() noexcept {
            flight_.delivered_ = 0;  // a timeout believes in nothing (RFC 6582, 3.2, step 4)
            flight_.mark(outstanding_, false);
        }
        constexpr void count_delivered(bytes n) noexcept {
            // More can't have left the network than was in it, one segment of it being lost (RFC 5681, 3.2; attack G02).
            flight_.delivered_ = std::min(flight_.delivered_ + n, outstanding_);
        }
        constexpr bytes newly_lost() const noexcept { return flight_.lost_ - flight_.resend_; }

    private:
        front_flight& flight_;
        bytes outstanding_;
    };

    constexpr bytes pipe(bytes outstanding) const noexcept {
        bytes const gone = (lost_ - resend_) + delivered_;
        return outstanding > gone ? outstanding - gone : 0;
    }

    constexpr bool has_lost() const noexcept { return resend_ != lost_; }
    constexpr bytes resend_at() const noexcept { return resend_; }
    constexpr bytes to_resend() const noexcept { return lost_ - resend_; }
    // The first lost segment goes out whatever the window says (RFC 5681, 3.2, step 3; attack G05).
    constexpr bool may_ignore_window() const noexcept { return urgent_; }

    // n octets were cumulatively acknowledged; `repairing` while an episode of loss goes on.
    constexpr void on_ack(bytes n, bytes mss, bool repairing) noexcept {
        resend_ = resend_ > n ? resend_ - n : 0;
        lost_   = std::max(lost_ > n ? lost_ - n : 0, resend_);
        if (!has_lost()) urgent_ = false;
        // RFC 6582, 3.2, step 3: deflate by what was acknowledged, add back one SMSS: one of the n octets' segments was
        // the hole, the others had been counted as delivered. Outside an episode the duplicates are explained.
        bytes const counted = n > mss ? n - mss : 0;
        delivered_ = repairing && delivered_ > counted ? delivered_ - counted : 0;
    }

    constexpr void on_resent(bytes n) noexcept {
        resend_ = std::min(resend_ + n, lost_);
        urgent_ = false;
    }

    // The episode is over: what duplicate ACKs counted has been acknowledged.
    constexpr void explain() noexcept { delivered_ = 0; }

    friend constexpr bool operator==(front_flight const&, front_flight const&) noexcept = default;

private:
    constexpr void mark(bytes n, bool urgent) noexcept {
        resend_ = 0;
        lost_   = std::max(lost_, n);
        urgent_ = urgent;
    }

    bytes resend_{};     // offset of the next lost octet to send again
    bytes lost_{};       // offset of the end of the lost stretch
    bytes delivered_{};  // octets that duplicate ACKs say have left the network
    bool  urgent_{};
};

}  // namespace tenon::engine
