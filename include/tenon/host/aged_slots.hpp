// SPDX-License-Identifier: BSL-1.0
// Aged slots: which of N places are taken, and in which order they were. Every call O(1); all-zero is valid and empty.
#pragma once
#include <tenon/host/index_rings.hpp>

namespace tenon {

template <std::size_t N>
class aged_slots {
    static constexpr std::uint32_t spare = 0, taken = 1;

public:
    static constexpr std::size_t capacity() noexcept { return N; }
    constexpr std::uint32_t count() const noexcept { return count_; }
    constexpr bool full() const noexcept { return count_ == N; }

    // A place that is now the youngest; none when all are taken. The place given back last comes first: it is warm.
    constexpr std::optional<std::uint32_t> take() noexcept {
        if (full()) return std::nullopt;
        auto i = rings_.pop_front(spare);
        if (!i) i = fresh_++;
        rings_.push_back(*i, taken);
        ++count_;
        return i;
    }
    constexpr void give_back(std::uint32_t i) noexcept {
        rings_.erase(i);
        rings_.push_front(i, spare);
        --count_;
    }
    // From now on the youngest.
    constexpr void refresh(std::uint32_t i) noexcept {
        rings_.erase(i);
        rings_.push_back(i, taken);
    }
    constexpr std::optional<std::uint32_t> oldest() const noexcept { return rings_.front(taken); }

private:
    index_rings<2, N> rings_{};
    std::uint32_t fresh_{};  // places below have been taken at least once
    std::uint32_t count_{};
};

}  // namespace tenon
