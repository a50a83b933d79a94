// SPDX-License-Identifier: BSL-1.0
// Transports for tests, as decorators of a memory end: counting (octets the library copied), refusing (by schedule),
// batching (arrivals in bursts), cutting (super-segments cut into segments before they reach the wire).
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include <tenon/core/units.hpp>
#include <tenon/transport/concept.hpp>
#include <tenon/transport/memory.hpp>
#include <tenon/wire/bytes.hpp>

namespace tenon::test {

using plain_wire     = transport::memory_pair<>;
using gather_wire    = transport::memory_pair<transport::memory_options{.pieces = 8}>;
using reference_wire = transport::memory_pair<transport::memory_options{.pieces = 8, .references = true}>;
// Super-segments that arrive merged.
using super_wire     = transport::memory_pair<transport::memory_options{.slots = 16, .pieces = 8, .segments = 44,
                                                                        .send = transport::checksums::transport, .check = transport::checksums::transport}>;

inline std::size_t ip_header_of(octets_in packet) {
    if (packet.empty()) return 0;
    return (wire::get8(packet.data()) >> 4) == 6 ? 40 : std::size_t{wire::get8(packet.data())} % 16 * 4;
}
// Octets of the IP and TCP header; the whole packet if it has no more.
inline std::size_t headers_of(octets_in packet) {
    auto const ip = ip_header_of(packet);
    if (packet.size() < ip + 20) return packet.size();
    return std::min(packet.size(), ip + std::size_t{wire::get8(packet.data() + ip + 12)} / 16 * 4);
}

// Ones' complement sum in 16 bits, folded (RFC 1071).
inline std::uint16_t folded_sum(octets_in octets, std::uint64_t sum = 0) {
    for (std::size_t i = 0; i + 1 < octets.size(); i += 2) sum += wire::get16(octets.data() + i);
    if (octets.size() % 2 != 0) sum += std::uint64_t{wire::get8(octets.data() + octets.size() - 1)} << 8;
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(sum);
}
inline std::uint64_t pseudo_header_sum(octets_in packet) {
    auto const ip        = ip_header_of(packet);
    auto const addresses = ip == 40 ? packet.subspan(8, 32) : packet.subspan(12, 8);
    return std::uint64_t{folded_sum(addresses)} + 6 + (packet.size() - ip);
}
inline bool checksums_right(octets_in packet) {
    auto const ip = ip_header_of(packet);
    if (packet.size() < ip + 20) return false;
    if ((wire::get8(packet.data()) >> 4) == 4 && folded_sum(packet.first(ip)) != 0xffff) return false;
    return folded_sum(packet.subspan(ip), pseudo_header_sum(packet)) == 0xffff;
}

// Counts what the library puts into frames beyond headers: payload that it copied.
template <transport::packet_io Below>
class counting {
public:
    static constexpr transport::capabilities most = Below::most;
    std::uint64_t copied{}, referred{}, packets{}, refused{};

    explicit counting(Below& below) : below_{below} {}
    transport::capabilities limits() const noexcept { return below_.limits(); }
    octets_out reserve(bytes n) noexcept { return below_.reserve(n); }
    void cancel(octets_out frame) noexcept { below_.cancel(frame); }
    transport::ticket flush() noexcept { return below_.flush(); }
    transport::ticket commit(octets_out frame, std::span<octets_in const> body, transport::departure const& how) noexcept {
        auto const payload = frame.size() - headers_of(frame);
        std::uint64_t lent = 0;
        for (auto piece : body) lent += piece.size();
        auto const given = below_.commit(frame, body, how);
        ++(given != 0 ? packets : refused);
        if (given != 0) copied += payload, referred += lent;
        return given;
    }
    std::span<transport::arrival> arrivals(std::span<transport::arrival> burst) noexcept { return below_.arrivals(burst); }
    void give_back(transport::arrival const& one) noexcept { below_.give_back(one); }

private:
    Below& below_;
};

// Refuses the k-th reserve or commit (from 1) where the schedule says so.
template <transport::packet_io Below>
class refusing {
public:
    using schedule = std::function<bool(std::uint64_t k)>;
    static constexpr transport::capabilities most = Below::most;
    schedule refuse_reserve{}, refuse_commit{};
    std::uint64_t reserves{}, commits{}, refused{};

