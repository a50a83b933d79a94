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
#include <string>
#include <vector>

#include "conversation_ground.hpp"

namespace talk {

class conversation : public ground {
public:
    using ground::ground;

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
    void user_timeout(tenon::duration d, where w = where::current()) {
        subject_->user_timeout(d);
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
        our_stamps_ = peer_stamps_ = our_permits_ = peer_permits_ = marking_ = false;
        last_stamp_.reset();
        peer_scale_.reset();
        written_.clear();
        read_ = 0;
    }

    std::int64_t sent_up_to() const { return our_high_; }

    void ends(where w = where::current()) { must_be_quiet(w); }

private:
    void peer_finishes(stand& at_now, std::int64_t acknowledging, where w) {
        receives(fin | at(1) | ack(acknowledging), w);
        at_now.rcv = 2;
        expects(at(at_now.snd) | ack(2), w);
    }
};

// Established with a peer whose segments hold 1000 octets, so that numbers are round for either version of IP.
inline void with_thousands(conversation& c, unsigned peer_window = 65'535) { c.established(mss(1000) | window(peer_window)); }

}  // namespace talk

#include "conversation_table.hpp"
