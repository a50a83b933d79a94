// SPDX-License-Identifier: BSL-1.0
// One run of the simulation: everything about it is drawn from its seed.
#pragma once
#include <cstdint>
#include <string>

namespace tenon::test {

struct outcome_of_run {
    std::string   complaint{};  // empty: all is well
    std::string   scene{};      // which compositions, which faults
    std::uint64_t hash{};       // of everything that was sent, and when
    std::uint64_t events{}, octets{}, simulated_seconds{};
    bool          delivered{};  // both directions, to the last octet and the end of the stream
    bool          gave_up{};
};

outcome_of_run run_seed(std::uint64_t seed, bool talkative = false);

}  // namespace tenon::test
