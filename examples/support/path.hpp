// SPDX-License-Identifier: BSL-1.0
// The way from a TCP to the packet device of an example: straight, or through the impairment and capture decorators, as the
// options on the command line say.
#pragma once
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include <poll.h>

#include <tenon/transport/capture.hpp>
#include <tenon/transport/impairment.hpp>

#include "faults.hpp"
#include "system.hpp"

namespace support {

struct path_options : faults {
    std::string pcap{};
    double corrupt{};  // share of the packets, in each direction
    double delay{};    // ns, in each direction

    void add_to(CLI::App& app) {
        app.add_option("--pcap", pcap, "Write every packet to this pcapng file");
        app.add_option("--delay", delay, "Delay of each way, such as 15ms")->transform(with_time_unit());
        add_share(app, "--corrupt", corrupt, "Share of packets of which one bit is flipped");
        faults::add_to(app);
    }

    bool impaired() const noexcept {
        return loss > 0 || reorder > 0 || duplicate > 0 || corrupt > 0 || delay > 0 || rate > 0;
    }
    tenon::simulation::link link(std::uint64_t which) const { return faults::link(which, delay, {.packets = 1000}, corrupt); }
};

// Knows whether the device has refused a packet, so that the loop waits for room in it.
template <class Device>
class watched : public Device {
public:
    tenon::transport::ticket commit(tenon::octets_out frame, std::span<tenon::octets_in const> body,
                                    tenon::transport::departure const& how) noexcept {
        auto const given = Device::commit(frame, body, how);
        if (given == 0) refused_ = true;
        return given;
    }
    // What to wait for. Asking forgets the refusal.
    pollfd interest() noexcept {
        bool const full = std::exchange(refused_, false);
        return {.fd = this->descriptor(), .events = static_cast<short>(full ? POLLIN | POLLOUT : POLLIN), .revents = 0};
    }

private:
    bool refused_{};
};

// The straight way: nothing but the device.
template <class Device>
class straight_path {
public:
    explicit straight_path(Device& device) noexcept : device_{device} {}
    Device& transport() noexcept { return device_; }
    static void advance(tenon::instant) noexcept {}
    static std::optional<tenon::instant> next_event() noexcept { return std::nullopt; }
    static void report(std::FILE*) noexcept {}

private:
    Device& device_;
};

// Impaired and captured. The capture lies above the impairment: it shows what this TCP sent and what it saw.
template <class Device>
class worse_path {
    using impaired = tenon::transport::impairment<Device>;

public:
    worse_path(Device& device, path_options const& o)
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
        auto const line = [to](char const* way, auto const& link) {
            auto const& n = link.counts();
            std::fprintf(to, "%s: %llu packets, %llu lost, %llu reordered, %llu duplicated, %llu corrupted, %llu overflowed\n",
                         way,
                         count(n, happening::transmit), count(n, happening::lose), count(n, happening::reorder),
                         count(n, happening::duplicate), count(n, happening::corrupt), count(n, happening::overflow));
        };
        line("sent", impairment_.sending());
        line("arrived", impairment_.arriving());
    }

private:
    struct closes { void operator()(std::FILE* f) const noexcept { std::fclose(f); } };
    static unsigned long long count(auto const& n, tenon::simulation::happening what) { return n[what]; }

    std::unique_ptr<std::FILE, closes> file_;
    tenon::trace::pcapng_writer<> writer_;
    impaired impairment_;
    tenon::transport::capture<impaired> capture_;
};

// Calls use(path) with the way that the options ask for; gives back what it returns, or 1 without a capture file.
template <class Device, class Use>
int over_path(Device& device, path_options const& o, Use use) {
    if (!o.impaired() && o.pcap.empty()) {
        straight_path<Device> path{device};
        return use(path);
    }
    auto path = std::make_unique<worse_path<Device>>(device, o);
    if (!o.pcap.empty() && !path->writes()) {
        std::perror(o.pcap.c_str());
        return 1;
    }
    int const result = use(*path);
    if (o.impaired()) path->report(stderr);
    return result;
}

// One round of a program: sleep until the device, the path or the TCP has something to do.
template <class Device, class Path>
void rest(stop_signals const& signals, Device& device, Path& path, std::optional<tenon::instant> deadline) noexcept {
    pollfd one = device.interest();
    signals.wait({&one, 1}, earliest(deadline, path.next_event()));
}

}  // namespace support
