// SPDX-License-Identifier: BSL-1.0
// Loss by duplicate acknowledgments without SACK: fast retransmit (RFC 5681, 3.2), NewReno's partial acknowledgments
// (RFC 6582) and Limited Transmit (RFC 3042). One octet of state.
#pragma once
#include <cstdint>

#include <tenon/core/time.hpp>
#include <tenon/policy/recovery/concept.hpp>

namespace tenon::recovery {

struct dup_ack_parameters {
    std::uint8_t threshold{3};         // RFC 5681, 3.2
    bool         limited_transmit{true};
};

template <dup_ack_parameters Parameters = dup_ack_parameters{}>
class dup_ack {
    static_assert(Parameters.threshold >= 1 && Parameters.threshold < 255, "a threshold that can be counted to");

public:
    template <class Board>
    constexpr verdict on_ack(facts const& f, Board& board) noexcept {
        if (f.acknowledged != 0) {
            count_ = 0;
            // RFC 6582, 3.2, step 3: a partial acknowledgment says that the next segment is lost too.
            if (f.in_recovery && f.outstanding != 0) board.mark_front(f.mss);
            return verdict::nothing;
        }
        if (!f.duplicate) return verdict::nothing;
        if (f.in_recovery) {
            board.count_delivered(f.mss);  // RFC 5681, 3.2, step 4, told as what left the network
            return verdict::nothing;
        }
        if (count_ <= Parameters.threshold) ++count_;
        if (!f.may_begin) return verdict::nothing;  // echoes of what an earlier episode sent twice
        // RFC 3042, 2: the first two duplicates each let a new segment out.
        if (Parameters.limited_transmit && count_ < Parameters.threshold) board.count_delivered(f.mss);
        if (count_ != Parameters.threshold) return verdict::nothing;
        board.count_delivered(Parameters.limited_transmit ? f.mss : Parameters.threshold * f.mss);
        board.mark_front(f.mss);
        return verdict::congestion;
    }

    template <class Board>
    constexpr void on_timeout(Board& board) noexcept {
        count_ = 0;
        board.mark_all();
    }

    template <class F>
    constexpr void visit(instant, F&& f) const { f("duplicates", count_); }

    friend constexpr bool operator==(dup_ack const&, dup_ack const&) noexcept = default;

private:
    std::uint8_t count_{};  // duplicates in a row; stops above the threshold
};

static_assert(policy<dup_ack<>>);

}  // namespace tenon::recovery
