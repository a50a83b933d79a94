// SPDX-License-Identifier: BSL-1.0
// The ground on which a conversation is held: virtual time, the endpoint, what has been said so far, and what holds for
// every segment whatever the script says (sequence space, the peer's window and MSS, the octets themselves).
#pragma once
#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "conversation_subject.hpp"

namespace talk {

using tenon::duration;
using tenon::error;
using tenon::instant;
using tenon::ready;
using tenon::state;

// The line of a script. std::source_location would say it, but clang 14 does not know it.
class where {
public:
    static constexpr where current(char const* file = __builtin_FILE(), unsigned line = __builtin_LINE()) noexcept { return {file, line}; }
    constexpr char const* file_name() const noexcept { return file_; }
    constexpr unsigned line() const noexcept { return line_; }

private:
    constexpr where(char const* file, unsigned line) noexcept : file_{file}, line_{line} {}
    char const* file_;
    unsigned line_;
};

// Under which conditions a conversation is held.
struct surroundings {
    bool          v6{};
    std::uint32_t iss{1000};
    std::uint32_t irs{5000};
    bool          active{};         // established() opens from here
    bool          polls_often{};    // and not only at deadlines: nothing may happen before its deadline
    unsigned      refuse_every{};   // the transport refuses every k-th packet once
    versions      built_for{versions::both};
    bool          altered{};        // with altered_rows in place of the state table
};

struct failed_conversation {
    std::string what;
};

inline std::string name_of(state s) {
    static constexpr char const* names[]{"closed", "listen", "syn_sent", "syn_received", "established", "fin_wait_1",
                                         "fin_wait_2", "close_wait", "closing", "last_ack", "time_wait"};
    return names[static_cast<std::size_t>(s)];
}

class ground {
public:
    ground(surroundings const& s, composition c)
        : with_{s}, subject_{make_subject(c, s.built_for, s.altered)} {
        scripted_start::iss = s.iss;
        subject_->wire().refuse_every = s.refuse_every;
    }

    [[noreturn]] void fail(std::string const& why, where w) const {
        std::ostringstream text;
        text << w.file_name() << ':' << w.line() << ": " << why << "\n  at " << now_.nanoseconds / 1'000'000 << " ms, congestion window " << subject_->congestion_window() << "; so far:\n"
             << (transcript_.size() > 1800 ? transcript_.substr(transcript_.find('\n', transcript_.size() - 1800)) : transcript_);
        throw failed_conversation{text.str()};
    }

protected:
    // Text that depends on where it stands, so that a shifted octet shows.
    static std::string text_at(std::int64_t seq, std::size_t n) {
        std::string text(n, '\0');
        for (std::size_t i = 0; i < n; ++i) {
            auto const at = static_cast<std::uint64_t>(seq) + i;
            text[i] = static_cast<char>('a' + (at * 7 + at / 251) % 26);
        }
        return text;
    }

    std::ostringstream& note() {
        flush_note();
        stream_ << "    " << now_.nanoseconds / 1'000'000 << " ms  ";
        return stream_;
    }
    void flush_note() {
        transcript_ += stream_.str();
        stream_.str({});
        if (transcript_.size() > 8000) transcript_.erase(0, 4000);
    }
    void tell(char const* who, packet const& p) {
        auto& o = note();
        o << who << (p.from_us ? "    " : "  ");
        if (p.has(syn_bit)) o << "SYN ";
        if (p.has(fin_bit)) o << "FIN ";
        if (p.has(rst_bit)) o << "RST ";
        if (p.has(psh_bit)) o << "PSH ";
        if (p.has(ece_bit)) o << "ECE ";
        if (p.has(cwr_bit)) o << "CWR ";
        if (p.ecn != 0) o << (p.ecn == 3 ? "CE " : "ECT ");
        o << "seq " << relative(p.seq, p.from_us) << " len " << p.text.size();
        if (p.has(ack_bit)) o << " ack " << relative(p.ack, !p.from_us);
        o << " win " << p.window;
        if (p.mss) o << " mss " << *p.mss;
        if (p.scale) o << " scale " << *p.scale;
        if (p.sack_permitted) o << " sack permitted";
        if (p.stamped) o << " ts " << p.stamped->value.value_or(0) << ' ' << p.stamped->echo.value_or(0);
        for (auto const& [left, right] : p.sacked) o << " [" << relative(left, !p.from_us) << ' ' << relative(right, !p.from_us) << ')';
        o << "  [" << name_of(subject_->state()) << "]\n";
        flush_note();
    }

