// SPDX-License-Identifier: BSL-1.0
// Every composition with an archetype is complete, and compiles as a connection. Transfers: test/engine/archetypes.cpp.
// What a host asks for it says itself: with_demux is driven in test/policy/demux/archetype.cpp.
#include <archetype/compositions.hpp>
#include <archetype/transport.hpp>

namespace tenon::archetype {

template <class... P>
constexpr bool all_complete(std::tuple<P...> const*) { return (complete_policies<P> && ...); }

static_assert(all_complete(static_cast<sending_axes*>(nullptr)) && all_complete(static_cast<other_axes*>(nullptr)));
static_assert(complete_policies<with_demux> && complete_policies<of_archetypes>);

}  // namespace tenon::archetype
