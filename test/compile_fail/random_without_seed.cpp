// SPDX-License-Identifier: BSL-1.0
// Numbers that cannot be started over cannot be replayed.
// expect: can_be_seeded
#include <tenon/policy/random/splitmix32.hpp>

struct chosen : tenon::random::splitmix32 {
#ifdef MUST_FAIL
    void seed(std::uint64_t) noexcept = delete;
#endif
};
constexpr std::uint32_t port(chosen& r) noexcept { return 49152 + tenon::random::below(r, 16384); }