    std::int64_t relative(std::uint32_t n, bool ours) const {
        return static_cast<std::int32_t>(n - (ours ? with_.iss : with_.irs));
    }
    std::int64_t our_next() const { return our_high_; }

    void must_be_quiet(where w) const {
        if (!heard_.empty()) fail("something was said that the script does not expect", w);
    }
    void must(error got, error wanted, char const* what, where w) const {
        if (got != wanted) fail(std::string{what} + ": " + message(got) + " instead of " + message(wanted), w);
    }
    void call(error got, error wanted, char const* what, where w) {
        must_be_quiet(w);
        note() << "app   " << what << '\n';
        must(got, wanted, what, w);
        turn(w);
    }

    packet from_peer(segment const& s) const {
        packet p{.v6 = with_.v6, .source = s.port.value_or(peer_port), .destination = our_port};
        p.flags = s.flags;
        bool const bare = (s.flags & (syn_bit | rst_bit)) != 0;
        if (!bare && (s.absent & ack_bit) == 0) p.flags |= ack_bit;
        p.flags &= ~s.absent;
        p.seq = with_.irs + static_cast<std::uint32_t>(s.seq.value_or(peer_next_));
        if ((p.flags & ack_bit) != 0) p.ack = with_.iss + static_cast<std::uint32_t>(s.ack.value_or(peer_ack_.value_or(1)));
        p.window = s.window.value_or(peer_window_);
        p.urgent = s.urgent.value_or(0);
        p.mss = s.mss;
        p.scale = s.scale;
        p.options = s.options.value_or(octets{});
        p.ecn = s.ecn.value_or(0);
        p.sack_permitted = s.sack_permitted;
        bool const silent = s.stamped && !s.stamped->value && !s.stamped->echo;
        if (!silent && (s.stamped || (stamps_agreed() && !p.has(syn_bit))))
            p.stamped = stamps{s.stamped && s.stamped->value ? s.stamped->value : peer_clock(),
                               s.stamped && s.stamped->echo ? s.stamped->echo : p.has(ack_bit) ? last_stamp_ : 0};
        for (auto const& [left, right] : s.sacked.value_or(blocks<std::int64_t>{}))
            p.sacked.emplace_back(with_.iss + static_cast<std::uint32_t>(left), with_.iss + static_cast<std::uint32_t>(right));
        p.text = s.text;
        if (s.text.empty() && s.length) p.text = text_at(s.seq.value_or(peer_next_), *s.length);
        return p;
    }

