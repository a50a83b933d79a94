// SPDX-License-Identifier: BSL-1.0
// A host that does not search linearly finds a connection by a hash of its ends.
// expect: hashes_the_ends
#include <tenon/host.hpp>
#include <tenon/transport/memory.hpp>

struct chosen : tenon::demux::keyed_hash {
#ifdef MUST_FAIL
    static std::uint32_t hash(tenon::demux::ends const&, tenon::demux::secret_key const&) noexcept = delete;
#endif
};
struct policies : tenon::default_policies {
    using demux = chosen;
};
template class tenon::host<policies, tenon::transport::memory_pair<>::end>;
