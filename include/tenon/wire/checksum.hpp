// SPDX-License-Identifier: BSL-1.0
// The Internet checksum (RFC 1071): sums of pieces that add up in any order, a copy that sums on the way, and the update of
// a checksum when one word changes. O(octets). Vectors where the compiler's target has them (SSE2, AVX2, NEON), written
// out so that -O2 is as fast as -O3; otherwise a loop of a few instructions.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <tenon/core/contract.hpp>
#include <tenon/core/units.hpp>
#include <tenon/wire/bytes.hpp>

#if defined(__AVX2__)
#define TENON_VECTOR_OCTETS 32
#elif defined(__SSE2__) || defined(__ARM_NEON)
#define TENON_VECTOR_OCTETS 16
#endif

namespace tenon::wire {

// A ones'-complement sum of 16-bit words in network order, held in 32 bits: modulo 2^32 - 1, a multiple of 2^16 - 1.
// Zero only if every octet summed is zero.
struct partial_sum {
    std::uint32_t value{};

    friend constexpr partial_sum operator+(partial_sum a, partial_sum b) noexcept {
        std::uint32_t const s = a.value + b.value;
        return {s + (s < a.value ? 1u : 0u)};  // RFC 1071, 1: end-around carry
    }
    constexpr partial_sum& operator+=(partial_sum b) noexcept { return *this = *this + b; }
    // As held, not as folded: two sums that differ here may give the same checksum.
    friend constexpr bool operator==(partial_sum, partial_sum) noexcept = default;
};

// A field of a header or pseudo-header, at an even offset.
constexpr partial_sum sum_of(std::uint32_t value) noexcept { return {value}; }

// The same octets one place later: high and low octets change roles (RFC 1071, 2 (B)).
constexpr partial_sum at_odd_offset(partial_sum s) noexcept { return {std::rotl(s.value, 8)}; }

// `next` follows `octets` octets that sum to `before`; both were summed as if from an even offset.
constexpr partial_sum append(partial_sum before, std::size_t octets, partial_sum next) noexcept {
    return before + (octets % 2 != 0 ? at_odd_offset(next) : next);
}

constexpr std::uint16_t fold(partial_sum s) noexcept {
    std::uint32_t const once = (s.value >> 16) + (s.value & 0xffff);
    return static_cast<std::uint16_t>(once + (once >> 16));
}

// What belongs into the checksum field, that field having been summed as zero.
constexpr std::uint16_t finish(partial_sum s) noexcept { return static_cast<std::uint16_t>(~fold(s)); }

// Whether octets summed with their checksum field are intact.
constexpr bool is_intact(partial_sum s) noexcept { return fold(s) == 0xffff; }

// The checksum after a word changed (RFC 1624, 3, equation 3).
constexpr std::uint16_t update(std::uint16_t checksum, std::uint16_t from, std::uint16_t to) noexcept {
    return finish(sum_of(static_cast<std::uint16_t>(~checksum)) + sum_of(static_cast<std::uint16_t>(~from)) + sum_of(to));
}

namespace checksum_detail {

// Word by word; short on purpose, and all there is on a processor without vectors.
constexpr partial_sum sum_words(std::byte const* p, std::size_t n, partial_sum s) noexcept {
    for (auto const* const end = p + (n & ~std::size_t{3}); p != end; p += 4) s += {get32(p)};
    // RFC 1071, 1: padded by zero octets.
    for (unsigned shift = 24; n % 4 != 0; --n, shift -= 8) s += {std::to_integer<std::uint32_t>(*p++) << shift};
    return s;
}

#if defined(TENON_VECTOR_OCTETS)
using vector = std::uint32_t __attribute__((vector_size(TENON_VECTOR_OCTETS)));

// Lanes of 32 bits hold two words each. `all` adds whole lanes modulo 2^32, `high` their upper words; the sum of the lower
// words is all - (high << 16), exact as long as it stays below 2^32. Three operations per vector.
struct lanes {
    vector all{};
    vector high{};

