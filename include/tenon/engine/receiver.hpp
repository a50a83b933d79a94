// SPDX-License-Identifier: BSL-1.0
// Receiver: the receiving half of a connection: what data is kept, what the window says, which acknowledgments are owed.
// It knows no state of the connection and no sender. Work per segment is bounded by the reassembly policy's capacity.
#pragma once
#include <algorithm>
#include <cstring>

#include <tenon/core/contract.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/only_if.hpp>
#include <tenon/core/units.hpp>
#include <tenon/engine/deadlines.hpp>
#include <tenon/engine/moment.hpp>
#include <tenon/engine/negotiation.hpp>
#include <tenon/engine/receive_space.hpp>
#include <tenon/policy/acknowledgement/concept.hpp>
#include <tenon/policy/buffer/concept.hpp>
#include <tenon/policy/options/concept.hpp>
#include <tenon/policy/reassembly/concept.hpp>

namespace tenon::engine {

// Text of an acceptable segment, its header already judged.
struct arriving {
    sequence      seq{};
    octets_in     payload{};
    std::uint16_t segments{1};
    bool          fin{};
    bool          push{};
};

struct arrived {
    bytes octets{};   // newly readable
    bytes refused{};  // in the window, but there was no memory
    bool  fin{};      // the FIN's turn has come
    bool  gap{};      // it came out of order
};

template <class P>
class receiver {
    friend class canonical_access;
    using store_type = typename P::receive_buffer;
    using home_type  = typename store_type::home;
    using slot       = deadline_slot<P::clock::deadline_shift>;
    using moment     = engine::moment<typename P::clock>;

    static constexpr bool delays  = P::acknowledgement::delays;
    static constexpr bool reorders = P::reassembly::capacity != 0;
    static constexpr bool scales  = P::options::offered.window_scale;
    static constexpr bool sacks   = P::options::offered.sack;
    // Where every packet is answered before the next one is taken, there is never more than one ACK to owe.
    static constexpr bool counts  = P::burst > 1;
#if defined(__OPTIMIZE_SIZE__)
    static constexpr bool costs_octets = true;  // a shorter way beside the general one
#else
    static constexpr bool costs_octets = false;
#endif

    struct waiting_fin {
        sequence at{};
        bool known{};
        friend constexpr bool operator==(waiting_fin, waiting_fin) noexcept = default;
    };

    // Each group fills the words of the field before it.
    [[no_unique_address]] only_if<delays, slot, struct later_field> later_{};
    [[no_unique_address]] only_if<counts, std::uint8_t, struct duplicates_field> duplicates_{};
    bool owed_{};
    bool fin_taken_{};
    [[no_unique_address]] only_if<reorders, waiting_fin, struct waiting_fin_field> fin_{};
    [[no_unique_address]] only_if<scales, std::uint8_t, struct receive_shift_field> shift_{};
    [[no_unique_address]] typename P::acknowledgement ack_policy_{};
    [[no_unique_address]] only_if<sacks, bool, struct may_sack_field> may_sack_{};
    [[no_unique_address]] only_if<sacks, reassembly::interval, struct twice_field> twice_{};  // what has come twice, until it is told

public:
    receive_space space{};

    // ---- selective acknowledgments (RFC 2018, 2883)

    constexpr void permit_sack(bool both) noexcept requires (sacks) { may_sack_ = both; }
    constexpr bool may_sack() const noexcept requires (sacks) { return may_sack_; }
    // RFC 2883, 4: a segment from below the window, or one that PAWS refused (4.3), may have come before.
    constexpr void note_old(sequence seq, bytes length) noexcept requires (sacks) {
        if (may_sack_ && length != 0 && seq + length <= space.nxt) twice_ = {seq, seq + length};
    }
    constexpr bool tells_duplicate() const noexcept requires (sacks) { return !twice_.empty(); }
    constexpr bool has_sack() const noexcept requires (sacks) { return may_sack_ && (holds_gaps() || !twice_.empty()); }
    // How many blocks the next segment tells; beside timestamps there is room for three (RFC 2018, 3).
    [[gnu::noinline]] constexpr std::size_t sack_blocks(bool beside_timestamps) const noexcept requires (sacks) {
        return lesser<std::size_t>(reassembly_.count() + (twice_.empty() ? 0 : 1), beside_timestamps ? 3 : 4);
    }
    // What came twice first (RFC 2883, 4), then by recency (RFC 2018, 4).
    [[gnu::noinline]] void write_sack(std::byte* out, bytes octets) const noexcept requires (sacks) {
        wire::sack_blocks blocks;
        std::size_t const n = octets / 8;
        if (!twice_.empty()) blocks.push_back({twice_.from, twice_.to});
        for (std::size_t i = 0; blocks.size() < n; ++i) {
            auto const b = reassembly_.block(i);
            blocks.push_back({b.from, b.to});
        }
        engine::write_sack(out, {blocks.begin(), blocks.size()});
    }

    // ---- the window

