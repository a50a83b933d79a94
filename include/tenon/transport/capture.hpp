// SPDX-License-Identifier: BSL-1.0
// Capture: a decorator that writes every packet of a transport, both ways, to a pcapng file. It takes and gives what
// the transport below takes and gives, and changes no packet. Tell it the time before each round: at(now).
// Packets are written as they cross this border: super-segments whole, checksums left to the transport still open.
#pragma once
#include <span>
#include <string_view>
#include <vector>

#include <tenon/core/time.hpp>
#include <tenon/trace/pcapng.hpp>
#include <tenon/transport/concept.hpp>

namespace tenon::transport {

template <packet_io Transport, trace::sink Sink = trace::file_sink>
class capture {
public:
    static constexpr capabilities most = Transport::most;

    capture(Transport& below, trace::pcapng_writer<Sink>& to, std::string_view name)
        : below_{below}, writer_{to}, interface_{to.add_interface(name)} {}

    void at(instant now) noexcept { now_ = now; }

    capabilities limits() const noexcept { return below_.limits(); }
    octets_out reserve(bytes n) noexcept { return below_.reserve(n); }
    void cancel(octets_out frame) noexcept { below_.cancel(frame); }
    ticket flush() noexcept { return below_.flush(); }

    // Copied first: a committed frame is no longer ours to read, and a refused one must not be written.
    ticket commit(octets_out frame, std::span<octets_in const> body, departure const& how) noexcept {
        packet_.assign(frame.begin(), frame.end());
        for (auto piece : body) packet_.insert(packet_.end(), piece.begin(), piece.end());
        auto const given = below_.commit(frame, body, how);
        if (given != 0) writer_.packet(interface_, now_, trace::direction::outbound, octets_in{packet_});
        return given;
    }

    std::span<arrival> arrivals(std::span<arrival> burst) noexcept {
        auto const got = below_.arrivals(burst);
        for (auto const& one : got)
            writer_.packet(interface_, one.at == instant{} ? now_ : one.at, trace::direction::inbound, one.octets);
        return got;
    }
    void give_back(arrival const& one) noexcept { below_.give_back(one); }

private:
    Transport&                  below_;
    trace::pcapng_writer<Sink>& writer_;
    typename trace::pcapng_writer<Sink>::interface_id interface_;
    instant                     now_{};
    std::vector<std::byte>      packet_;
};

}  // namespace tenon::transport
