// SPDX-License-Identifier: BSL-1.0
// Pool: chunks of a slab that many connections share. A store that holds no octets owns no chunk, so idle connections
// reserve nothing. For many connections of which few are busy; for a few that are always busy, rings are smaller.
//
// The chunks of a store are linked by index in the slab. A store spans at most Maximum <= 16 chunks' octets, hence locating
// an offset follows at most 16 links: choose ChunkOctets >= Maximum / 16.
//
// promise = what the chunks held can store + a quarter of the spare chunks (at least one), at most Maximum. Each taker thus
// leaves three quarters to the others, and a shrinking slab shrinks every promise. A promise is not a reservation: others
// may take the chunks first. A refused write counts as loss; the peer sends again. What lies before octets that a store
// holds is always backed by its own chunks, so the hole before data that came out of order can always be filled.
// Copies share the chunks: one of them is the store, the others must not be used. A slab belongs to one thread.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include <tenon/core/bounded_vector.hpp>
#include <tenon/core/contract.hpp>
#include <tenon/core/time.hpp>
#include <tenon/policy/buffer/concept.hpp>

namespace tenon::buffer {

// The slab: user-owned, static or on the heap. All-zero is valid and wholly spare, so a static one lies in .bss.
template <std::size_t Chunks, bytes ChunkOctets>
class pool_memory {
    static_assert(Chunks >= 1 && Chunks < std::size_t{1} << 31, "chunks are counted in at most 32 bits");

public:
    using index = smallest_count<Chunks>;  // 0: none; otherwise one more than the chunk's place

    constexpr std::size_t spare() const noexcept { return Chunks - taken_; }
    std::byte* octets(index i) noexcept { return octets_.data() + std::size_t{i - 1u} * ChunkOctets; }
    std::byte const* octets(index i) const noexcept { return octets_.data() + std::size_t{i - 1u} * ChunkOctets; }
    constexpr index next(index i) const noexcept { return links_[i - 1u]; }
    constexpr void link(index i, index next) noexcept { links_[i - 1u] = next; }

    // A chunk linked to none; only while spare() > 0.
    constexpr index take() noexcept {
        TENON_EXPECTS(taken_ < Chunks);
        ++taken_;
        if (free_ == 0) return ++fresh_;
        index const i = free_;
        free_ = next(i);
        link(i, 0);
        return i;
    }

    constexpr void give(index i) noexcept {
        TENON_EXPECTS(i != 0 && taken_ > 0);
        link(i, free_);
        free_ = i;
        --taken_;
    }

private:
    index taken_{};
    index fresh_{};  // the first that many have been taken at least once; the rest were never linked
    index free_{};
    std::array<index, Chunks> links_{};
    std::array<std::byte, Chunks * ChunkOctets> octets_{};
};

template <bytes ChunkOctets, std::size_t Chunks, bytes Maximum = 16 * ChunkOctets>
class pool {
    static_assert(std::has_single_bit(ChunkOctets), "a chunk is a power of two, so that places are found without division");
    static_assert(Maximum >= 1 && Maximum <= 16 * std::uint64_t{ChunkOctets}, "at most 16 links are followed: use larger chunks");
    static_assert(Maximum <= bytes{1} << 30, "no TCP window exceeds 2^30 octets (RFC 7323, 2.3)");

public:
    using home = pool_memory<Chunks, ChunkOctets>;
    static constexpr bytes capacity = Maximum;

    constexpr bytes promise(home const& h) const noexcept {
        auto const share = static_cast<bytes>(std::min<std::size_t>((h.spare() + 3) / 4, most_chunks));
        return std::min(backed() + share * ChunkOctets, Maximum);
    }

    bytes write(home& h, bytes at, octets_in in) noexcept {
        if (at >= Maximum || in.empty()) return 0;
        bytes n = static_cast<bytes>(std::min<std::size_t>(in.size(), Maximum - at));
        if (!grow(h, at, at + n)) return 0;
        n = std::min(n, backed() - at);
        end_ = std::max(end_, at + n);
        put(h, at, in.first(n));
        return n;
    }

    bytes read(home const& h, bytes at, bytes n, std::span<octets_in> out) const noexcept {
        if (at >= backed()) return 0;
        n = std::min(n, backed() - at);
        place p = locate(h, at);
        bytes lent = 0;
        for (auto& piece : out) {
            if (lent == n) break;
            bytes const part = std::min(n - lent, ChunkOctets - p.within);
            piece = {h.octets(p.chunk) + p.within, part};
            lent += part;
            p = {h.next(p.chunk), 0};
        }
        return lent;
    }

    constexpr void drop(home& h, bytes n) noexcept {
        TENON_EXPECTS(n <= end_);
        if (n >= end_) return release(h);
        end_ -= n;
        bytes front = front_ + n;
        for (; front >= ChunkOctets; front -= ChunkOctets) give_first(h);
        front_ = static_cast<within>(front);
    }

    constexpr void release(home& h) noexcept {
        while (held_ > 0) give_first(h);
        front_ = 0;
        end_ = 0;
    }

    // The chunks decide what is promised; which of the slab's they are means nothing.
    template <class F>
    constexpr void visit(instant, F&& f) const { f("chunks", held_), f("first chunk", front_), f("written", end_); }

    friend constexpr bool operator==(pool, pool) noexcept = default;

private:
    using index = typename home::index;
    using within = smallest_count<ChunkOctets - 1>;
    static constexpr bytes most_chunks = 17;  // 16 chunks' octets, not begun at the start of one

    struct place {
        index chunk;
        bytes within;
    };

    // Octets from the front to the end of the last chunk held.
    constexpr bytes backed() const noexcept { return held_ * ChunkOctets - front_; }

    constexpr void give_first(home& h) noexcept {
        index const gone = first_;
        first_ = h.next(gone);
        h.give(gone);
        --held_;
    }

    constexpr place locate(home const& h, bytes at) const noexcept {
        bytes const from_first = front_ + at;
        index chunk = first_;
        for (bytes links = from_first / ChunkOctets; links > 0; --links) chunk = h.next(chunk);
        return {chunk, from_first % ChunkOctets};
    }

    // Takes chunks up to offset `to`, or as far as they go. False, and nothing taken, when not even `at` can be reached.
    constexpr bool grow(home& h, bytes at, bytes to) noexcept {
        auto const wanted = static_cast<std::uint8_t>((front_ + to - 1) / ChunkOctets + 1);
        if ((front_ + at) / ChunkOctets >= held_ + h.spare()) return false;
        index last = first_;
        for (std::uint8_t i = 1; i < held_; ++i) last = h.next(last);
        while (held_ < wanted && h.spare() > 0) {
            index const fresh = h.take();
            if (held_ == 0) first_ = fresh;
            else h.link(last, fresh);
            last = fresh;
            ++held_;
        }
        return true;
    }

    void put(home& h, bytes at, octets_in in) noexcept {
        for (place p = locate(h, at); !in.empty(); p = {h.next(p.chunk), 0}) {
            auto const part = std::min<std::size_t>(in.size(), ChunkOctets - p.within);
            std::memcpy(h.octets(p.chunk) + p.within, in.data(), part);
            in = in.subspan(part);
        }
    }

    bytes        end_{};    // offset behind the last octet ever written; 0: nothing is held
    within       front_{};  // where the front lies in the first chunk
    std::uint8_t held_{};   // chunks
    index        first_{};
};

static_assert(octet_store<pool<1024, 65536>>);
static_assert(sizeof(pool<1024, 65536>) <= 16);

}  // namespace tenon::buffer
