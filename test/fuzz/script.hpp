// SPDX-License-Identifier: BSL-1.0
// What a fuzzer's input is read as, and the transport that hands it to an endpoint and checks each packet that comes back.
#pragma once
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include <tenon/endpoint.hpp>
#include <tenon/policy/acknowledgement/immediate.hpp>
#include <tenon/policy/blind_attack_checks/none.hpp>
#include <tenon/policy/checksum/by_transport.hpp>
#include <tenon/policy/clock/tick32.hpp>
#include <tenon/policy/initial_sequence/fixed.hpp>
#include <tenon/policy/network/ipv4.hpp>
#include <tenon/policy/observer/counters.hpp>

#include "support/invariants.hpp"
#include "support/patterns.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace tenon::test {

[[noreturn]] inline void broken(char const* what) {
    std::fprintf(stderr, "invariant broken: %s\n", what);
    std::abort();
}

class script {
public:
    script(std::uint8_t const* data, std::size_t size) : at_{data}, end_{data + size} {}
    bool over() const { return at_ == end_; }
    std::uint8_t octet() { return over() ? std::uint8_t{0} : *at_++; }
    std::uint16_t word() { return static_cast<std::uint16_t>(octet() << 8 | octet()); }

private:
    std::uint8_t const *at_, *end_;
};

// A card that hands over one packet at a time and looks at everything it is given.
template <std::uint16_t Segments>
class wire_end {
public:
    static constexpr transport::checksums sums = Segments > 1 ? transport::checksums::transport : transport::checksums::stack;
    static constexpr transport::capabilities most{.mtu = 1500, .pieces = Segments > 1 ? std::uint8_t{4} : std::uint8_t{0},
                                                  .segments = Segments, .send = sums, .check = sums};
    test::emissions sent{};
    std::vector<std::byte> next{};
    unsigned refuse{};  // bits: each packet offered uses one up

    transport::capabilities limits() const noexcept { return most; }
    octets_out reserve(bytes n) noexcept {
        if (n > frame_.size() || refused()) return {};
        return octets_out{frame_}.first(n);
    }
    void cancel(octets_out) noexcept {}
    transport::ticket commit(octets_out frame, std::span<octets_in const> body, transport::departure const& how) noexcept {
        if (refused()) return 0;
        // Exactly as long as it is: reading beyond is found.
        std::vector<std::byte> whole(frame.begin(), frame.end());
        for (auto piece : body) whole.insert(whole.end(), piece.begin(), piece.end());
        auto const wrong = sent.on_packet(whole, most.mtu, Segments == 1, how.cut);
        if (std::getenv("TENON_TRACE") != nullptr)
            std::fprintf(stderr, "  sent flags %02x seq %08x ack %08x window %5u payload %4zu cut %u mss %u\n", sent.last.flags, sent.last.seq.value,
                         sent.last.ack.value, sent.last.window, sent.last.payload, how.cut, sent.last.mss);
        if (wrong != nullptr) broken(wrong);
        return ++last_;
    }
    transport::ticket flush() noexcept { return last_; }
    std::span<transport::arrival> arrivals(std::span<transport::arrival> burst) noexcept {
        if (next.empty() || burst.empty()) return {};
        burst[0] = {.octets = next, .cut = cut, .verified = Segments > 1};
        return burst.first(1);
    }
    void give_back(transport::arrival const&) noexcept { next.clear(); }
    std::uint16_t cut{};

private:
    bool refused() noexcept {
        bool const no = (refuse & 1) != 0;
        refuse >>= 1;
        return no;
    }
    std::array<std::byte, 2048> frame_{};
    transport::ticket last_{};
};

}  // namespace tenon::test
