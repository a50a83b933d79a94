// SPDX-License-Identifier: BSL-1.0
// A scripted conversation with an endpoint (RFC 9293 in the RFC's words): a peer says something, an application calls
// something, and what the endpoint answers is compared with the script. Nothing is overheard: whatever comes out must be
// expected, is read by a strict parser, and is held against what the peer has allowed.
//
//   CONVERSATION(fin_that_overtakes_data_waits_for_the_gap, "RFC 9293, 3.10.7.4") {
//       c.established();
//       c.receives(data(2, "cd") | fin);
//       c.expects(ack(1));
//   }
//
// Time is virtual. A script ends at its first failure by an exception, so that it can also be run as a question.
#pragma once
#include <algorithm>
#include <memory>
#include <source_location>
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
using where = std::source_location;

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

class conversation {
public:
    conversation(surroundings const& s, composition c)
        : with_{s}, subject_{make_subject(c, s.built_for, s.altered)} {
        scripted_start::iss = s.iss;
        subject_->wire().refuse_every = s.refuse_every;
    }

    // ---- the peer

    void receives(segment s, where w = where::current()) {
        must_be_quiet(w);
        if (!s.options && s.text.empty() && s.length) s.text = text_at(s.seq.value_or(peer_next_), *s.length);
        packet const p = from_peer(s);
        note_peer(p);
        arrive(p, w);
    }
    // Several at once: they arrive in one poll.
    void receives_together(std::vector<segment> const& all, where w = where::current()) {
        must_be_quiet(w);
        for (auto const& s : all) {
            packet const p = from_peer(s);
            note_peer(p);
            tell("peer", p);
            subject_->wire().in.push_back(to_octets(p));
        }
        turn(w);
    }
    void receives(icmp const& m, where w = where::current()) {
        must_be_quiet(w);
        note() << "peer  icmp " << static_cast<int>(m.what) << " seq " << m.seq << " mtu " << m.mtu << '\n';
        subject_->wire().in.push_back(to_octets(m, with_.v6, with_.iss + static_cast<std::uint32_t>(m.seq)));
        turn(w);
    }
    void receives_octets(octets o, where w = where::current()) {
        must_be_quiet(w);
        subject_->wire().in.push_back(static_cast<octets&&>(o));
        turn(w);
    }
    // The octets of a segment, for a script that wants to damage them.
    octets octets_of(segment const& s) const { return to_octets(from_peer(s)); }

    void expects(segment const& s, where w = where::current()) {
        if (heard_.empty()) fail("nothing was said", w);
        packet const p = heard_.front();
        heard_.erase(heard_.begin());
        compare(s, p, w);
    }
    void expects_nothing(where w = where::current()) { must_be_quiet(w); }
    // A RST that the peer's TCP would heed: at the sequence number it expects.
    void expects_reset(where w = where::current()) { expects(rst | at(our_next()), w); }
    // Nothing until then, and then this.
    void expects_after(duration d, segment const& s, where w = where::current()) {
        duration const early = d > 20_ms ? 10_ms : duration{d.nanoseconds / 2};
        wait(d - early, w);
        must_be_quiet(w);
        wait(early + 5_ms, w);
        expects(s, w);
    }
    packet takes(where w = where::current()) {
        if (heard_.empty()) fail("nothing was said", w);
        packet const p = heard_.front();
        heard_.erase(heard_.begin());
        return p;
    }
    std::size_t said() const { return heard_.size(); }
    // Full segments of data and what they add up to; acknowledges nothing.
    std::size_t takes_data(where w = where::current()) {
        std::size_t octets = 0;
        while (!heard_.empty()) octets += takes(w).text.size();
        return octets;
    }
    void ignores_the_rest() { heard_.clear(); }

    // ---- time

    void wait(duration d, where w = where::current()) {
        must_be_quiet(w);
        instant const until = now_ + d;
        duration const step{std::max((10_ms).nanoseconds, d.nanoseconds / 500)};
        ready all{};
        while (now_ < until) {
            auto const deadline = subject_->next_deadline(now_);
            instant next = until;
            if (deadline && *deadline < next) next = std::max(*deadline, now_);
            bool const between = with_.polls_often && now_ + step < next;
            if (between) next = now_ + step;
            now_ = next;
            auto const before = heard_.size();
            turn(w);
            all |= events_;
            if (between && (heard_.size() != before || events_ != ready::none)) fail("acted before its deadline", w);
            if (++steps_ > 4'000'000) fail("too many deadlines", w);
        }
        events_ = all;
    }
    void polls(where w = where::current()) { turn(w); }
    instant now() const { return now_; }