    explicit refusing(Below& below, schedule reserve = {}, schedule commit = {})
        : refuse_reserve{std::move(reserve)}, refuse_commit{std::move(commit)}, below_{below} {}
    transport::capabilities limits() const noexcept { return below_.limits(); }
    octets_out reserve(bytes n) noexcept {
        if (refuse_reserve && refuse_reserve(++reserves)) return ++refused, octets_out{};
        return below_.reserve(n);
    }
    void cancel(octets_out frame) noexcept { below_.cancel(frame); }
    transport::ticket flush() noexcept { return below_.flush(); }
    transport::ticket commit(octets_out frame, std::span<octets_in const> body, transport::departure const& how) noexcept {
        if (refuse_commit && refuse_commit(++commits)) {
            ++refused;
            below_.cancel(frame);
            return 0;
        }
        return below_.commit(frame, body, how);
    }
    std::span<transport::arrival> arrivals(std::span<transport::arrival> burst) noexcept { return below_.arrivals(burst); }
    void give_back(transport::arrival const& one) noexcept { below_.give_back(one); }

private:
    Below& below_;
};

// Holds arrivals back until Burst of them are there, or `patience` calls in a row have brought nothing new.
template <transport::packet_io Below, std::size_t Burst = 32>
class batching {
public:
    static constexpr transport::capabilities most = Below::most;
    std::size_t patience{2}, largest_burst{};

    explicit batching(Below& below) : below_{below} {}
    transport::capabilities limits() const noexcept { return below_.limits(); }
    octets_out reserve(bytes n) noexcept { return below_.reserve(n); }
    void cancel(octets_out frame) noexcept { below_.cancel(frame); }
    transport::ticket flush() noexcept { return below_.flush(); }
    transport::ticket commit(octets_out frame, std::span<octets_in const> body, transport::departure const& how) noexcept {
        return below_.commit(frame, body, how);
    }
    std::span<transport::arrival> arrivals(std::span<transport::arrival> burst) noexcept {
        if (!open_) {
            auto const got = below_.arrivals(std::span{held_}.subspan(count_));
            count_ += got.size();
            idle_ = got.empty() ? idle_ + 1 : 0;
            open_ = count_ == Burst || (count_ != 0 && idle_ >= patience);
            if (!open_) return {};
        }
        auto const n = std::min(burst.size(), count_ - next_);
        std::copy_n(held_.begin() + static_cast<std::ptrdiff_t>(next_), n, burst.begin());
        largest_burst = std::max(largest_burst, n);
        next_ += n;
        if (next_ == count_) next_ = count_ = idle_ = 0, open_ = false;
        return burst.first(n);
    }
    void give_back(transport::arrival const& one) noexcept { below_.give_back(one); }

private:
    Below&                                below_;
    std::array<transport::arrival, Burst> held_{};
    std::size_t                           count_{}, next_{}, idle_{};
    bool                                  open_{};
};

// A card that cuts super-segments and makes all checksums, over a wire of plain packets: what arrives can be checked in
// software. Takes a new packet only when everything cut from earlier ones has gone.
template <transport::packet_io Below, std::uint16_t Segments = 44>
class cutting {
    static_assert(Below::most.pieces == 0 && Below::most.send == transport::checksums::stack);

public:
    static constexpr transport::capabilities most{.mtu = Below::most.mtu, .pieces = 8, .segments = Segments,
                                                  .send = transport::checksums::transport, .check = Below::most.check};
    std::uint64_t supers{}, segments{};

