// SPDX-License-Identifier: BSL-1.0
// Ephemeral ports, RFC 6056, 3.3.4 (algorithm 4): a keyed hash of the ends gives the offset, another one the counter that is
// added, so that ports towards one peer follow each other and tell nothing of those towards others. Tries are the caller's.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace tenon {

// RFC 6056, 3.2 would take 1024 and above; these are the dynamic ports of RFC 6335, 6, that no service owns.
struct port_range {
    std::uint16_t first{49152};
    std::uint16_t last{65535};

    constexpr std::uint32_t size() const noexcept { return std::uint32_t{last} - first + 1; }
};

class port_allocator {
    static constexpr std::size_t counters = 16;

public:
    // First is not 0, last is not less.
    constexpr void use(port_range r) noexcept {
        shift_first_ = static_cast<std::uint16_t>(r.first ^ port_range{}.first);
        shift_last_  = static_cast<std::uint16_t>(r.last ^ port_range{}.last);
    }
    constexpr port_range range() const noexcept {
        return {static_cast<std::uint16_t>(shift_first_ ^ port_range{}.first),
                static_cast<std::uint16_t>(shift_last_ ^ port_range{}.last)};
    }

    // The next port to try. `hash` is a keyed hash of local address, remote address and remote port.
    constexpr std::uint16_t next(std::uint64_t hash) noexcept {
        auto const r = range();
        auto& counter = counters_[static_cast<std::size_t>(hash >> 60)];
        auto const offset = static_cast<std::uint32_t>((hash & 0xffff'ffff) * r.size() >> 32);
        if (counter >= r.size()) counter = 0;
        std::uint32_t const at = offset + counter++;
        return static_cast<std::uint16_t>(r.first + (at < r.size() ? at : at - r.size()));
    }

private:
    std::array<std::uint32_t, counters> counters_{};
    std::uint16_t shift_first_{};  // exclusive-or the default, so that all-zero is the default
    std::uint16_t shift_last_{};
};

}  // namespace tenon
