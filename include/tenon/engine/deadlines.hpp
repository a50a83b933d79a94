// SPDX-License-Identifier: BSL-1.0
// Deadlines: when a connection wants to be called back. One slot for the sending side, whose kinds exclude each other
// (RFC 6298, 5; RFC 8985, 8), and one for a delayed acknowledgment. Stored in 32-bit ticks; a timer never fires early.
#pragma once
#include <cstdint>
#include <optional>

#include <tenon/core/time.hpp>

namespace tenon::engine {

enum class timer : std::uint8_t { none, retransmit, persist, keep_alive, fin_wait_2, time_wait, acknowledge };

template <unsigned Shift>
class deadline_slot {
public:
    constexpr timer kind() const noexcept { return kind_; }
    constexpr bool armed() const noexcept { return kind_ != timer::none; }

    constexpr void arm_at(timer kind, tick<Shift> at) noexcept {
        kind_ = kind;
        at_   = at;
    }
    constexpr void arm(timer kind, instant now, duration wait) noexcept { arm_at(kind, tick<Shift>::ceil(now + wait)); }
    constexpr void disarm() noexcept { kind_ = timer::none; }

    constexpr bool due_at(tick<Shift> now) const noexcept { return armed() && at_ <= now; }
    constexpr bool due(instant now) const noexcept { return due_at(tick<Shift>::floor(now)); }
    constexpr std::optional<instant> next(instant now) const noexcept {
        if (!armed()) return std::nullopt;
        return at_.at(now);
    }

    friend constexpr bool operator==(deadline_slot const&, deadline_slot const&) noexcept = default;

private:
    tick<Shift> at_{};
    timer       kind_{};  // last, so that small fields may follow in its word
};

constexpr std::optional<instant> earliest(std::optional<instant> a, std::optional<instant> b) noexcept {
    if (!a) return b;
    if (!b) return a;
    return *a < *b ? a : b;
}

}  // namespace tenon::engine