    // RFC 7323, 2.2: the shift that lets 16 bits say the whole buffer.
    static constexpr std::uint8_t shift_for(bytes capacity) noexcept {
        std::uint8_t shift = 0;
        while (shift < 14 && (capacity >> shift) > 65'535) ++shift;
        return shift;
    }

    // The peer's SYN is known. Its window was, or will be, advertised unscaled.
    constexpr void start(sequence irs, home_type const& home) noexcept {
        space.start(irs, 0);
        space.edge = possible_edge(home);
    }
    // Everything but the store's octets, which need not be cleared.
    constexpr void reset(home_type& home) noexcept {
        release(home);
        space       = {};
        ack_policy_ = {};
        if constexpr (counts) duplicates_ = 0;
        owed_ = fin_taken_ = false;
        if constexpr (reorders) fin_.known = false;
        if constexpr (scales) shift_ = 0;
        if constexpr (sacks) {
            may_sack_ = false;
            twice_    = {};
        }
        if constexpr (delays) later_.disarm();
    }
    constexpr bytes promise(home_type const& home) const noexcept { return store_.promise(home); }
    // The window of a SYN is never scaled (RFC 7323, 2.2); what it promised stays promised, and where there is room the edge
    // moves on by what rounding takes off, so that the first scaled window says no less.
    constexpr void set_shift(std::uint8_t shift, [[maybe_unused]] home_type const& home) noexcept {
        if constexpr (scales) {
            shift_ = shift;
            bytes const room = store_.promise(home);
            if (space.window() < room) space.edge += lesser(room - space.window(), (bytes{1} << shift) - 1);
        }
    }
    constexpr std::uint8_t shift() const noexcept {
        if constexpr (scales) return shift_;
        else return 0;
    }

    // The right edge to advertise in a segment that goes out now.
    constexpr sequence edge(home_type const& home, bytes mss) const noexcept {
        sequence const possible = possible_edge(home);
        return space.worth_telling(possible, store_.promise(home), mss) ? possible : space.edge;
    }
    // What the window field says for that edge. Rounded down: whatever it has ever said lies before the edge, and is accepted
    // (RFC 7323, 2.4).
    constexpr std::uint16_t field(sequence edge) const noexcept {
        bytes const window = edge - space.nxt;
        if constexpr (scales) return static_cast<std::uint16_t>(lesser<bytes>(window >> shift_, 65'535));
        else return static_cast<std::uint16_t>(lesser<bytes>(window, 65'535));
    }

    // ---- data

    TENON_PER_SEGMENT arrived on_data(home_type& home, moment const& now, arriving const& a) noexcept {
        arrived result{};
        sequence const from = later(a.seq, space.nxt);
        auto const length = static_cast<bytes>(a.payload.size());
        sequence const end = a.seq + length;
        sequence const to = earlier(end, last_octet(space.edge));
        bytes const readable_before = space.readable();
        result.gap = from != space.nxt;
        if constexpr (sacks)
            if (may_sack_ && (holds_gaps() || a.seq != from)) note_repeated(a.seq, from, end);
        if constexpr (reorders)
            if (a.fin && end < space.edge) note_fin(end);
        if (from < to) {
            // RFC 5681, 4.2: a segment that fills a gap, or leaves one, is acknowledged at once, and by one ACK.
            if (!result.gap && holds_gaps()) owe();
            if (!result.gap) decide(now, a, to - from);
            result.refused = keep(home, from, to, a.payload.subspan(from - a.seq, to - from));
        }
        if (result.gap) owe_duplicate();
        // Wholly old, or no memory: the peer has missed our ACK, or is to see the window.
        else if ((from >= to && length != 0) || result.refused != 0) owe();
        result.octets = space.readable() - readable_before;
        if (fin_is_next(a, end)) {
            fin_taken_ = true;
            space.nxt += 1;
            space.edge = later(space.edge, space.nxt);
            owe();
            result.fin = true;
        }
        return result;
    }

    constexpr bytes readable() const noexcept { return space.readable() - (fin_taken_ ? 1u : 0u); }
    constexpr bool at_end() const noexcept { return fin_taken_ && readable() == 0; }

    // Pieces of what is readable, in order; for reading without a copy.
    bytes peek(home_type& home, std::span<octets_in> pieces) const noexcept { return store_.read(home, 0, readable(), pieces); }

    // The application has consumed n octets. Tells the peer when that opens the window far enough to matter.
    constexpr void consume(home_type& home, bytes n, bytes mss) noexcept {
        store_.drop(home, n);
        space.front += n;
        if (fin_taken_) return;  // nobody sends any more
        bytes const promise = store_.promise(home);
        sequence const possible = possible_edge(home);
        // Two segments' worth, or anything telling once the window is too small for one: an update for each read would
        // defeat delayed acknowledgments.
        bytes const step = space.window() < mss ? mss : 2 * mss;
        if (space.worth_telling(possible, promise, step)) owe();
    }

    bytes read(home_type& home, octets_out out, bytes mss) noexcept {
        auto const wanted = static_cast<bytes>(lesser<std::size_t>(out.size(), readable()));
        bytes copied = 0;
        while (copied < wanted) {
            octets_in pieces[2];
            bytes const n = store_.read(home, copied, wanted - copied, pieces);
            if (n == 0) break;
            for (auto const& piece : pieces) {
                if (piece.empty()) continue;
                std::memcpy(out.data() + copied, piece.data(), piece.size());
                copied += static_cast<bytes>(piece.size());
            }
        }
        if (copied != 0) consume(home, copied, mss);
        return copied;
    }

    constexpr void release(home_type& home) noexcept {
        store_.release(home);
        reassembly_.clear();
    }

    // ---- acknowledgments owed

    constexpr void owe() noexcept { owed_ = true; }
    // A duplicate ACK each (RFC 5681, 4.2): a sender without SACK counts them.
    constexpr void owe_duplicate() noexcept {
        if constexpr (!counts) owed_ = true;
        else if (duplicates_ != 255) ++duplicates_;
    }

    constexpr bool owes() const noexcept { return owed_ || owes_duplicates(); }
    constexpr bool owes_duplicates() const noexcept {
        if constexpr (counts) return duplicates_ != 0;
        else return false;
    }
    constexpr bool delaying() const noexcept {
        if constexpr (delays) return later_.armed();
        else return false;
    }

    // A segment with ACK went out, advertising `edge`.
    constexpr void on_sent(sequence edge, bool pure) noexcept {
        space.edge = later(edge, space.edge);
        if constexpr (sacks) twice_ = {};  // told once, lost or not (RFC 2883, 4)
        if (pure && owes_duplicates()) {
            if constexpr (counts) --duplicates_;
        } else {
            owed_ = false;
        }
        ack_policy_.on_sent();
        if constexpr (delays) later_.disarm();
    }

    constexpr void expire(moment const& now) noexcept {
        if constexpr (delays) {
            if (!later_.due_at(now.reached())) return;
            later_.disarm();
            owe();
        }
    }
    constexpr std::optional<instant> next_deadline(instant now) const noexcept {
        if constexpr (delays) return later_.next(now);
        else return std::nullopt;
    }

    constexpr bool holds_gaps() const noexcept { return reassembly_.count() != 0; }

    friend constexpr bool operator==(receiver const&, receiver const&) noexcept = default;

private:
    constexpr sequence possible_edge(home_type const& home) const noexcept {
        if constexpr (scales) return space.possible_edge(store_.promise(home), bytes{65'535} << shift_);
        else return space.possible_edge(store_.promise(home), 65'535);
    }

    // Octets at or after a known FIN do not exist (attack C06).
    constexpr sequence last_octet(sequence edge) const noexcept {
        if constexpr (reorders)
            if (fin_.known) return earlier(edge, fin_.at);
        return edge;
    }
    // RFC 2883, 4: the first stretch of the segment that was here already.
    [[gnu::noinline]] constexpr void note_repeated(sequence seq, sequence from, sequence end) noexcept requires (sacks) {
        if (seq < from) {
            twice_ = {seq, earlier(from, end)};
        } else if (from < end) {
            auto const gap = reassembly_.missing(from, end);
            if (from < gap.from) twice_ = {from, gap.from};
            else if (gap.to < end) twice_ = {gap.to, reassembly_.missing(gap.to, end).from};
        }
    }
    // A FIN that came before its turn waits like data; the first one counts.
    constexpr void note_fin(sequence at) noexcept {
        if constexpr (reorders)
            if (!fin_.known && at >= space.nxt) fin_ = {at, true};
    }
    constexpr bool fin_is_next(arriving const& a, sequence end) const noexcept {
        if (fin_taken_) return false;
        if constexpr (reorders) return fin_.known && space.nxt == fin_.at;
        else return a.fin && space.nxt == end && end < space.edge;
    }

    constexpr void decide(moment const& now, arriving const& a, bytes octets) noexcept {
        using tenon::acknowledgement::when;
        if (ack_policy_.on_segment({.octets = octets, .segments = a.segments, .push = a.push}) == when::now) {
            owe();
        } else if constexpr (delays) {
            if (!later_.armed()) later_.arm_at(timer::acknowledge, now.after(P::acknowledgement::delay));
        }
    }

    // Stores [from, to); returns how many octets found no memory. What is refused was never received.
    TENON_PER_SEGMENT bytes keep(home_type& home, sequence from, sequence to, octets_in text) noexcept {
        bool const in_order = from == space.nxt;
        if constexpr (!costs_octets)
            if (in_order && !holds_gaps()) {  // nearly every segment
                space.nxt = from + store_.write(home, from - space.front, text);
                return to - space.nxt;
            }
        if (!in_order && !reassembly_.admits(space.nxt, from, to)) return to - from;
        sequence s = from;
        while (s < to) {
            auto const gap = reassembly_.missing(s, to);
            if (gap.empty()) {
                s = to;
                break;
            }
            bytes const taken = store_.write(home, gap.from - space.front, text.subspan(gap.from - from, gap.to - gap.from));
            s = gap.from + taken;
            if (s != gap.to) break;
        }
        if (in_order) space.nxt = reassembly_.advance(s);
        else if (from < s) reassembly_.accept(space.nxt, from, s);
        return to - s;
    }

    [[no_unique_address]] typename P::reassembly reassembly_{};
    [[no_unique_address]] store_type store_{};
};

}  // namespace tenon::engine