    // ---- the application

    void listens(where w = where::current()) { must(subject_->listen(with_.v6), error::none, "listen", w); }
    void connects(where w = where::current()) {
        must(subject_->connect(now_, with_.v6), error::none, "connect", w);
        turn(w);
    }
    void writes(std::string const& text, where w = where::current()) {
        must_be_quiet(w);
        auto const t = subject_->send(std::as_bytes(std::span{text}));
        if (t.count != text.size() || t.status != error::none) fail("the write was not taken", w);
        written_ += text;
        note() << "app   writes " << text.size() << '\n';
        turn(w);
    }
    void writes(std::size_t n, where w = where::current()) { writes(text_at(static_cast<std::int64_t>(written_.size()) + 1, n), w); }
    // As much as is taken of n octets; answers how many.
    std::size_t writes_some(std::size_t n, where w = where::current()) {
        must_be_quiet(w);
        auto const text = text_at(static_cast<std::int64_t>(written_.size()) + 1, n);
        auto const t = subject_->send(std::as_bytes(std::span{text}));
        written_ += text.substr(0, t.count);
        turn(w);
        return t.count;
    }
    void write_fails(error e, where w = where::current()) {
        std::byte const one[1]{};
        auto const t = subject_->send(one);
        if (t.count != 0) fail("a write was taken", w);
        must(t.status, e, "write", w);
        turn(w);
    }
    void reads(std::string const& text, where w = where::current()) {
        must_be_quiet(w);
        std::string got(text.size(), '\0');
        auto const t = subject_->receive(std::as_writable_bytes(std::span{got}));
        got.resize(t.count);
        note() << "app   reads " << t.count << '\n';
        if (got != text) fail("read '" + got.substr(0, 60) + "' instead of '" + text.substr(0, 60) + "'", w);
        turn(w);
    }
    // n octets that the peer sent by length.
    void reads(std::size_t n, where w = where::current()) {
        reads(text_at(1 + static_cast<std::int64_t>(read_), n), w);
        read_ += n;
    }
    void read_fails(error e, where w = where::current()) {
        std::byte one[1]{};
        auto const t = subject_->receive(one);
        if (t.count != 0) fail("a read gave an octet", w);
        must(t.status, e, "read", w);
        turn(w);
    }
    void shuts_down(error e = error::none, where w = where::current()) { call(subject_->shutdown(), e, "shutdown", w); }
    void closes(error e = error::none, where w = where::current()) { call(subject_->close(), e, "close", w); }
    void aborts(error e = error::none, where w = where::current()) { call(subject_->abort(), e, "abort", w); }
    void keeps_alive(bool on, where w = where::current()) {
        subject_->keep_alive(on);
        turn(w);
    }
    void no_delay(bool on, where w = where::current()) {
        subject_->no_delay(on);
        turn(w);
    }

    // ---- what can be seen from outside

    void in(state s, where w = where::current()) {
        if (subject_->state() != s) fail("in state " + name_of(subject_->state()) + " instead of " + name_of(s), w);
    }
    void failed_with(error e, where w = where::current()) { must(subject_->failure(), e, "failure", w); }
    // What the last step made possible.
    void told(ready r, where w = where::current()) {
        if (!has(events_, r)) fail("an event is missing: " + std::to_string(static_cast<unsigned>(r)), w);
    }
    void not_told(ready r, where w = where::current()) {
        if (has(events_, r)) fail("an event too many: " + std::to_string(static_cast<unsigned>(r)), w);
    }
    void holds(bool condition, char const* what, where w = where::current()) {
        if (!condition) fail(what, w);
    }
    subject& endpoint() { return *subject_; }
    surroundings const& with() const { return with_; }
    wire_end& wire() { return subject_->wire(); }
    // The MSS that a full-size segment has towards a peer that named 1460.
    unsigned full() const { return with_.v6 ? 1440 : 1460; }

    // ---- openings

