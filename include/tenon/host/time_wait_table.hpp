// SPDX-License-Identifier: BSL-1.0
// TIME-WAIT as records instead of connections (RFC 9293, 3.6.1 and 3.10.7.4). All stay equally long, so that the oldest is the
// next to go: expiry O(1). The table is bounded; when it is full the oldest record makes room (attack X15).
#pragma once
#include <array>
#include <cstdint>

#include <tenon/core/only_if.hpp>
#include <tenon/core/time.hpp>
#include <tenon/engine/handshake.hpp>
#include <tenon/host/aged_slots.hpp>

namespace tenon {

// What a record keeps of a connection with timestamps (RFC 6191, 2).
struct kept_timestamps {
    std::uint32_t recent{};  // TS.Recent
    std::uint32_t offset{};  // of ours
    bool agreed{};
};

template <class Address, unsigned Shift, bool Stamps>
struct time_wait_record {
    static constexpr bool keeps_timestamps = Stamps;
    engine::tuple<Address> ends{};
    sequence      snd_nxt{};
    sequence      rcv_nxt{};
    tick<Shift>   until{};
    std::uint16_t window{};  // as last advertised, unscaled as in the field
    [[no_unique_address]] only_if<Stamps, kept_timestamps, struct kept_timestamps_field> stamps{};
};

enum class time_wait_verdict : std::uint8_t {
    drop,
    acknowledge,
    restart,  // the FIN again: acknowledge, and stay for another 2 MSL
    reopen,   // a SYN of a new incarnation: RFC 9293, 3.6.1, MAY-2
};

// `stamp`: the segment's TSval, if it has one.
template <class Record>
constexpr time_wait_verdict judge_time_wait(Record const& r, wire::segment const& s, [[maybe_unused]] std::optional<std::uint32_t> stamp = {}) noexcept {
    using wire::flag;
    using enum time_wait_verdict;
    if (s.has(flag::rst)) return drop;  // RFC 1337, 3, F1
    if (s.has(flag::syn)) {
        if (s.has(flag::ack)) return acknowledge;
        // RFC 6191, 2: with timestamps on both sides a later one decides; otherwise, and for the same one, the number must lie
        // above that of the old FIN, which is the one before RCV.NXT.
        if constexpr (Record::keeps_timestamps)
            if (stamp) {
                if (!r.stamps.agreed) return reopen;  // none before, some now: what is old has none, and is dropped for that
                if (*stamp != r.stamps.recent) return static_cast<std::int32_t>(*stamp - r.stamps.recent) > 0 ? reopen : acknowledge;
            }
        return s.seq >= r.rcv_nxt ? reopen : acknowledge;
    }
    if (s.has(flag::fin) && s.has(flag::ack) && s.seq + s.length() == r.rcv_nxt) return restart;
    // Of what takes no sequence numbers the old is acknowledged (RFC 9293, 3.10.7.4, first); the present could be an answer itself, and
    // is not answered (attack X12).
    if (s.seq < r.rcv_nxt) return acknowledge;
    if (!s.has(flag::ack)) return drop;  // 3.10.7.4, fifth
    return s.length() != 0 ? acknowledge : drop;
}

// Whether the segment was sent before the new incarnation's SYN, whose number is at least RCV.NXT. A SYN tells nothing.
template <class Record>
constexpr bool is_old(Record const& r, wire::segment const& s) noexcept {
    return !s.has(wire::flag::syn) && s.seq + s.length() <= r.rcv_nxt;
}

template <class Address, unsigned Shift, bool Stamps, std::size_t N>
class time_wait_table {
public:
    using index  = std::uint32_t;
    using record = time_wait_record<Address, Shift, Stamps>;

    constexpr std::uint32_t count() const noexcept { return slots_.count(); }
    constexpr bool full() const noexcept { return slots_.full(); }
    constexpr std::optional<index> oldest() const noexcept { return slots_.oldest(); }
    constexpr record const& operator[](index i) const noexcept { return records_[i]; }

    // Only while it is not full.
    constexpr index add(record const& r) noexcept {
        index const i = slots_.take().value_or(0);
        records_[i] = r;
        return i;
    }
    constexpr void restart(index i, tick<Shift> until) noexcept {
        records_[i].until = until;
        slots_.refresh(i);
    }
    constexpr void remove(index i) noexcept { slots_.give_back(i); }

    constexpr std::optional<index> due(tick<Shift> now) const noexcept {
        auto const i = slots_.oldest();
        return i && records_[*i].until <= now ? i : std::nullopt;
    }
    constexpr std::optional<tick<Shift>> next() const noexcept {
        auto const i = slots_.oldest();
        if (!i) return std::nullopt;
        return records_[*i].until;
    }

private:
    aged_slots<N> slots_{};
    std::array<record, N> records_{};
};

}  // namespace tenon
