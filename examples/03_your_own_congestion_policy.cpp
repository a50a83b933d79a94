// SPDX-License-Identifier: BSL-1.0
// 03: a congestion policy of one's own, thirty lines. New here: a policy is a small value that satisfies a concept; the
// engine tells it facts, it answers a window, and the compiler says in a sentence what is missing.
//
// This one watches the delay, in the manner of Vegas (Brakmo, Peterson 1995): it keeps between two and four segments in
// the queue. It fills no buffer, and a competitor that does would push it aside.
// ctest: --bytes 300000
// ctest: --bytes 2000000 --loss 0 --reorder 0 --duplicate 0
#include <algorithm>
#include <cstdint>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "support/simulated_transfer.hpp"
#include "support/type_name.hpp"

// [policy]
class gentle {
    using context = tenon::congestion::context;

public:
    static constexpr auto needs = tenon::congestion::need::rtt;

    void on_start(context const& c) noexcept { *this = {}, window_ = 10 * c.mss; }
    void on_sent(context const&, tenon::bytes) noexcept {}
    void on_ack(tenon::congestion::ack_event<needs> const& e) noexcept {
        if (!e.rtt || e.phase != tenon::congestion::phase::open) return;
        auto const rtt = static_cast<std::uint64_t>(e.rtt->nanoseconds);
        least_ = least_ == 0 ? rtt : std::min(least_, rtt);
        auto const queued = static_cast<tenon::bytes>(window_ * (rtt - least_) / std::max<std::uint64_t>(rtt, 1));
        if (queued > 4 * e.mss) rising_ = false, window_ -= e.mss;           // one sample is one round trip
        else if (queued < 2 * e.mss && e.window_limited) window_ += rising_ ? window_ / 2 : e.mss;
        window_ = std::clamp<tenon::bytes>(window_, 2 * e.mss, 1u << 30);
    }
    void on_congestion(context const& c, tenon::congestion::cause why) noexcept {
        rising_ = false;
        window_ = why == tenon::congestion::cause::loss ? std::max(c.outstanding / 2, 2 * c.mss) : c.mss;
    }
    void on_recovery_exit(context const&) noexcept {}
    tenon::bytes window() const noexcept { return window_; }
    tenon::bytes slow_start_threshold() const noexcept { return window_; }

    friend bool operator==(gentle const&, gentle const&) noexcept = default;

private:
    std::uint64_t least_{};    // the shortest round trip, in nanoseconds
    tenon::bytes window_{};
    bool rising_{true};
};
static_assert(tenon::congestion::policy<gentle>);
// [/policy]

struct own_policy : support::simulated_policies {
    using congestion = gentle;
};
struct standard : support::simulated_policies {};

namespace {

template <class Policies>
bool row(support::simulated_path const& path, std::vector<std::byte> const& file) {
    auto const r = support::simulated_transfer<Policies>::run(path, file);
    fmt::print("{:<16}{:>9.3f}{:>10}{:>9}{:>9.1f}\n", support::type_name<Policies>(), r.goodput() / 1e6,
               r.counters.OctetsRetrans(), r.counters.Timeouts() + r.counters.SubsequentTimeouts(),
               static_cast<double>(r.smoothed.nanoseconds) / 1e6);
    return r.finished && r.received == file;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Compares a congestion policy written in this file with NewReno over a simulated link."};
    std::size_t bytes = 5'000'000;
    support::simulated_path path;
    path.loss = 0.001;
    path.reorder = path.duplicate = 0;
    app.add_option("--bytes", bytes, "Length of the transfer");
    path.add_to(app);
    CLI11_PARSE(app, argc, argv);

    std::vector<std::byte> const file(bytes, std::byte{42});
    fmt::print("{:<16}{:>9}{:>10}{:>9}{:>9}\n", "composition", "Mbit/s", "resent", "timeouts", "SRTT ms");
    bool const one = row<standard>(path, file), other = row<own_policy>(path, file);
    return one && other ? 0 : 1;
}
