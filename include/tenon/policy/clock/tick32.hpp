// SPDX-License-Identifier: BSL-1.0
// A 32-bit counter of a fixed unit that wraps, as small devices have it (by default of milliseconds). It must be
// read at least once in half a wrap (24 days of milliseconds); a reading from before the last one, as an interrupt may
// leave it, is taken as the last one.
// No division at run time.
#pragma once
#include <bit>
#include <cstdint>

#include <tenon/core/contract.hpp>
#include <tenon/policy/clock/concept.hpp>

namespace tenon::clock {

template <duration Unit = from_ms(1), unsigned DeadlineShift = 20, unsigned StampShift = 20>
class tick32 {
    static_assert(Unit > duration{} && Unit <= from_s(1), "a tick is longer than nothing and not longer than a second");

    static constexpr auto unit = static_cast<std::uint32_t>(Unit.nanoseconds);
    // A wait is cut to `coarse` units of at least a 32nd of a tick, so that its product with the reciprocal fits 64 bits.
    static constexpr unsigned      coarse     = std::bit_width(unit) > 5 ? static_cast<unsigned>(std::bit_width(unit)) - 5 : 0;
    static constexpr std::uint64_t reciprocal = (std::uint64_t{1} << (32 + coarse)) / unit;  // rounded down

public:
    using reading = std::uint32_t;
    static constexpr unsigned deadline_shift = DeadlineShift;
    static constexpr unsigned stamp_shift    = StampShift;

    TENON_ONE_COPY constexpr instant widen(reading r) noexcept {
        if ((last_ | wraps_) == 0) last_ = r;  // the first reading may be any
        if (static_cast<std::int32_t>(r - last_) > 0) {
            if (r < last_) ++wraps_;
            last_ = r;
        }
        return {static_cast<std::int64_t>((std::uint64_t{wraps_} << 32 | last_) * unit)};
    }

    // A deadline further away than half a wrap is answered by that: wake up, and ask again.
    static constexpr reading narrow(instant deadline, instant now, reading at) noexcept {
        constexpr std::uint32_t furthest = 0x7fff'ffff;
        if (deadline <= now) return at;
        auto const wait = static_cast<std::uint64_t>((deadline - now).nanoseconds);
        if (wait > std::uint64_t{furthest} * unit) return at + furthest;
        auto ticks = static_cast<std::uint32_t>((wait >> coarse) * reciprocal >> 32);  // never too many
        while (std::uint64_t{ticks} * unit < wait) ++ticks;                            // seldom more than two steps
        return at + ticks;
    }

    friend constexpr bool operator==(tick32 const&, tick32 const&) noexcept = default;

private:
    std::uint32_t last_{};   // reading
    std::uint16_t wraps_{};  // 8900 years of milliseconds
};

static_assert(policy<tick32<>>);

}  // namespace tenon::clock
