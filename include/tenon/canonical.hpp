// SPDX-License-Identifier: BSL-1.0
// canonical: connections as states of a model: hashed and compared by what they will do from now on, whatever their clocks and
// initial sequence numbers. Over connection::visit (docs/endpoint.md says what is visited). Same hash on every compiler.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include <tenon/connection.hpp>

namespace tenon {

// 64 bits over numbers, in order: for each state of it one number leads to one other (the finalizer is MurmurHash3's).
class canonical_hasher {
public:
    constexpr void operator()(char const*, std::uint64_t value) noexcept {
        std::uint64_t h = (state_ ^ value) + 0x9e3779b97f4a7c15;
        h = (h ^ h >> 33) * 0xff51afd7ed558ccd;
        h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53;
        state_ = h ^ h >> 33;
    }
    constexpr std::uint64_t value() const noexcept { return state_; }

private:
    std::uint64_t state_{};
};

template <class P>
constexpr std::uint64_t canonical_hash(connection<P> const& c, instant now) {
    canonical_hasher h;
    c.visit(now, h);
    return h.value();
}

// The two ends of one conversation. Each by itself cannot tell how far the other has come, and a model of both needs that too.
template <class A, class B>
constexpr std::uint64_t canonical_hash(connection<A> const& a, connection<B> const& b, instant now) {
    canonical_hasher h;
    a.visit(now, h);
    b.visit(now, h);
    engine::canonical_access::distance(a, b, now, h);
    engine::canonical_access::distance(b, a, now, h);
    return h.value();
}

namespace detail {

// As many numbers of a visit as fit, from the n-th on.
class canonical_page {
public:
    constexpr explicit canonical_page(std::size_t from) noexcept : from_{from} {}
    constexpr void operator()(char const*, std::uint64_t value) noexcept {
        if (seen_ >= from_ && seen_ - from_ < size) values_[seen_ - from_] = value;
        ++seen_;
    }
    static constexpr std::size_t size = 256;
    constexpr bool is_last() const noexcept { return seen_ <= from_ + size; }
    friend constexpr bool operator==(canonical_page const&, canonical_page const&) noexcept = default;

private:
    std::size_t from_;
    std::size_t seen_{};
    std::array<std::uint64_t, size> values_{};
};

}  // namespace detail

// Exact where the hash may collide. Visits once for every 256 numbers: two kilobytes of octets.
template <class P>
constexpr bool same_state(connection<P> const& a, instant now_a, connection<P> const& b, instant now_b) {
    for (std::size_t from = 0;; from += detail::canonical_page::size) {
        detail::canonical_page x{from}, y{from};
        a.visit(now_a, x);
        b.visit(now_b, y);
        if (!(x == y)) return false;
        if (x.is_last()) return true;
    }
}

}  // namespace tenon