    // The handshake, from here or from there; the peer's SYN says `peer`.
    void established(segment const& peer = mss(1460), where w = where::current()) {
        with_.active ? established_actively(peer, w) : established_passively(peer, w);
    }
    void established_passively(segment const& peer = mss(1460), where w = where::current()) {
        listens(w);
        receives(syn | peer, w);
        expects(syn | ack(1), w);
        in(state::syn_received, w);
        segment third = ack(1);
        third.window = peer.window;
        receives(third, w);
        told(ready::opened, w);
        in(state::established, w);
    }
    void established_actively(segment const& peer = mss(1460), where w = where::current()) {
        connects(w);
        expects(syn | no_ack, w);
        in(state::syn_sent, w);
        receives(syn | ack(1) | peer, w);
        told(ready::opened, w);
        expects(ack(1), w);
        in(state::established, w);
    }
    // Into a synchronized state by the shortest way; the application has shut down, not closed. Nothing is left unsaid.
    struct stand {
        std::int64_t snd;  // SND.NXT
        std::int64_t rcv;  // RCV.NXT
    };
    stand reaches(state s, where w = where::current()) {
        established(mss(1460), w);
        stand at_now{1, 1};
        bool const peer_first = s == state::close_wait || s == state::last_ack;
        if (peer_first) peer_finishes(at_now, 1, w);
        if (s != state::established && s != state::close_wait) {
            shuts_down(error::none, w);
            expects(fin | at(1) | ack(at_now.rcv), w);
            at_now.snd = 2;
        }
        if (s == state::fin_wait_2 || s == state::time_wait) receives(ack(2), w);
        if (s == state::closing) peer_finishes(at_now, 1, w);
        if (s == state::time_wait) peer_finishes(at_now, 2, w);
        in(s, w);
        return at_now;
    }

    // The same object, a new connection: what was agreed before is forgotten.
    void starts_afresh(std::uint32_t iss, std::uint32_t irs) {
        with_.iss = iss;
        with_.irs = irs;
        scripted_start::iss = iss;
        our_high_ = 0;
        peer_next_ = 0;
        peer_ack_.reset();
        peer_edge_.reset();
        our_edge_.reset();
        peer_window_ = 65'535;
        peer_mss_.reset();
        our_shift_ = peer_shift_ = 0;
        our_scale_.reset();
        peer_scale_.reset();
        written_.clear();
        read_ = 0;
    }

    std::int64_t sent_up_to() const { return our_high_; }

    void ends(where w = where::current()) { must_be_quiet(w); }

