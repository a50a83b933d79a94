// SPDX-License-Identifier: BSL-1.0
// The compositions among which matrix_peer chooses at run time: one function for each set of options, in a translation unit of
// its own (matrix_composition.cpp), so that they compile side by side.
#pragma once
#include "examples/support/tun_device.hpp"
#include "matrix_session.hpp"

namespace matrix {

enum option : unsigned { window_scale = 1, timestamps = 2, sack = 4, ecn = 8 };
inline constexpr unsigned compositions = MATRIX_COMPOSITIONS;  // sets below this are compiled

// A queue that marks some packets, and drops those of them that are not ECN-capable (RFC 3168, 5).
struct random_marking {
    tenon::simulation::ratio share{};
    tenon::simulation::drop_tail limit{.packets = 1000};

    tenon::simulation::verdict admits(tenon::simulation::backlog const& b, tenon::bytes n, tenon::instant now,
                                      tenon::simulation::random& r) const noexcept {
        auto const told = limit.admits(b, n, now, r);
        return told == tenon::simulation::verdict::pass && r.chance(share) ? tenon::simulation::verdict::mark : told;
    }
    tenon::simulation::verdict releases(tenon::simulation::backlog const&, tenon::simulation::waiting_packet const&, tenon::instant,
                                        tenon::simulation::random&) const noexcept {
        return tenon::simulation::verdict::pass;
    }
};

using link = tenon::simulation::basic_link<random_marking>;

struct path_options : support::path_options {
    double mark{};

    void add_to(CLI::App& app) {
        support::path_options::add_to(app);
        add_share(app, "--mark", mark, "Share of packets that are marked, or dropped if they cannot be");
    }
    matrix::link link(std::uint64_t which) const {
        auto plain = support::path_options::link(which);
        return matrix::link{plain.options(), {.share = share(mark)}, plain.loss()};
    }
};

// As support::worse_path, with a link that marks.
class path {
    using impaired = tenon::transport::impairment<support::tun_device, link>;

public:
    path(support::tun_device& device, path_options const& o)
        : file_{o.pcap.empty() ? nullptr : std::fopen(o.pcap.c_str(), "wb")}, writer_{{file_.get()}},
          impairment_{device, o.link(0), o.link(1)}, capture_{impairment_, writer_, "tenon"} {}

    auto& transport() noexcept { return capture_; }
    bool writes() const noexcept { return file_ != nullptr; }
    void advance(tenon::instant now) noexcept {
        capture_.at(now);
        impairment_.advance(now);
    }
    std::optional<tenon::instant> next_event() const noexcept { return impairment_.next_event(); }
    void report(std::FILE* to) {
        using tenon::simulation::happening;
        for (auto const* one : {&impairment_.sending(), &impairment_.arriving()}) {
            auto const n = [one](happening what) { return static_cast<unsigned long long>(one->counts()[what]); };
            std::fprintf(to, "%llu packets, %llu lost, %llu reordered, %llu duplicated, %llu corrupted, %llu marked, %llu dropped\n",
                         n(happening::transmit), n(happening::lose), n(happening::reorder), n(happening::duplicate),
                         n(happening::corrupt), n(happening::mark), n(happening::overflow));
        }
    }

private:
    struct closes { void operator()(std::FILE* f) const noexcept { std::fclose(f); } };

    std::unique_ptr<std::FILE, closes> file_;
    tenon::trace::pcapng_writer<> writer_;
    impaired impairment_;
    tenon::transport::capture<impaired> capture_;
};

template <unsigned Options>
int run(cell const&, support::tun_device&, path&);

}  // namespace matrix
