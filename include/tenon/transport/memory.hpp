// SPDX-License-Identifier: BSL-1.0
// Memory: two ends joined by two bounded queues of packets. No heap, no clock, no threads; every call is O(1) in the
// queue's length, commit is O(octets copied). One end's reservation is forgotten by its next reserve: one at a time.
//
//   static tenon::transport::memory_pair<tenon::transport::memory_options{.slots = 64}> wire;
//   left.poll(wire.a(), now);
//   right.poll(wire.b(), now);
//
// With `references` the queue behaves like a scatter-gather network card: commit keeps the body's spans, the wire reads
// them when the far end asks for its arrivals, and only then does the near end's flush() release their ticket.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <tenon/core/units.hpp>
#include <tenon/transport/concept.hpp>

namespace tenon::transport {

struct memory_options {
    std::size_t   slots{64};          // packets each direction holds; a power of two
    bytes         mtu{1500};          // the largest packet, or segment of a super-segment
    std::uint8_t  pieces{};           // body pieces per packet; 0: the frame is the whole packet
    std::uint16_t segments{1};        // segments per packet; a super-segment arrives merged, with its `cut`
    bool          references{};       // keep the body's spans until the far end reads the packet
    checksums     send{};
    checksums     check{};            // transport: every arrival counts as verified, since memory does not err

    // Octets per slot. An IPv4 packet has at most 65,535; 65,600 keeps slots on cache lines.
    constexpr bytes slot_octets() const noexcept { return segments > 1 ? 65'600 : (mtu + 63) / 64 * 64; }
};

template <memory_options O = memory_options{}>
class memory_pair {
    static_assert(O.slots > 0 && (O.slots & (O.slots - 1)) == 0, "the number of slots is a power of two");
    static_assert(!O.references || O.pieces > 0, "only a body given in pieces can be kept by reference");
    static_assert(O.segments >= 1 && O.mtu >= 68 && O.mtu <= 65'600);
    static_assert(O.segments == 1 || O.send != checksums::stack, "who cuts segments must make their checksums");
    static_assert(O.send == checksums::stack || O.check == checksums::transport,
                  "a checksum that nobody makes must not be checked");

    static constexpr std::uint32_t mask = static_cast<std::uint32_t>(O.slots - 1);

    struct record {
        bytes         frame{};        // octets of the frame; those of the body follow
        bytes         total{};
        std::uint16_t cut{};
        std::uint8_t  pieces{};       // pieces still to be read by the wire
        bool          given_back{};
    };

    //   oldest            handed             next
    //     |  being read     |  waiting         |  free      counters modulo 2^32, slots modulo O.slots
    struct queue {
        std::uint32_t oldest{}, handed{}, next{};
        ticket        last{};         // given to the newest commit
        ticket        read{};         // of the newest packet whose body the wire has read
        std::array<record, O.slots> records{};
        std::array<std::array<octets_in, O.references ? O.pieces : 0>, O.references ? O.slots : 0> bodies{};
        alignas(64) std::array<std::array<std::byte, O.slot_octets()>, O.slots> octets;

        queue() noexcept {}           // not constexpr and not zeroing: a static pair lies in .bss
        std::byte* slot(std::uint32_t i) noexcept { return octets[i & mask].data(); }
        bool full() const noexcept { return next - oldest == O.slots; }
    };

public:
    class end {
    public:
        static constexpr capabilities most{.mtu = O.mtu, .pieces = O.pieces, .segments = O.segments,
                                           .keeps = O.references, .send = O.send, .check = O.check};
        constexpr capabilities limits() const noexcept { return most; }

        octets_out reserve(bytes n) noexcept {
            if (out_.full() || n > O.slot_octets()) return {};
            return {out_.slot(out_.next), n};
        }

        void cancel(octets_out) noexcept {}

        ticket commit(octets_out frame, std::span<octets_in const> body, departure const& how) noexcept {
            if (out_.full() || frame.data() != out_.slot(out_.next) || body.size() > O.pieces) return 0;
            auto total = frame.size();
            for (auto piece : body) total += piece.size();
            if (total > (how.cut != 0 ? O.slot_octets() : O.mtu) || (how.cut != 0 && O.segments == 1)) return 0;
            out_.records[out_.next & mask] = {static_cast<bytes>(frame.size()), static_cast<bytes>(total), how.cut,
                                              static_cast<std::uint8_t>(O.references ? body.size() : 0), false};
            take(body, frame.data() + frame.size());
            ++out_.next;
            if (++out_.last == 0) out_.last = 1;
            return out_.last;
        }

        ticket flush() noexcept { return O.references ? out_.read : out_.last; }

        std::span<arrival> arrivals(std::span<arrival> burst) noexcept {
            std::size_t n = 0;
            for (; n < burst.size() && in_.handed != in_.next; ++n, ++in_.handed) {
                auto& packet = in_.records[in_.handed & mask];
                if constexpr (O.references) gather(packet);
                burst[n] = {.octets = {in_.slot(in_.handed), packet.total}, .cut = packet.cut,
                            .verified = O.check == checksums::transport, .cookie = in_.handed & mask};
            }
            return burst.first(n);
        }

        // In any order; slots come free in the order of the packets.
        void give_back(arrival const& one) noexcept {
            in_.records[one.cookie & mask].given_back = true;
            while (in_.oldest != in_.handed && in_.records[in_.oldest & mask].given_back) ++in_.oldest;
        }

        // How many packets have been committed here and not yet been handed over at the far end.
        std::size_t waiting() const noexcept { return out_.next - out_.handed; }

    private:
        friend class memory_pair;
        end(queue& out, queue& in) noexcept : out_{out}, in_{in} {}

        void take(std::span<octets_in const> body, std::byte* to) noexcept {
            std::size_t i = 0;
            for (auto piece : body) {
                if constexpr (O.references) {
                    out_.bodies[out_.next & mask][i++] = piece;
                } else if (!piece.empty()) {
                    std::memcpy(to, piece.data(), piece.size());
                    to += piece.size();
                }
            }
        }

        // What the card's DMA does: the only copy, made by the wire.
        void gather(record& packet) noexcept {
            auto* to = in_.slot(in_.handed) + packet.frame;
            for (std::size_t i = 0; i < packet.pieces; ++i) {
                auto const piece = in_.bodies[in_.handed & mask][i];
                if (!piece.empty()) std::memcpy(to, piece.data(), piece.size());
                to += piece.size();
            }
            if (++in_.read == 0) in_.read = 1;  // tickets count commits, and packets are read in their order
        }

        queue& out_;
        queue& in_;
    };

    memory_pair() noexcept : a_{to_b_, to_a_}, b_{to_a_, to_b_} {}
    memory_pair(memory_pair const&) = delete;
    memory_pair& operator=(memory_pair const&) = delete;

    end& a() noexcept { return a_; }
    end& b() noexcept { return b_; }

private:
    queue to_a_, to_b_;
    end   a_, b_;
};

static_assert(packet_io<memory_pair<>::end>);

}  // namespace tenon::transport
