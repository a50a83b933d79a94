// SPDX-License-Identifier: BSL-1.0
// Timer wheel: seven levels of 32 slots (four on the last) over 32-bit ticks, after Varghese and Lauck's hierarchical wheels.
// Sixteen octets per timer; arm and disarm O(1); a timer is moved down at most six times in its life. No timer fires early.
//
// A timer lies on the level of the highest digit in which its tick differs from `base_`, in the slot of that digit. Hence
// levels are in the order of their ticks, and so are the slots of a level.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace tenon {

template <std::size_t Timers>
class timer_wheel {
    static constexpr unsigned digit = 5, levels = 7, slots = 1u << digit;

public:
    using index = std::uint32_t;
    using ticks = std::uint32_t;

    static constexpr unsigned looks = 16;  // timers that next() looks at, at most: O(1)

    constexpr bool armed(index i) const noexcept { return timers_[i].place != 0; }
    constexpr ticks at(index i) const noexcept { return timers_[i].at; }  // only of one that is armed
    constexpr std::uint32_t count() const noexcept { return count_; }

    // A tick that has passed means as soon as possible. At most 2^30 ticks ahead; what is further fires there.
    constexpr void arm(index i, ticks at, ticks now) noexcept {
        if (armed(i)) {
            if (timers_[i].at == at) return;
            disarm(i);
        }
        if (count_ == 0) base_ = now;
        auto const ahead = static_cast<std::int32_t>(at - base_);
        timers_[i].at = ahead < 0 ? base_ : ahead > furthest ? base_ + furthest : at;
        insert(i);
        ++count_;
    }
    constexpr void disarm(index i) noexcept {
        if (!armed(i)) return;
        remove(i);
        --count_;
    }

    // One timer that is due, disarmed; none when there is none, or when `moves` timers have been moved down in this call's
    // budget: then next() is still due.
    constexpr std::optional<index> pop(ticks now, unsigned& moves) noexcept {
        while (count_ != 0) {
            auto const p = first();
            ticks const start = start_of(p);
            if (static_cast<std::int32_t>(start - now) > 0) {
                base_ = later(now);
                return std::nullopt;
            }
            base_ = start;
            index const i = heads_[p] - 1;
            if (p < slots) {
                disarm(i);
                return i;
            }
            if (moves == 0) {
                cascading_ = p;
                return std::nullopt;
            }
            --moves;
            remove(i);
            insert(i);
            cascading_ = heads_[p] != 0 ? p : 0;
        }
        base_ = now;
        return std::nullopt;
    }

    // When pop has something to do. Exact, unless the next timers are more than `looks` in one slot of an upper level:
    // then perhaps early by less than that slot's span, never late. A call that comes early moves some of them down.
    constexpr std::optional<ticks> next() const noexcept {
        if (count_ == 0) return std::nullopt;
        if (cascading_ != 0) return base_;
        auto const p = first();
        ticks least = 0xffff'ffff;
        unsigned seen = 0;
        for (auto link = heads_[p]; link != 0; link = timers_[link - 1].next) {
            if (++seen > looks) return start_of(p);
            if (timers_[link - 1].at - base_ < least) least = timers_[link - 1].at - base_;
        }
        return base_ + least;
    }

private:
    static constexpr std::int32_t furthest = std::int32_t{1} << 30;

    struct timer {
        std::uint32_t next{};   // one more than the index; 0: none
        std::uint32_t back{};
        ticks         at{};
        std::uint16_t place{};  // one more than level x 32 + slot; 0: not armed
    };

    static constexpr unsigned shift_of(unsigned place) noexcept { return place / slots * digit; }

    constexpr void insert(index i) noexcept {
        auto& t = timers_[i];
        ticks const different = t.at ^ base_;
        unsigned const level = different == 0 ? 0 : (static_cast<unsigned>(std::bit_width(different)) - 1) / digit;
        unsigned const p = level * slots + (t.at >> (level * digit) & (slots - 1));
        t.next = heads_[p];
        t.back = 0;
        t.place = static_cast<std::uint16_t>(p + 1);
        if (t.next != 0) timers_[t.next - 1].back = i + 1;
        heads_[p] = i + 1;
        occupied_[level] |= std::uint32_t{1} << (p % slots);
    }

    constexpr void remove(index i) noexcept {
        auto& t = timers_[i];
        unsigned const p = t.place - 1u;
        if (t.next != 0) timers_[t.next - 1].back = t.back;
        if (t.back != 0) timers_[t.back - 1].next = t.next;
        else heads_[p] = t.next;
        if (heads_[p] == 0) {
            occupied_[p / slots] &= ~(std::uint32_t{1} << (p % slots));
            if (cascading_ == p) cascading_ = 0;
        }
        t.place = 0;
    }

    // The first slot that is not empty; count_ is not 0.
    constexpr unsigned first() const noexcept {
        if (cascading_ != 0) return cascading_;
        unsigned level = 0;
        while (occupied_[level] == 0) ++level;
        // Only the last level wraps, of which four slots exist.
        unsigned const here = base_ >> (level * digit) & (slots - 1);
        if (level + 1 < levels) return level * slots + static_cast<unsigned>(std::countr_zero(occupied_[level]));
        for (unsigned s = here;; s = (s + 1) & 3u)
            if ((occupied_[level] >> s & 1u) != 0) return level * slots + s;
    }

    // The first tick of a slot: upper digits as in base_, own digit the slot, lower digits zero. Modulo 2^32.
    constexpr ticks start_of(unsigned place) const noexcept {
        unsigned const shift = shift_of(place);
        if (place == cascading_ && place != 0) return base_;
        ticks const own = ticks{place % slots} << shift;
        if (shift + digit >= 32) return own;
        return (base_ >> (shift + digit) << (shift + digit)) | own;
    }

    constexpr ticks later(ticks now) const noexcept { return static_cast<std::int32_t>(now - base_) > 0 ? now : base_; }

    ticks base_{};
    std::uint32_t count_{};
    unsigned cascading_{};  // the slot being moved down: base_ has reached it; 0: none, since level 0 never is
    std::array<std::uint32_t, levels> occupied_{};
    std::array<std::uint32_t, levels * slots> heads_{};
    std::array<timer, Timers> timers_{};
};

}  // namespace tenon
