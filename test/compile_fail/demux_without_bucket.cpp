// SPDX-License-Identifier: BSL-1.0
// A hash is 32 bits and a host's table has fewer places: the policy chooses one.
// expect: chooses_a_bucket
#include <tenon/host.hpp>
#include <tenon/transport/memory.hpp>

struct chosen : tenon::demux::keyed_hash {
#ifdef MUST_FAIL
    static std::uint32_t bucket(std::uint32_t, std::uint32_t) noexcept = delete;
#endif
};
struct policies : tenon::default_policies {
    using demux = chosen;
};
template class tenon::host<policies, tenon::transport::memory_pair<>::end>;
