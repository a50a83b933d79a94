// SPDX-License-Identifier: BSL-1.0
// SipHash (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012): a keyed hash of short inputs that cannot be
// computed, nor its collisions found, without the 128-bit key. Compress and Finish are the rounds per word
// and at the end; 2 and 4 are the standard. O(octets), additions, rotations and exclusive ors of 64 bits only.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <tenon/core/units.hpp>

namespace tenon::initial_sequence {

template <int Compress = 2, int Finish = 4>
class siphash {
public:
    explicit constexpr siphash(std::array<std::uint64_t, 2> const& key) noexcept
        : v_{key[0] ^ 0x736f'6d65'7073'6575u, key[1] ^ 0x646f'7261'6e64'6f6du,
             key[0] ^ 0x6c79'6765'6e65'7261u, key[1] ^ 0x7465'6462'7974'6573u} {}

    constexpr void add(std::uint8_t octet) noexcept {
        word_ |= std::uint64_t{octet} << (8 * (count_ & 7u));
        ++count_;
        if ((count_ & 7u) == 0) absorb();
    }
    constexpr void add(octets_in octets) noexcept {
        for (std::byte const b : octets) add(static_cast<std::uint8_t>(b));
    }
    constexpr void add_16(std::uint16_t n) noexcept {  // in network order
        add(static_cast<std::uint8_t>(n >> 8));
        add(static_cast<std::uint8_t>(n & 0xffu));
    }

    // To be asked once, after everything was added.
    constexpr std::uint64_t result() noexcept {
        word_ |= std::uint64_t{count_ & 0xffu} << 56;
        absorb();
        v_[2] ^= 0xffu;
        rounds(Finish);
        return v_[0] ^ v_[1] ^ v_[2] ^ v_[3];
    }

private:
    constexpr void absorb() noexcept {
        v_[3] ^= word_;
        rounds(Compress);
        v_[0] ^= word_;
        word_ = 0;
    }

    constexpr void rounds(int n) noexcept {
        for (; n != 0; --n) {
            half(0, 1, 13, 32);
            cross(2, 3, 16);
            cross(0, 3, 21);
            half(2, 1, 17, 32);
        }
    }
    constexpr void half(std::size_t a, std::size_t b, int turn, int swap) noexcept {
        cross(a, b, turn);
        v_[a] = std::rotl(v_[a], swap);
    }
    constexpr void cross(std::size_t a, std::size_t b, int turn) noexcept {
        v_[a] += v_[b];
        v_[b] = std::rotl(v_[b], turn) ^ v_[a];
    }

    std::array<std::uint64_t, 4> v_;
    std::uint64_t word_{};   // octets not yet absorbed
    std::uint32_t count_{};  // of all octets
};

}  // namespace tenon::initial_sequence
