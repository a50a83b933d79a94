// SPDX-License-Identifier: BSL-1.0
// A TCP segment as fields (RFC 9293, 3.1). Options and payload are views into the packet it was read from.
#pragma once
#include <cstdint>

#include <tenon/core/sequence.hpp>
#include <tenon/core/units.hpp>

namespace tenon::wire {

enum class flag : std::uint16_t {
    fin = 1,
    syn = 2,
    rst = 4,
    psh = 8,
    ack = 16,
    urg = 32,
    ece = 64,
    cwr = 128,
    ae  = 256,  // RFC 9768, 3.1: the former NS bit
};

class flags {
public:
    constexpr flags() noexcept = default;
    constexpr flags(flag f) noexcept : bits_{static_cast<std::uint16_t>(f)} {}
    explicit constexpr flags(std::uint16_t bits) noexcept : bits_{bits} {}

    constexpr std::uint16_t bits() const noexcept { return bits_; }
    constexpr bool has(flag f) const noexcept { return (bits_ & static_cast<std::uint16_t>(f)) != 0; }
    constexpr bool any_of(flags f) const noexcept { return (bits_ & f.bits_) != 0; }
    constexpr bool all_of(flags f) const noexcept { return (bits_ & f.bits_) == f.bits_; }
    constexpr flags without(flags f) const noexcept { return flags{static_cast<std::uint16_t>(bits_ & ~f.bits_)}; }

    constexpr flags& operator|=(flags f) noexcept { bits_ = static_cast<std::uint16_t>(bits_ | f.bits_); return *this; }
    friend constexpr flags operator|(flags a, flags b) noexcept { return a |= b; }
    friend constexpr flags operator&(flags a, flags b) noexcept { return flags{static_cast<std::uint16_t>(a.bits_ & b.bits_)}; }
    friend constexpr bool operator==(flags, flags) noexcept = default;

private:
    std::uint16_t bits_{};
};

constexpr flags operator|(flag a, flag b) noexcept { return flags{a} | flags{b}; }

inline constexpr bytes header_length       = 20;  // without options
inline constexpr bytes most_option_octets  = 40;  // a data offset of 15 words
inline constexpr bytes most_header_octets  = header_length + most_option_octets;
inline constexpr std::uint8_t tcp_protocol = 6;   // in the IP header

struct segment {
    std::uint16_t source{};
    std::uint16_t destination{};
    sequence      seq{};      // SEG.SEQ
    sequence      ack{};      // SEG.ACK, if the ACK bit is set
    flags         control{};
    std::uint16_t window{};   // SEG.WND, unscaled
    std::uint16_t urgent{};   // SEG.UP
    octets_in     options{};
    octets_in     payload{};

    constexpr bool has(flag f) const noexcept { return control.has(f); }

    // SEG.LEN: octets of sequence space, SYN and FIN count one each (RFC 9293, 3.4).
    constexpr bytes length() const noexcept {
        return static_cast<bytes>(payload.size()) + (control.has(flag::syn) ? 1u : 0u) + (control.has(flag::fin) ? 1u : 0u);
    }
};

}  // namespace tenon::wire
