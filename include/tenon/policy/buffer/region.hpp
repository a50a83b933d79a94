// SPDX-License-Identifier: BSL-1.0
// Region: a ring in the user's memory. The store is one index; the memory is passed to each call and may be of any size
// known only at run time. One region serves one direction of one connection, and must not change while in use.
#pragma once
#include <tenon/core/contract.hpp>
#include <tenon/core/time.hpp>
#include <tenon/policy/buffer/concept.hpp>
#include <tenon/policy/buffer/ring.hpp>

namespace tenon::buffer {

struct region_memory {
    std::byte* data{};
    bytes      size{};  // at most 2^30
};

class region {
public:
    using home = region_memory;

    constexpr bytes promise(home const& h) const noexcept { return h.size; }

    bytes write(home& h, bytes at, octets_in in) noexcept {
        TENON_EXPECTS(h.size <= bytes{1} << 30);
        if (at >= h.size) return 0;
        auto const taken = static_cast<bytes>(std::min<std::size_t>(in.size(), h.size - at));
        circle::put(h.data, h.size, position(h, at), in.first(taken));
        return taken;
    }

    bytes read(home const& h, bytes at, bytes n, std::span<octets_in> out) const noexcept {
        if (at >= h.size) return 0;
        return circle::lend(h.data, h.size, position(h, at), std::min(n, h.size - at), out);
    }

    constexpr void drop(home& h, bytes n) noexcept {
        TENON_EXPECTS(n <= h.size);
        front_ = position(h, std::min(n, h.size));
    }

    constexpr void release(home&) noexcept { front_ = 0; }

    // Where the octets lie means nothing, and they are not here.
    template <class F>
    constexpr void visit(instant, F&&) const {}

    friend constexpr bool operator==(region, region) noexcept = default;

private:
    constexpr bytes position(home const& h, bytes at) const noexcept {
        bytes const p = front_ + at;
        return p < h.size ? p : p - h.size;
    }

    bytes front_{};
};

static_assert(octet_store<region>);

}  // namespace tenon::buffer
