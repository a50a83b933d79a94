// SPDX-License-Identifier: BSL-1.0
// A hash that nobody can flood without the secret: HalfSipHash-1-3, the form of SipHash made of 32-bit words and meant for
// hash tables (Aumasson, Bernstein). Three words are hashed with IPv4, nine with IPv6.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>

#include <tenon/policy/demux/concept.hpp>

namespace tenon::demux {

template <int Compress = 1, int Finish = 3>
class half_siphash {
public:
    explicit constexpr half_siphash(std::uint64_t key) noexcept
        : a_{static_cast<std::uint32_t>(key)}, b_{static_cast<std::uint32_t>(key >> 32)},
          c_{a_ ^ 0x6c79'6765u}, d_{b_ ^ 0x7465'6462u} {}

    constexpr void add(std::uint32_t word) noexcept {
        d_ ^= word;
        rounds(Compress);
        a_ ^= word;
    }

    // The last word holds what is left of the octets, below, and their number modulo 256, above.
    constexpr std::uint32_t result(std::uint32_t last) noexcept {
        add(last);
        c_ ^= 0xffu;
        rounds(Finish);
        return b_ ^ d_;
    }

private:
    constexpr void rounds(int n) noexcept {
        for (; n != 0; --n) {
            a_ += b_; b_ = std::rotl(b_, 5) ^ a_; a_ = std::rotl(a_, 16);
            c_ += d_; d_ = std::rotl(d_, 8) ^ c_;
            a_ += d_; d_ = std::rotl(d_, 7) ^ a_;
            c_ += b_; b_ = std::rotl(b_, 13) ^ c_; c_ = std::rotl(c_, 16);
        }
    }

    std::uint32_t a_, b_, c_, d_;
};

struct keyed_hash {
    static constexpr bool searches_linearly = false;

    static constexpr std::uint32_t hash(ends const& e, secret_key const& secret) noexcept {
        half_siphash<> h{secret[0] ^ secret[1]};
        add(h, e.local);
        add(h, e.remote);
        h.add(std::uint32_t{e.local_port} << 16 | e.remote_port);
        return h.result(static_cast<std::uint32_t>(e.local.size() + e.remote.size() + 4) << 24);
    }

    // By the upper bits of a product: any number of buckets, no division.
    static constexpr std::uint32_t bucket(std::uint32_t hash, std::uint32_t buckets) noexcept {
        return static_cast<std::uint32_t>(std::uint64_t{hash} * buckets >> 32);
    }

    friend constexpr bool operator==(keyed_hash, keyed_hash) noexcept = default;

private:
    // Addresses are whole words of 32 bits.
    static constexpr void add(half_siphash<>& h, octets_in address) noexcept {
        for (std::size_t i = 0; i + 4 <= address.size(); i += 4)
            h.add(std::to_integer<std::uint32_t>(address[i]) | std::to_integer<std::uint32_t>(address[i + 1]) << 8 |
                  std::to_integer<std::uint32_t>(address[i + 2]) << 16 | std::to_integer<std::uint32_t>(address[i + 3]) << 24);
    }
};

static_assert(policy<keyed_hash>);

}  // namespace tenon::demux