    [[noreturn]] void fail(std::string const& why, where w) const {
        std::ostringstream text;
        text << w.file_name() << ':' << w.line() << ": " << why << "\n  at " << now_.nanoseconds / 1'000'000 << " ms, congestion window " << subject_->congestion_window() << "; so far:\n"
             << (transcript_.size() > 1800 ? transcript_.substr(transcript_.find('\n', transcript_.size() - 1800)) : transcript_);
        throw failed_conversation{text.str()};
    }

private:
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
        o << "seq " << relative(p.seq, p.from_us) << " len " << p.text.size();
        if (p.has(ack_bit)) o << " ack " << relative(p.ack, !p.from_us);
        o << " win " << p.window;
        if (p.mss) o << " mss " << *p.mss;
        if (p.scale) o << " scale " << *p.scale;
        o << "  [" << name_of(subject_->state()) << "]\n";
        flush_note();
    }

    void peer_finishes(stand& at_now, std::int64_t acknowledging, where w) {
        receives(fin | at(1) | ack(acknowledging), w);
        at_now.rcv = 2;
        expects(at(at_now.snd) | ack(2), w);
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
        std::int64_t const seq = relative(p.seq, true);
        if (p.has(syn_bit)) {
            our_scale_ = p.scale;
            agree();
            if (*p.mss > subject_->wire().mtu - (with_.v6 ? 60u : 40u)) fail("the SYN offers more than the MTU (RFC 9293, MUST-67)", w);
        }
        std::int64_t const end = seq + p.length();
        if (!p.text.empty()) {
            if (seq < 1 || written_.compare(static_cast<std::size_t>(seq - 1), p.text.size(), p.text) != 0) fail("not the octets that were written", w);
            // RFC 9293, MUST-15 and 3.7.1.
            unsigned const limit = peer_mss_ && *peer_mss_ != 0 ? std::max(*peer_mss_, 48u) : with_.v6 ? 1220u : 536u;
            if (p.text.size() > limit) fail("larger than the peer's MSS", w);
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

    void compare(segment const& s, packet const& p, where w) const {
        unsigned const asked = s.flags | s.absent;
        unsigned const looked_at = syn_bit | fin_bit | rst_bit | (asked & psh_bit) | (asked & ack_bit);
        if ((p.flags & looked_at) != (s.flags & ~s.absent & looked_at)) fail("other flags than expected", w);
        if (p.destination != s.port.value_or(peer_port)) fail("to another port", w);
        if (s.seq && p.seq - with_.iss != static_cast<std::uint32_t>(*s.seq)) fail("sequence number " + std::to_string(relative(p.seq, true)) + " instead of " + std::to_string(*s.seq), w);
        if (s.ack && p.ack - with_.irs != static_cast<std::uint32_t>(*s.ack)) fail("acknowledges " + std::to_string(relative(p.ack, false)) + " instead of " + std::to_string(*s.ack), w);
        if (s.window && p.window != *s.window) fail("window " + std::to_string(p.window) + " instead of " + std::to_string(*s.window), w);
        if (s.mss && p.mss != s.mss) fail("another MSS", w);
        if (s.scale && p.scale != s.scale) fail("another window scale", w);
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
    unsigned our_shift_{};
    unsigned peer_shift_{};

    std::string transcript_{};
    std::ostringstream stream_{};
};

// ---- the table of all conversations

struct entry {
    std::string name;
    char const* section;  // what it is written from
    void (*talk)(conversation&);
    composition policies{composition::standard};
    bool sensitive{};     // counts packets or time so closely that a refusing transport disturbs it
};

inline std::vector<entry>& all_conversations() {
    static std::vector<entry> all;
    return all;
}
struct enrolled {
    explicit enrolled(entry e) { all_conversations().push_back(e); }
};

// Empty, or why it failed.
inline std::string hold(entry const& e, surroundings const& s) {
    try {
        conversation c{s, e.policies};
        e.talk(c);
        c.ends();
        return {};
    } catch (failed_conversation const& f) {
        return e.name + " (" + e.section + "), IPv" + (s.v6 ? "6" : "4") + ", ISS " + std::to_string(s.iss) + ", IRS " +
               std::to_string(s.irs) + (s.active ? ", active" : ", passive") + (s.polls_often ? ", polls often" : "") +
               (s.refuse_every != 0 ? ", refuses every " + std::to_string(s.refuse_every) : "") + "\n" + f.what;
    }
}

// Over IPv4 and IPv6, opened from here and from there; the first failure, or empty.
inline std::string hold_plainly(entry const& e) {
    for (bool const v6 : {false, true})
        for (bool const active : {false, true})
            if (auto failure = hold(e, {.v6 = v6, .active = active}); !failure.empty()) return failure;
    return {};
}

// The same conversation in several states.
template <void (*Talk)(conversation&, state), state S>
void in_state(conversation& c) { Talk(c, S); }
template <void (*Talk)(conversation&, state), state... S>
std::vector<entry> in_states(char const* name, char const* section) {
    std::vector<entry> const each{{std::string{name} + " in " + name_of(S), section, &in_state<Talk, S>}...};
    for (auto const& e : each) all_conversations().push_back(e);
    return each;
}

}  // namespace talk

// A conversation and its test.
#define CONVERSATION(talk_name, section, ...)                                                                      \
    static void talk_name(::talk::conversation& c);                                                                \
    static ::talk::entry const talk_name##_entry{#talk_name, section, &talk_name __VA_OPT__(, ) __VA_ARGS__};      \
    static ::talk::enrolled const talk_name##_enrolled{talk_name##_entry};                                         \
    BOOST_AUTO_TEST_CASE(talk_name##_as_written) {                                                                 \
        auto const failure = ::talk::hold_plainly(talk_name##_entry);                                              \
        BOOST_CHECK_MESSAGE(failure.empty(), failure);                                                             \
    }                                                                                                              \
    static void talk_name([[maybe_unused]] ::talk::conversation& c)

// One conversation for each of some states; the body finds the state as `s`.
#define CONVERSATION_IN(talk_name, section, ...)                                                                   \
    static void talk_name(::talk::conversation& c, ::talk::state s);                                               \
    static auto const talk_name##_entries = ::talk::in_states<&talk_name, __VA_ARGS__>(#talk_name, section);       \
    BOOST_AUTO_TEST_CASE(talk_name##_as_written) {                                                                 \
        for (auto const& e : talk_name##_entries) {                                                                \
            auto const failure = ::talk::hold_plainly(e);                                                          \
            BOOST_CHECK_MESSAGE(failure.empty(), failure);                                                         \
        }                                                                                                          \
    }                                                                                                              \
    static void talk_name([[maybe_unused]] ::talk::conversation& c, [[maybe_unused]] ::talk::state s)

#define SYNCHRONIZED_STATES                                                                                        \
    ::talk::state::established, ::talk::state::fin_wait_1, ::talk::state::fin_wait_2, ::talk::state::close_wait,   \
        ::talk::state::closing, ::talk::state::last_ack, ::talk::state::time_wait
