// SPDX-License-Identifier: BSL-1.0
// Interval list: at most Capacity intervals, the most recently touched first, which is the order SACK blocks are sent in.
// Every call looks at each interval at most twice: O(Capacity), whatever a peer sends. When the list is full, a range that
// touches no interval is refused; one that does is merged and can only shorten the list.
#pragma once
#include <tenon/core/bounded_vector.hpp>
#include <tenon/policy/reassembly/concept.hpp>

namespace tenon::reassembly {

template <std::size_t Capacity = 8>
class interval_list {
    static_assert(Capacity >= 1, "a list of nothing is in_order_only");
    static_assert(Capacity <= 16, "the list is searched linearly; a peer must not be able to make that long");

public:
    static constexpr std::size_t capacity = Capacity;

    constexpr interval missing(sequence from, sequence to) const noexcept {
        // Intervals do not touch: at most one holds `from`, and none begins where that one ends.
        for (auto const& held : held_)
            if (held.from <= from && from < held.to) {
                from = earlier(held.to, to);
                break;
            }
        for (auto const& held : held_)
            if (from < held.from && held.from < to) to = held.from;
        return {from, to};
    }

    constexpr bool admits(sequence nxt, sequence from, sequence to) const noexcept {
        if (!out_of_order(nxt, from, to)) return false;
        if (!held_.full()) return true;
        for (auto const& held : held_)
            if (touch(held, {from, to})) return true;
        return false;
    }

    constexpr bool accept(sequence nxt, sequence from, sequence to) noexcept {
        if (!admits(nxt, from, to)) return false;
        interval merged{from, to};
        std::size_t kept = 0;
        for (std::size_t i = 0; i < held_.size(); ++i) {
            if (touch(held_[i], {from, to})) merged = {earlier(merged.from, held_[i].from), later(merged.to, held_[i].to)};
            else held_[kept++] = held_[i];
        }
        held_.erase(kept, held_.size());
        // RFC 2018, 4: the first block holds the segment that triggered the ACK, the others follow by recency.
        return held_.insert(0, merged);
    }

    constexpr sequence advance(sequence nxt) noexcept {
        sequence edge = nxt;
        std::size_t kept = 0;
        for (std::size_t i = 0; i < held_.size(); ++i) {
            if (held_[i].from <= nxt) edge = later(edge, held_[i].to);
            else held_[kept++] = held_[i];
        }
        held_.erase(kept, held_.size());
        return edge;
    }

    constexpr void clear() noexcept { held_.clear(); }

    constexpr std::size_t count() const noexcept { return held_.size(); }
    constexpr interval block(std::size_t i) const noexcept { return held_[i]; }

    friend constexpr bool operator==(interval_list const&, interval_list const&) noexcept = default;

private:
    static constexpr bool touch(interval a, interval b) noexcept { return a.from <= b.to && b.from <= a.to; }

    bounded_vector<interval, Capacity> held_{};
};

static_assert(policy<interval_list<1>> && policy<interval_list<>> && policy<interval_list<16>>);

}  // namespace tenon::reassembly
