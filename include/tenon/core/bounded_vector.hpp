// SPDX-License-Identifier: BSL-1.0
// A sequence of at most Capacity elements, kept inside the value. No heap; a full one refuses.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <tenon/core/contract.hpp>

namespace tenon {

template <std::size_t Capacity>
using smallest_count = std::conditional_t<(Capacity <= std::numeric_limits<std::uint8_t>::max()), std::uint8_t,
                       std::conditional_t<(Capacity <= std::numeric_limits<std::uint16_t>::max()), std::uint16_t, std::uint32_t>>;

template <class T, std::size_t Capacity>
class bounded_vector {
    static_assert(std::is_trivially_copyable_v<T>, "elements are moved by copying");

public:
    using value_type = T;

    static constexpr std::size_t capacity() noexcept { return Capacity; }
    constexpr std::size_t size() const noexcept { return count_; }
    constexpr bool empty() const noexcept { return count_ == 0; }
    constexpr bool full() const noexcept { return count_ == Capacity; }

    constexpr T* begin() noexcept { return items_.data(); }
    constexpr T* end() noexcept { return items_.data() + count_; }
    constexpr T const* begin() const noexcept { return items_.data(); }
    constexpr T const* end() const noexcept { return items_.data() + count_; }
    constexpr T& operator[](std::size_t i) noexcept { TENON_EXPECTS(i < count_); return items_[i]; }
    constexpr T const& operator[](std::size_t i) const noexcept { TENON_EXPECTS(i < count_); return items_[i]; }

    constexpr bool push_back(T const& item) noexcept { return insert(count_, item); }

    // Makes room at `where` by moving the later ones up; O(size).
    constexpr bool insert(std::size_t where, T const& item) noexcept {
        TENON_EXPECTS(where <= count_);
        if (full()) return false;
        for (std::size_t i = count_; i > where; --i) items_[i] = items_[i - 1];
        items_[where] = item;
        ++count_;
        return true;
    }

    // Removes [first, last) and closes the gap; O(size).
    constexpr void erase(std::size_t first, std::size_t last) noexcept {
        TENON_EXPECTS(first <= last && last <= count_);
        std::size_t to = first;
        for (std::size_t from = last; from < count_; ++from) items_[to++] = items_[from];
        count_ = static_cast<smallest_count<Capacity>>(to);
    }

    constexpr void clear() noexcept { count_ = 0; }

    friend constexpr bool operator==(bounded_vector const& a, bounded_vector const& b) noexcept {
        if (a.count_ != b.count_) return false;
        for (std::size_t i = 0; i < a.count_; ++i)
            if (!(a.items_[i] == b.items_[i])) return false;
        return true;
    }

private:
    std::array<T, Capacity> items_{};
    smallest_count<Capacity> count_{};
};

}  // namespace tenon
