// SPDX-License-Identifier: BSL-1.0
// 2,000 seeds, each a run of its own; every 50th is run twice and must be the same to the last octet. TENON_SEED=n replays
// one and tells what happens; TENON_SEEDS=first:count runs others.
#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <cstdlib>

#include "run.hpp"

namespace {

using namespace tenon::test;

void one(std::uint64_t seed, outcome_of_run const& r) {
    BOOST_CHECK_MESSAGE(r.complaint.empty(), r.complaint << "\n" << r.scene << "  replay: TENON_SEED=" << seed << " "
                                                         << boost::unit_test::framework::master_test_suite().argv[0]);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(simulation_suite)

BOOST_AUTO_TEST_CASE(seeds) {
    if (char const* const chosen = std::getenv("TENON_SEED")) {
        auto const seed = std::strtoull(chosen, nullptr, 10);
        auto const r = run_seed(seed, true);
        std::printf("%s  %llu events, %llu simulated seconds\n", r.scene.c_str(), static_cast<unsigned long long>(r.events),
                    static_cast<unsigned long long>(r.simulated_seconds));
        return one(seed, r);
    }
    unsigned long long first = 1, count = 2000;
    if (char const* const range = std::getenv("TENON_SEEDS")) BOOST_REQUIRE(std::sscanf(range, "%llu:%llu", &first, &count) == 2);
    unsigned long long delivered = 0, octets = 0, seconds = 0, given_up = 0, failed = 0;
    for (auto seed = first; seed < first + count && failed < 20; ++seed) {
        auto const r = run_seed(seed);
        one(seed, r);
        failed += !r.complaint.empty();
        delivered += r.delivered;
        given_up += r.gave_up;
        octets += r.octets;
        seconds += r.simulated_seconds;
        if (seed % 50 == 0) BOOST_CHECK_EQUAL(run_seed(seed).hash, r.hash);
    }
    BOOST_TEST_MESSAGE(count << " seeds from " << first << ": " << delivered << " delivered everything, " << given_up << " gave up, " << octets
                             << " octets in " << seconds << " simulated seconds");
    // Most runs must be worth something.
    if (count >= 100) BOOST_CHECK_GE(delivered * 2, count);
}

// Two runs that deliver everything, on record: every compiler, optimisation and machine sends the same octets at the same
// instants. A change of behaviour changes them; then look at what else it changes, and record anew what this prints.
BOOST_AUTO_TEST_CASE(recorded_runs) {
    struct record {
        std::uint64_t seed{}, octets{}, hash{};
    };
    for (auto const& one : {record{2, 39'114, 0xb205'32e0'45cf'1be7}, record{7, 55'712, 0x0789'f458'1f72'8e44}}) {
        auto const r = run_seed(one.seed);
        BOOST_TEST(r.delivered);
        BOOST_TEST(r.octets == one.octets);
        BOOST_CHECK_MESSAGE(r.hash == one.hash, "seed " << one.seed << ": hash 0x" << std::hex << r.hash << " instead of 0x" << one.hash << std::dec);
    }
}

BOOST_AUTO_TEST_SUITE_END()
