// SPDX-License-Identifier: BSL-1.0
// Carries a given number of segments (or rounds) in a given mode; benchmarks/instructions.sh counts what that costs.
// Usage: instructions list | instructions MODE COUNT
#include <cstdio>
#include <cstring>
#include <memory>

#include "support/workloads.hpp"

namespace {

using namespace workload;

template <class P, class Wire>
bool run_bulk(std::uint64_t n) {
    auto p = std::make_unique<pair_of<P, Wire>>();
    return p->connect() && bulk(*p, n);
}
bool run_rpc(std::uint64_t n) {
    auto p = std::make_unique<pair_of<copying, plain_wire>>();
    return p->connect() && rpc(*p, n);
}
bool run_cycle(std::uint64_t n) {
    auto p = std::make_unique<pair_of<copying, plain_wire>>();
    return cycle(p, n);
}

struct mode {
    char const* name;
    bool (*run)(std::uint64_t);
};
constexpr mode modes[] = {
    {"protocol_only", run_bulk<protocol, header_wire>},
    {"protocol_with_timestamps_and_sack", run_bulk<protocol_with_options, header_wire>},
    {"bulk_with_checksums", run_bulk<copying, plain_wire>},
    {"rpc_64_octets", run_rpc},
    {"connect_close", run_cycle},
};

}  // namespace

int main(int argc, char** argv) {
    if (argc == 2 && std::strcmp(argv[1], "list") == 0) {
        for (auto const& m : modes) std::puts(m.name);
        return 0;
    }
    if (argc == 3)
        for (auto const& m : modes)
            if (std::strcmp(argv[1], m.name) == 0) return m.run(std::strtoull(argv[2], nullptr, 10)) ? 0 : 1;
    std::fputs("usage: instructions list | instructions MODE COUNT\n", stderr);
    return 2;
}
