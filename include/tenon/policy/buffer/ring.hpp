// SPDX-License-Identifier: BSL-1.0
// Ring: N octets inside the value itself. A copy of the connection is then a snapshot that owes nothing to anybody.
// write and read cost at most two pieces; nothing divides. For memory that lies elsewhere see region and pool.
// The ring cannot tell live octets from dead ones: equality compares all of them.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include <tenon/core/bounded_vector.hpp>
#include <tenon/core/contract.hpp>
#include <tenon/core/time.hpp>
#include <tenon/core/units.hpp>
#include <tenon/policy/buffer/concept.hpp>

namespace tenon::buffer {

// Octets on a circle of `size`, from `begin` (below size) on. Not templates, so that rings of every size share the code.
namespace circle {

inline void put(std::byte* data, bytes size, bytes begin, octets_in in) noexcept {
    if (in.empty()) return;
    std::size_t const straight = lesser<std::size_t>(in.size(), size - begin);
    std::memcpy(data + begin, in.data(), straight);
    if (straight < in.size()) std::memcpy(data, in.data() + straight, in.size() - straight);
}

inline bytes lend(std::byte const* data, bytes size, bytes begin, bytes n, std::span<octets_in> out) noexcept {
    if (n == 0 || out.empty()) return 0;
    bytes const straight = lesser(n, size - begin);
    out[0] = {data + begin, straight};
    if (straight == n || out.size() < 2) return straight;
    out[1] = {data, n - straight};
    return n;
}

}  // namespace circle

template <bytes N>
class ring {
    static_assert(N >= 1, "a ring holds at least one octet");
    static_assert(N <= bytes{1} << 30, "no TCP window exceeds 2^30 octets (RFC 7323, 2.3)");

public:
    using home = nothing;
    static constexpr bytes capacity = N;

    constexpr bytes promise(home const&) const noexcept { return N; }

    bytes write(home&, bytes at, octets_in in) noexcept {
        if (at >= N) return 0;
        auto const taken = static_cast<bytes>(lesser<std::size_t>(in.size(), N - at));
        circle::put(octets_.data(), N, position(at), in.first(taken));
        return taken;
    }

    bytes read(home const&, bytes at, bytes n, std::span<octets_in> out) const noexcept {
        if (at >= N) return 0;
        return circle::lend(octets_.data(), N, position(at), lesser(n, N - at), out);
    }

    constexpr void drop(home&, bytes n) noexcept {
        TENON_EXPECTS(n <= N);
        front_ = static_cast<index>(position(lesser(n, N)));
    }

    constexpr void release(home&) noexcept { front_ = 0; }

    // Where the octets lie means nothing; who visits reads them.
    template <class F>
    constexpr void visit(instant, F&&) const {}

    friend constexpr bool operator==(ring const&, ring const&) noexcept = default;

private:
    using index = smallest_count<N - 1>;

    // front_ < N and at <= N, so one subtraction is enough.
    constexpr bytes position(bytes at) const noexcept {
        bytes const p = front_ + at;
        if constexpr (std::has_single_bit(N)) return p & (N - 1);
        else return p < N ? p : p - N;
    }

    index front_{};
    std::array<std::byte, N> octets_{};
};

static_assert(octet_store<ring<1>> && octet_store<ring<536>> && octet_store<ring<65536>>);

}  // namespace tenon::buffer
