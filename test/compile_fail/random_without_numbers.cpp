// SPDX-License-Identifier: BSL-1.0
// A source of numbers has a next one, of 32 bits: who chooses one of n multiplies it by n and takes the upper half.
// expect: gives_numbers
#include <tenon/policy/random/splitmix64.hpp>

struct chosen : tenon::random::splitmix64 {
#ifdef MUST_FAIL
    std::uint64_t next() noexcept { return next_64(); }
#endif
};
constexpr std::uint32_t port(chosen& r) noexcept { return 49152 + tenon::random::below(r, 16384); }