    explicit cutting(Below& below) : below_{below}, frame_(65'600) {}
    transport::capabilities limits() const noexcept { return most; }
    octets_out reserve(bytes n) noexcept {
        drain();
        return waiting_.empty() && n <= frame_.size() ? octets_out{frame_}.first(n) : octets_out{};
    }
    void cancel(octets_out) noexcept {}
    transport::ticket commit(octets_out frame, std::span<octets_in const> body, transport::departure const& how) noexcept {
        if (!waiting_.empty() || frame.data() != frame_.data() || body.size() > most.pieces) return 0;
        std::vector<std::byte> whole(frame.begin(), frame.end());
        for (auto piece : body) whole.insert(whole.end(), piece.begin(), piece.end());
        auto const headers = headers_of(whole);
        auto const payload = whole.size() - headers;
        auto const size    = how.cut == 0 ? std::max<std::size_t>(payload, 1) : std::size_t{how.cut};  // not zero: it is a step
        if (whole.size() > 65'575 || headers + std::min(size, payload) > most.mtu) return 0;
        if (how.cut != 0 && (payload > size * Segments || (how.header != 0 && how.header != headers))) return 0;
        for (std::size_t at = 0; at == 0 || at < payload; at += size) waiting_.push_back(segment(whole, headers, at, size));
        supers += payload > size;
        segments += waiting_.size();
        drain();
        return ++last_;
    }
    transport::ticket flush() noexcept {
        drain();
        below_.flush();
        return last_;
    }
    std::span<transport::arrival> arrivals(std::span<transport::arrival> burst) noexcept { return below_.arrivals(burst); }
    void give_back(transport::arrival const& one) noexcept { below_.give_back(one); }

private:
    using packet = std::vector<std::byte>;

    // One segment with its own lengths, identification, sequence number, flags and checksums.
    static packet segment(packet const& whole, std::size_t headers, std::size_t at, std::size_t size) {
        auto const payload = whole.size() - headers;
        auto const n       = std::min(size, payload - at);
        packet     made(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(headers));
        made.insert(made.end(), whole.begin() + static_cast<std::ptrdiff_t>(headers + at),
                    whole.begin() + static_cast<std::ptrdiff_t>(headers + at + n));
        auto const  ip  = ip_header_of(made);
        auto* const tcp = made.data() + ip;
        wire::put32(tcp + 4, wire::get32(tcp + 4) + static_cast<std::uint32_t>(at));
        if (at + n < payload) tcp[13] &= ~std::byte{0x09};  // FIN and PSH: the last segment's
        if (at != 0) tcp[13] &= ~std::byte{0x80};           // CWR: the first one's (RFC 3168, 6.1.2)
        if ((wire::get8(made.data()) >> 4) == 6) {
            wire::put16(made.data() + 4, static_cast<std::uint16_t>(made.size() - 40));
        } else {
            wire::put16(made.data() + 2, static_cast<std::uint16_t>(made.size()));
            auto const turn = size == 0 ? 0 : at / size;
            wire::put16(made.data() + 4, static_cast<std::uint16_t>(wire::get16(made.data() + 4) + turn));
            wire::put16(made.data() + 10, 0);
            wire::put16(made.data() + 10, static_cast<std::uint16_t>(~folded_sum(octets_in{made}.first(ip))));
        }
        wire::put16(tcp + 16, 0);
        wire::put16(tcp + 16, static_cast<std::uint16_t>(~folded_sum(octets_in{made}.subspan(ip), pseudo_header_sum(made))));
        return made;
    }

    void drain() noexcept {
        while (!waiting_.empty()) {
            auto const& next = waiting_.front();
            auto const  room = below_.reserve(static_cast<bytes>(next.size()));
            if (room.empty()) return;
            std::copy(next.begin(), next.end(), room.begin());
            if (below_.commit(room, {}, {}) == 0) return;
            waiting_.pop_front();
        }
    }

    Below&                 below_;
    std::vector<std::byte> frame_;
    std::deque<packet>     waiting_;
    transport::ticket      last_{};
};

static_assert(transport::packet_io<counting<plain_wire::end>> && transport::packet_io<refusing<plain_wire::end>>);
static_assert(transport::packet_io<batching<plain_wire::end>> && transport::packet_io<cutting<plain_wire::end>>);

}  // namespace tenon::test
