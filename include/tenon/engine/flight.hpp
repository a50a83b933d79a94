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

#include <tenon/core/only_if.hpp>
#include <tenon/core/units.hpp>

namespace tenon::engine {

// Repairs: a recovery policy hears ACKs. Without one nothing is counted as delivered, and nothing is urgent.
template <bool Repairs>
class basic_flight {
    friend class canonical_access;

public:
    // The board that a recovery policy marks (policy/recovery/concept.hpp).
    class board {
    public:
        constexpr board(basic_flight& f, bytes outstanding) noexcept : flight_{f}, outstanding_{outstanding} {}
        constexpr void mark_front(bytes n) noexcept {
            flight_.mark_first(lesser(n, outstanding_));
            if constexpr (Repairs) flight_.repair_.most = outstanding_;
        }
        constexpr void mark_all() noexcept {
            flight_.explain();  // a timeout believes in nothing (RFC 6582, 3.2, step 4)
            flight_.resend_ = 0;
            flight_.lost_   = outstanding_;
            flight_.calm();
        }
        constexpr void count_delivered(bytes n) noexcept {
            // No more than was out there when the hole was found: what duplicates let out does not earn more of them
            // (RFC 5681, 3.2, closing note; attack G02).
            if constexpr (Repairs) {
                auto& r = flight_.repair_;
                r.delivered = lesser(r.delivered + n, r.most != 0 ? r.most : outstanding_);
            }
        }
        constexpr bytes newly_lost() const noexcept { return flight_.lost_ - flight_.resend_; }

    private:
        basic_flight& flight_;
        bytes outstanding_;
    };

    constexpr bytes pipe(bytes outstanding) const noexcept {
        bytes gone = lost_ - resend_;
        if constexpr (Repairs) gone += repair_.delivered;
        return outstanding > gone ? outstanding - gone : 0;
    }

    constexpr bool has_lost() const noexcept { return resend_ != lost_; }
    constexpr bytes resend_at() const noexcept { return resend_; }
    constexpr bytes to_resend() const noexcept { return lost_ - resend_; }
    // The first lost segment goes out whatever the window says (RFC 5681, 3.2, step 3; attack G05).
    constexpr bool may_ignore_window() const noexcept {
        if constexpr (Repairs) return repair_.urgent;
        else return false;
    }

    // n octets were cumulatively acknowledged; `repairing` while an episode of loss goes on.
    constexpr void on_ack(bytes n, [[maybe_unused]] bytes mss, [[maybe_unused]] bool repairing) noexcept {
        resend_ = resend_ > n ? resend_ - n : 0;
        lost_   = greater(lost_ > n ? lost_ - n : 0, resend_);
        if constexpr (Repairs) {
            if (!has_lost()) calm();
            // RFC 6582, 3.2, step 3: deflate by what was acknowledged, add back one SMSS: one of the n octets' segments was
            // the hole, the others had been counted as delivered. Outside an episode the duplicates are explained.
            bytes const counted = n > mss ? n - mss : 0;
            auto& delivered = repair_.delivered;
            delivered = repairing && delivered > counted ? delivered - counted : 0;
        }
    }

    constexpr void on_resent(bytes n) noexcept {
        resend_ = lesser(resend_ + n, lost_);
        calm();
    }

    // The episode is over: what duplicate ACKs counted has been acknowledged.
    constexpr void explain() noexcept {
        if constexpr (Repairs) repair_.delivered = repair_.most = 0;
    }

    friend constexpr bool operator==(basic_flight const&, basic_flight const&) noexcept = default;

private:
    // RFC 6582, 3.2, step 3: the first unacknowledged segment, and nothing behind it that was sent again already. While a longer
    // stretch is still on its way out, the front is part of it.
    constexpr void mark_first(bytes n) noexcept {
        if (!has_lost()) {
            resend_ = 0;
            lost_   = n;
        }
        if constexpr (Repairs) repair_.urgent = true;
    }
    constexpr void calm() noexcept {
        if constexpr (Repairs) repair_.urgent = false;
    }

    struct repair {
        bytes delivered{};  // octets that duplicate ACKs say have left the network
        bytes most{};       // as many can have, at most; 0: all that is outstanding
        bool  urgent{};
        friend constexpr bool operator==(repair const&, repair const&) noexcept = default;
    };

    bytes resend_{};     // offset of the next lost octet to send again
    bytes lost_{};       // offset of the end of the lost stretch
    [[no_unique_address]] only_if<Repairs, repair, struct repair_field> repair_{};
};

using front_flight = basic_flight<true>;

}  // namespace tenon::engine
