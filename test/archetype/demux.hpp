// SPDX-License-Identifier: BSL-1.0
// The smallest demultiplexing that hashes: one bucket.
#pragma once
#include <tenon/policy/demux/concept.hpp>

namespace tenon::archetype {

struct demux {
    static constexpr bool searches_linearly = false;
    static std::uint32_t hash(tenon::demux::ends const&, tenon::demux::secret_key const&) noexcept { return 0; }
    static std::uint32_t bucket(std::uint32_t, std::uint32_t) noexcept { return 0; }
    friend bool operator==(demux const&, demux const&) = default;
};
static_assert(tenon::demux::policy<demux>);

}  // namespace tenon::archetype