    void add(vector v) noexcept { all += v; high += v >> 16; }
    void add(lanes const& o) noexcept { all += o.all; high += o.high; }
    std::uint64_t total() const noexcept {
        vector const low = all - (high << 16);
        std::uint64_t t = 0;
        for (std::size_t i = 0; i < TENON_VECTOR_OCTETS / 4; ++i) t += std::uint64_t{low[i]} + high[i];
        return t;
    }
};

template <bool Copy>
inline vector take(std::byte*& to, std::byte const*& from) noexcept {
    vector v;
    std::memcpy(&v, from, sizeof v);
    from += sizeof v;
    if constexpr (Copy) {
        std::memcpy(to, &v, sizeof v);
        to += sizeof v;
    }
    return v;
}

inline constexpr std::size_t most_in_lanes = 65536 * 4;  // octets: no lane's sum of words passes 2^32

template <bool Copy>
inline partial_sum sum_vectors(std::byte*& to, std::byte const*& from, std::size_t n) noexcept {
    lanes a, b;
    for (; n >= 4 * sizeof(vector); n -= 4 * sizeof(vector)) {
        a.add(take<Copy>(to, from));
        b.add(take<Copy>(to, from));
        a.add(take<Copy>(to, from));
        b.add(take<Copy>(to, from));
    }
    for (; n >= sizeof(vector); n -= sizeof(vector)) a.add(take<Copy>(to, from));
    a.add(b);
    std::uint64_t const t = a.total();
    partial_sum const s = partial_sum{static_cast<std::uint32_t>(t)} + partial_sum{static_cast<std::uint32_t>(t >> 32)};
    // RFC 1071, 2 (B): summed in this processor's order, brought into network order once.
    return std::endian::native == std::endian::little ? at_odd_offset(s) : s;
}

inline std::uint64_t native_word(std::byte const* from, std::size_t n = sizeof(std::uint32_t)) noexcept {
    std::uint32_t word = 0;  // RFC 1071, 1: padded by zero octets
    std::memcpy(&word, from, n);
    return word;
}

// Headers: too short for vectors to pay.
TENON_PER_SEGMENT inline partial_sum sum_short(std::byte const* from, std::size_t n, partial_sum s) noexcept {
    std::uint64_t t = 0;
    for (; n >= 20; n -= 20, from += 20)
        t += native_word(from) + native_word(from + 4) + native_word(from + 8) + native_word(from + 12) + native_word(from + 16);
    for (; n >= 4; n -= 4, from += 4) t += native_word(from);
    if (n != 0) t += native_word(from, n);
    partial_sum const sum = partial_sum{static_cast<std::uint32_t>(t)} + partial_sum{static_cast<std::uint32_t>(t >> 32)};
    return s + (std::endian::native == std::endian::little ? at_odd_offset(sum) : sum);
}

template <bool Copy>
inline partial_sum sum(std::byte* to, std::byte const* from, std::size_t n, partial_sum s) noexcept {
    if (n < 4 * sizeof(vector)) {
        if constexpr (Copy)
            if (n != 0) std::memcpy(to, from, n);
        return sum_short(from, n, s);
    }
    while (n >= sizeof(vector)) {
        std::size_t const now = (n < most_in_lanes ? n : most_in_lanes) / sizeof(vector) * sizeof(vector);
        s += sum_vectors<Copy>(to, from, now);
        n -= now;
    }
    if constexpr (Copy)
        if (n != 0) std::memcpy(to, from, n);
    return sum_words(from, n, s);
}
#endif

}  // namespace checksum_detail

// Sums a piece that begins at an even offset, on top of `seed`.
TENON_PER_SEGMENT inline partial_sum sum(octets_in piece, partial_sum seed = {}) noexcept {
#if defined(TENON_VECTOR_OCTETS)
    if (piece.size() < 64) return checksum_detail::sum_short(piece.data(), piece.size(), seed);
    return checksum_detail::sum<false>(nullptr, piece.data(), piece.size(), seed);
#else
    return checksum_detail::sum_words(piece.data(), piece.size(), seed);
#endif
}

// Copies `from` to `to` (they do not overlap) and sums it in the same pass.
inline partial_sum copy_and_sum(std::byte* to, octets_in from, partial_sum seed = {}) noexcept {
#if defined(TENON_VECTOR_OCTETS)
    return checksum_detail::sum<true>(to, from.data(), from.size(), seed);
#else
    if (!from.empty()) std::memcpy(to, from.data(), from.size());
    return sum(from, seed);
#endif
}

}  // namespace tenon::wire

namespace tenon::wire {

// Whether a copy that sums costs less than a copy and a sum.
#if defined(TENON_VECTOR_OCTETS)
inline constexpr bool copies_and_sums_at_once = true;
#else
inline constexpr bool copies_and_sums_at_once = false;
#endif

}  // namespace tenon::wire

#undef TENON_VECTOR_OCTETS
