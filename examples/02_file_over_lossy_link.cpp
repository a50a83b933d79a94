// SPDX-License-Identifier: BSL-1.0
// 02: a file over a link that loses, reorders and duplicates, in virtual time. New here: a composition is one struct that
// names what differs from the defaults; the same file over the same faults shows what each choice is worth.
// ctest: --bytes 300000
// ctest: --bytes 200000 --loss 0.05 --reorder 0.02 --duplicate 0.02 --seed 7
// ctest: --bytes 2000000 --loss 0 --reorder 0 --duplicate 0
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <tenon/policy/acknowledgement/immediate.hpp>
#include <tenon/policy/congestion/fixed_window.hpp>
#include <tenon/policy/recovery/timeout_only.hpp>
#include <tenon/simulation/random.hpp>

#include "support/sha256.hpp"
#include "support/simulated_transfer.hpp"
#include "support/type_name.hpp"

using namespace tenon::literals;

struct new_reno : support::simulated_policies {};

struct new_reno_impatient : support::simulated_policies {
    using retransmit_timer = tenon::retransmit_timer::rfc6298<tenon::retransmit_timer::rto_limits{.minimum = 200_ms}>;
};
struct new_reno_acks_at_once : support::simulated_policies {
    using acknowledgement = tenon::acknowledgement::immediate;
};
struct new_reno_without_fast_retransmit : support::simulated_policies {
    using recovery = tenon::recovery::timeout_only;
};
struct window_of_16_segments : support::simulated_policies {
    using congestion = tenon::congestion::fixed_window<16>;
};

namespace {

template <class Policies>
bool row(support::simulated_path const& path, std::vector<std::byte> const& file) {
    auto const r = support::simulated_transfer<Policies>::run(path, file);
    bool const equal = support::sha256_of(file) == support::sha256_of(r.received);
    fmt::print("{:<34}{:>9.3f}{:>10}{:>9}{:>7}{:>9.1f}  {}\n", support::type_name<Policies>(), r.goodput() / 1e6, r.counters.OctetsRetrans(),
               r.counters.Timeouts() + r.counters.SubsequentTimeouts(), r.counters.FastRetran(),
               static_cast<double>(r.smoothed.nanoseconds) / 1e6, !r.finished ? "STALLED" : equal ? "equal" : "DIFFERENT");
    return r.finished && equal;
}

template <class... Policies>
bool table(support::simulated_path const& path, std::vector<std::byte> const& file) {
    fmt::print("{:<34}{:>9}{:>10}{:>9}{:>7}{:>9}  {}\n", "composition", "Mbit/s", "octets", "timeouts", "fast", "SRTT", "SHA-256");
    fmt::print("{:<34}{:>9}{:>10}{:>9}{:>7}{:>9}\n", "", "", "resent", "", "", "ms");
    bool const each[]{row<Policies>(path, file)...};
    return std::find(std::begin(each), std::end(each), false) == std::end(each);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Sends a file over a simulated link with faults, once for each of several TCPs, and prints what came of it."};
    std::size_t bytes = 20'000'000;
    support::simulated_path path;
    app.add_option("--bytes", bytes, "Length of the file");
    path.add_to(app);
    CLI11_PARSE(app, argc, argv);

    std::vector<std::byte> file(bytes);
    tenon::simulation::random numbers{path.seed, "file"};
    for (auto& octet : file) octet = static_cast<std::byte>(numbers.next());
    fmt::print("{} octets, SHA-256 {}\n", file.size(), support::sha256_of(file));
    return table<new_reno, new_reno_impatient, new_reno_acks_at_once, new_reno_without_fast_retransmit, window_of_16_segments>(path, file) ? 0 : 1;
}
