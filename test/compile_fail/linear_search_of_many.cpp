// SPDX-License-Identifier: BSL-1.0
// Without an index a host holds a few connections, not many.
// expect: a linear search is for at most 16 connections
#include <tenon/host.hpp>
#include <tenon/policy/demux/array.hpp>
#include <tenon/transport/memory.hpp>

struct policies : tenon::default_policies {
    using demux = tenon::demux::array;
};
#ifdef MUST_FAIL
constexpr std::uint32_t connections = 17;
#else
constexpr std::uint32_t connections = 16;
#endif
template class tenon::host<policies, tenon::transport::memory_pair<>::end,
                           tenon::host_size{.connections = connections, .listeners = 1, .half_open = 16, .time_wait = 16}>;