    // What the peer allows us, as far as a segment that we may take says it.
    void note_peer(packet const& p) {
        if (p.source != peer_port) return;
        if (p.has(syn_bit) && !p.has(rst_bit)) {
            peer_mss_ = p.mss.value_or(0);
            peer_scale_ = p.scale;
            peer_stamps_ = p.stamped.has_value();
            peer_permits_ = p.sack_permitted;
            marking_ |= p.has(ece_bit);
            agree();
        }
        std::int64_t const end = relative(p.seq, false) + p.length();
        if (!p.has(rst_bit) && (p.has(syn_bit) || p.length() != 0) && end > peer_next_ && end < (std::int64_t{1} << 30)) peer_next_ = end;
        if (p.has(rst_bit)) return;
        peer_window_ = p.window;
        std::int64_t const acked = p.has(ack_bit) ? relative(p.ack, true) : 0;
        if (p.has(ack_bit) && acked > peer_ack_.value_or(0) && acked <= our_high_) peer_ack_ = acked;
        std::int64_t const edge = std::min(acked, our_high_) + (std::int64_t{p.window} << (p.has(syn_bit) ? 0u : peer_shift_));
        last_window_zero_ = p.window == 0;
        if (!peer_edge_ || edge > *peer_edge_) peer_edge_ = edge;
    }
    bool stamps_agreed() const { return our_stamps_ && peer_stamps_; }
    // A millisecond each, from a number that is nothing special.
    std::uint32_t peer_clock() const { return 70'000u + static_cast<std::uint32_t>((now_.nanoseconds - 3'600'000'000'000) / 1'000'000); }
    void agree() {
        bool const both = our_scale_ && peer_scale_;
        peer_shift_ = both ? std::min(*peer_scale_, 14u) : 0;
        our_shift_ = both ? *our_scale_ : 0;
    }

    void arrive(packet const& p, where w) {
        tell("peer", p);
        subject_->wire().in.push_back(to_octets(p));
        turn(w);
    }

    // Polls until there is nothing to do at this instant. RFC-free rule: a poll that was asked for does something.
    void turn(where w) {
        flush_note();
        events_ = ready::none;
        unsigned idle = 0;
        for (unsigned n = 0;; ++n) {
            auto& wire = subject_->wire();
            auto const arrived = wire.in.size();
            wire.refused = false;
            auto const e = subject_->poll(now_);
            events_ = events_ | e;
            bool const did = collect(w) || wire.in.size() != arrived || e != ready::none;
            idle = did ? 0 : idle + 1;
            if (idle > 3) fail("polled without end", w);
            if (n > 4000) fail("never quiet", w);
            if (wire.refused && !wire.broken) {
                idle = 0;
                continue;
            }
            if (!wire.in.empty()) continue;
            auto const d = subject_->next_deadline(now_);
            if (!d || *d > now_) break;
        }
    }

    bool collect(where w) {
        auto& out = subject_->wire().out;
        bool const any = !out.empty();
        for (auto const& o : out) {
            packet p;
            auto const wrong = read_strictly(o, subject_->wire().mtu, p);
            p.when = now_.nanoseconds;
            tell("us", p);
            if (!wrong.empty()) fail("malformed: " + wrong, w);
            if (p.v6 != with_.v6) fail("the wrong version of IP", w);
            if (p.source != our_port) fail("from the wrong port", w);
            if (p.destination == peer_port) inspect(p, w);
            heard_.push_back(p);
        }
        out.clear();
        return any;
    }

    // What holds for every segment, whatever the script says.
    void inspect(packet const& p, where w) {
        if (p.has(rst_bit)) return;
        inspect_options(p, w);
        inspect_marks(p, w);
        std::int64_t const seq = relative(p.seq, true);
        if (p.has(syn_bit)) {
            our_scale_ = p.scale;
            our_stamps_ = p.stamped.has_value();
            our_permits_ = p.sack_permitted;
            agree();
            if (*p.mss > subject_->wire().mtu - (with_.v6 ? 60u : 40u)) fail("the SYN offers more than the MTU (RFC 9293, MUST-67)", w);
        }
        std::int64_t const end = seq + p.length();
        if (!p.text.empty()) {
            if (seq < 1 || written_.compare(static_cast<std::size_t>(seq - 1), p.text.size(), p.text) != 0) fail("not the octets that were written", w);
            // RFC 9293, MUST-15 and 3.7.1.
            unsigned const limit = peer_mss_ && *peer_mss_ != 0 ? std::max(*peer_mss_, 48u) : with_.v6 ? 1220u : 536u;
            if (p.text.size() + p.option_octets > limit) fail("larger than the peer's MSS (RFC 9293, MUST-16)", w);
            bool const probe = p.text.size() == 1 && last_window_zero_;
            if (peer_edge_ && !probe && seq + static_cast<std::int64_t>(p.text.size()) > *peer_edge_) fail("beyond the peer's window", w);
        }
        if (p.length() == 0 && seq != our_high_ && seq != our_high_ - 1) fail("a bare ACK that is not at SND.NXT", w);
        our_high_ = std::max(our_high_, end);
        if (p.has(ack_bit)) {
            std::int64_t const edge = relative(p.ack, false) + (std::int64_t{p.window} << (p.has(syn_bit) ? 0u : our_shift_));
            // RFC 9293, 3.8.6 (SHLD-14), RFC 7323, 2.4: the right edge does not move left.
            if (our_edge_ && edge < *our_edge_) fail("the right edge of our window moved left", w);
            our_edge_ = edge;
        }
    }

    // RFC 3168, 6.1: who has been offered nothing marks nothing, and only data is.
    void inspect_marks(packet const& p, where w) {
        marking_ |= p.has(syn_bit | ece_bit | cwr_bit);
        if (!marking_ && (p.ecn != 0 || p.has(ece_bit) || p.has(cwr_bit))) fail("ECN that was not negotiated", w);
        if (p.ecn != 0 && (p.ecn != 2 || p.text.empty() || relative(p.seq, true) < our_high_)) fail("a codepoint that only new data has, as ECT(0)", w);
    }
    void inspect_options(packet const& p, where w) {
        // RFC 7323, 3.2: in every segment, or in none.
        if (!p.has(syn_bit) && p.stamped.has_value() != stamps_agreed()) fail(p.stamped ? "timestamps that were not negotiated" : "no timestamps", w);
        if (p.has(syn_bit | ack_bit) && p.stamped && !peer_stamps_) fail("timestamps in a SYN-ACK to a SYN without (RFC 7323, 3.2)", w);
        if (p.has(syn_bit | ack_bit) && p.sack_permitted && !peer_permits_) fail("SACK-permitted to a SYN without", w);
        if (p.stamped) {
            if (!p.has(ack_bit) && p.stamped->echo != 0u) fail("an echo without ACK (RFC 7323, 3.2)", w);
            if (last_stamp_ && static_cast<std::int32_t>(*p.stamped->value - *last_stamp_) < 0) fail("a timestamp that runs backwards", w);
            last_stamp_ = p.stamped->value;
        }
        if (p.sacked.empty()) return;
        if (!our_permits_ || !peer_permits_) fail("SACK that was not permitted (RFC 2018, 2)", w);
        for (std::size_t i = 0; i < p.sacked.size(); ++i) {
            auto const& [left, right] = p.sacked[i];
            bool const below = static_cast<std::int32_t>(left - p.ack) <= 0;
            if (static_cast<std::int32_t>(right - left) <= 0 || (below && i != 0)) fail("a SACK block that cannot be (RFC 2018, 3; RFC 2883, 4)", w);
        }
    }

    void compare(segment const& s, packet const& p, where w) const {
        unsigned const asked = s.flags | s.absent;
        unsigned const looked_at = syn_bit | fin_bit | rst_bit | (asked & (psh_bit | ack_bit | ece_bit | cwr_bit));
        if ((p.flags & looked_at) != (s.flags & ~s.absent & looked_at)) fail("other flags than expected", w);
        if (p.destination != s.port.value_or(peer_port)) fail("to another port", w);
        if (s.seq && p.seq - with_.iss != static_cast<std::uint32_t>(*s.seq)) fail("sequence number " + std::to_string(relative(p.seq, true)) + " instead of " + std::to_string(*s.seq), w);
        if (s.ack && p.ack - with_.irs != static_cast<std::uint32_t>(*s.ack)) fail("acknowledges " + std::to_string(relative(p.ack, false)) + " instead of " + std::to_string(*s.ack), w);
        if (s.window && p.window != *s.window) fail("window " + std::to_string(p.window) + " instead of " + std::to_string(*s.window), w);
        if (s.ecn && p.ecn != *s.ecn) fail("codepoint " + std::to_string(p.ecn) + " instead of " + std::to_string(*s.ecn), w);
        if (s.mss && p.mss != s.mss) fail("another MSS", w);
        if (s.scale && p.scale != s.scale) fail("another window scale", w);
        if (s.sack_permitted && !p.sack_permitted) fail("SACK is not permitted", w);
        if (s.stamped) {
            if (!s.stamped->value && !s.stamped->echo && p.stamped) fail("timestamps", w);
            if (s.stamped->value && (!p.stamped || p.stamped->value != s.stamped->value)) fail("another timestamp", w);
            if (s.stamped->echo && (!p.stamped || p.stamped->echo != s.stamped->echo))
                fail("echoes " + (p.stamped ? std::to_string(*p.stamped->echo) : "nothing") + " instead of " + std::to_string(*s.stamped->echo), w);
        }
        if (s.sacked) {
            blocks<std::int64_t> got;
            for (auto const& [left, right] : p.sacked) got.emplace_back(relative(left, false), relative(right, false));
            if (got != *s.sacked) fail("other SACK blocks", w);
        }
        if (s.length ? p.text.size() != *s.length : p.text != s.text) fail("other data than expected: " + std::to_string(p.text.size()) + " octets", w);
    }

    surroundings with_;
    std::unique_ptr<subject> subject_;
    instant now_{3'600'000'000'000};
    ready events_{};
    std::vector<packet> heard_{};
    std::string written_{};
    std::size_t read_{};
    std::uint64_t steps_{};

    std::int64_t our_high_{};   // one past the highest sequence number seen from us
    std::int64_t peer_next_{};  // and said by the peer
    std::optional<std::int64_t> peer_ack_{};
    std::optional<std::int64_t> peer_edge_{};
    std::optional<std::int64_t> our_edge_{};
    bool last_window_zero_{};
    unsigned peer_window_{65'535};
    std::optional<unsigned> peer_mss_{};
    std::optional<unsigned> our_scale_{};
    std::optional<unsigned> peer_scale_{};
    bool our_stamps_{}, peer_stamps_{}, our_permits_{}, peer_permits_{}, marking_{};
    std::optional<std::uint32_t> last_stamp_{};  // of ours
    unsigned our_shift_{};
    unsigned peer_shift_{};

    std::string transcript_{};
    std::ostringstream stream_{};
};

}  // namespace talk
