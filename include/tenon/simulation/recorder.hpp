// SPDX-License-Identifier: BSL-1.0
// Recorder: what happened to packets on links, as counts, as queueing delays, and as a hash and text of every event.
// One recorder may serve many links. O(1) per event; no heap unless the sink has one.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include <tenon/core/time.hpp>
#include <tenon/core/units.hpp>
#include <tenon/trace/event_log.hpp>

namespace tenon::simulation {

enum class happening : std::uint8_t { enqueue, overflow, mark, transmit, lose, duplicate, corrupt, reorder, deliver };
inline constexpr std::size_t happenings = 9;

constexpr std::string_view name_of(happening what) noexcept {
    constexpr std::array<std::string_view, happenings> names{"enqueue",   "overflow", "mark",    "transmit", "lose",
                                                             "duplicate", "corrupt",  "reorder", "deliver"};
    return names[static_cast<std::size_t>(what)];
}

struct event {
    instant       at{};
    happening     what{};
    std::uint32_t link{};
    std::uint64_t packet{};
    bytes         octets{};
    duration      waited{};  // in the queue; of transmit only
};

// How often each thing happened.
class event_counts {
public:
    constexpr void add(happening what) noexcept { ++counts_[static_cast<std::size_t>(what)]; }
    constexpr std::uint64_t operator[](happening what) const noexcept { return counts_[static_cast<std::size_t>(what)]; }

private:
    std::array<std::uint64_t, happenings> counts_{};
};

// Delays: count, sum and extremes exactly, quantiles to one part in eight (64 octaves of eight steps).
class delay_statistics {
public:
    void add(duration d) noexcept {
        d      = std::max(d, duration{});
        least_ = count_ == 0 ? d : std::min(least_, d);
        most_  = std::max(most_, d);
        sum_ += d;
        ++count_;
        ++steps_[step_of(static_cast<std::uint64_t>(d.nanoseconds))];
    }

    std::uint64_t count() const noexcept { return count_; }
    duration least() const noexcept { return least_; }
    duration most() const noexcept { return most_; }
    duration mean() const noexcept { return {count_ == 0 ? 0 : sum_.nanoseconds / static_cast<std::int64_t>(count_)}; }

    // A bound which at least `per_mille` thousandths of the delays do not exceed.
    duration quantile(std::uint64_t per_mille) const noexcept {
        std::uint64_t seen = 0;
        for (std::size_t step = 0; step < steps_.size(); ++step) {
            seen += steps_[step];
            if (seen != 0 && seen * 1'000 >= count_ * per_mille) return std::min(most_, {static_cast<std::int64_t>(top_of(step))});
        }
        return most_;
    }

private:
    static constexpr std::size_t step_of(std::uint64_t n) noexcept {
        if (n < 8) return static_cast<std::size_t>(n);
        auto const octave = static_cast<std::size_t>(std::bit_width(n)) - 3;  // n >> octave - 1 has four bits, 8 to 15
        return octave * 8 + static_cast<std::size_t>((n >> (octave - 1)) & 7);
    }
    static constexpr std::uint64_t top_of(std::size_t step) noexcept {
        if (step < 8) return step;
        auto const octave = step / 8;
        return ((8 + step % 8 + 1) << (octave - 1)) - 1;
    }

    std::uint64_t                  count_{};
    duration                       sum_{}, least_{}, most_{};
    std::array<std::uint64_t, 512> steps_{};
};

// What a link tells its events to; several kinds of recorder share it.
class event_listener {
public:
    virtual void on(event const&) = 0;

protected:
    ~event_listener() = default;
};

template <trace::sink Sink = trace::no_sink>
class recorder final : public event_listener {
public:
    explicit recorder(Sink to = {}) : log_{std::move(to)} {}

    void on(event const& e) override {
        counts_.add(e.what);
        if (e.what == happening::transmit) waited_.add(e.waited);
        log_.event(e.at, name_of(e.what), {{"link", e.link}, {"packet", static_cast<std::int64_t>(e.packet)}, {"octets", e.octets}});
    }

    std::uint64_t hash() const noexcept { return log_.hash(); }
    event_counts const& counts() const noexcept { return counts_; }
    delay_statistics const& queueing() const noexcept { return waited_; }
    trace::event_log<Sink>& log() noexcept { return log_; }

private:
    trace::event_log<Sink> log_;
    event_counts           counts_{};
    delay_statistics       waited_{};
};

}  // namespace tenon::simulation
