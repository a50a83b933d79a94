// SPDX-License-Identifier: BSL-1.0
// Speed of two endpoints over a memory pair in virtual time, one thread, both ends' work included (Google Benchmark).
// `speed --benchmark_filter=bulk` and the like; ratios against another build in one run mean more than the figures.
// ctest: --benchmark_min_time=0.05
#include <benchmark/benchmark.h>

#include "support/workloads.hpp"

namespace {

using namespace workload;

template <class P, class Wire>
void bulk_of(benchmark::State& state) {
    auto p = std::make_unique<pair_of<P, Wire>>();
    if (!p->connect()) return state.SkipWithError("no connection");
    constexpr std::uint64_t segments = 4096;
    if (!bulk(*p, segments)) return state.SkipWithError("the transfer stalled");  // past slow start
    for (auto _ : state)
        if (!bulk(*p, segments)) return state.SkipWithError("the transfer stalled");
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(segments));
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(segments * p->client.connection().mss()));
}
void bulk_with_checksums(benchmark::State& state) { bulk_of<copying, plain_wire>(state); }
void protocol_only(benchmark::State& state) { bulk_of<protocol, header_wire>(state); }

void rpc_64_octets(benchmark::State& state) {
    auto p = std::make_unique<pair_of<copying, plain_wire>>();
    if (!p->connect()) return state.SkipWithError("no connection");
    for (auto _ : state)
        if (!rpc(*p, 100)) return state.SkipWithError("an answer is missing");
    state.SetItemsProcessed(state.iterations() * 100);
}

void connect_close(benchmark::State& state) {
    auto p = std::make_unique<pair_of<copying, plain_wire>>();
    for (auto _ : state)
        if (!cycle(p, 10)) return state.SkipWithError("a connection did not close");
    state.SetItemsProcessed(state.iterations() * 10);
}

BENCHMARK(bulk_with_checksums);
BENCHMARK(protocol_only);
BENCHMARK(rpc_64_octets);
BENCHMARK(connect_close);

}  // namespace

BENCHMARK_MAIN();
