// SPDX-License-Identifier: BSL-1.0
// Virtual time: a clock that is told the time, and a queue of things to happen. Of two things at the same instant, the
// one put in first happens first, so a run depends on nothing but its inputs. push and pop are O(log n).
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <tenon/core/time.hpp>

namespace tenon::simulation {

class clock {
public:
    constexpr instant now() const noexcept { return now_; }
    constexpr void advance_to(instant t) noexcept { now_ = std::max(now_, t); }  // never backwards

private:
    instant now_{};
};

template <class T>
class scheduler {
    struct entry {
        instant       at;
        std::uint64_t order;
        T             what;
    };
    static bool later(entry const& a, entry const& b) noexcept { return a.at != b.at ? b.at < a.at : b.order < a.order; }

public:
    explicit scheduler(std::size_t reserved = 64) { heap_.reserve(reserved); }

    void push(instant at, T what) {
        heap_.push_back({at, order_++, std::move(what)});
        std::push_heap(heap_.begin(), heap_.end(), later);
    }

    std::optional<instant> next() const noexcept { return heap_.empty() ? std::nullopt : std::optional{heap_.front().at}; }
    bool due(instant now) const noexcept { return !heap_.empty() && heap_.front().at <= now; }
    T const& front() const noexcept { return heap_.front().what; }
    std::size_t size() const noexcept { return heap_.size(); }
    bool empty() const noexcept { return heap_.empty(); }

    std::pair<instant, T> pop() {
        std::pop_heap(heap_.begin(), heap_.end(), later);
        std::pair<instant, T> first{heap_.back().at, std::move(heap_.back().what)};
        heap_.pop_back();
        return first;
    }

private:
    std::vector<entry> heap_;
    std::uint64_t      order_{};
};

// The earlier of two instants, where nothing is later than everything.
constexpr std::optional<instant> earliest(std::optional<instant> a, std::optional<instant> b) noexcept {
    if (!a) return b;
    return b && *b < *a ? b : a;
}

}  // namespace tenon::simulation
