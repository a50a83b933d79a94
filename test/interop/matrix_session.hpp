// SPDX-License-Identifier: BSL-1.0
// The library's side of one cell: a host that opens or accepts the connections of a workload, plays its script on each, and
// compares what arrives octet by octet. It goes on answering until it is told to stop, so that the peer's last segments
// find somebody.
#pragma once
#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include <tenon/host.hpp>

#include "examples/support/address.hpp"
#include "examples/support/path.hpp"
#include "matrix_script.hpp"

namespace matrix {

struct cell {
    tenon::ipv6_address ours{}, theirs{};
    std::uint16_t port{7000};
    bool client{};
    workload what{};
    std::uint64_t size{};
    unsigned count{1};   // connections in all
    unsigned width{1};   // of them at once
    unsigned patience{120};  // seconds
};

template <class Policies, class Device, class Path>
class session {
    using transport = std::remove_reference_t<decltype(std::declval<Path&>().transport())>;
    // Static, so that pages which nobody touches take no memory: dozens of these run at once.
    using host = tenon::host<Policies, transport,
                             tenon::host_size{.connections = 80, .listeners = 1, .half_open = 128, .time_wait = 2048}>;

    struct talk {
        tenon::connection_handle handle{};
        script plan{};
        stream to_peer{}, from_peer{};
        std::uint64_t sent{}, received{};
        tenon::instant reads_again{};
        bool end_came{}, ended{}, shut{}, reset{};  // the peer's FIN came, was read; ours was sent; we have reset it
    };

public:
    session(cell const& c, Device& device, Path& path) : cell_{c}, device_{device}, path_{path} {}

    // 0: every connection went as its script says.
    int run() {
        auto& tcp = host_;
        tcp.keep_secret(support::random_secret());
        if (!cell_.client) {
            auto const l = tcp.listen({cell_.ours, cell_.port}, {.backlog = 80});
            if (!l) return complain("listen", message(l.status));
            listener_ = *l;
        }
        say("ready");
        auto const until = support::now() + tenon::from_s(cell_.patience);
        while (!support::stop_signals::asked()) {
            auto const now = support::now();
            path_.advance(now);
            tcp.poll(path_.transport(), now);
            if (!trouble_) round(now);
            if (done_ == cell_.count && !told_) told_ = say("done");
            if (!told_ && now > until) break;
            if (trouble_) break;
            support::rest(signals_, device_, path_, support::earliest(tcp.next_deadline(now), wake_));
        }
        path_.report(stderr);
        if (!trouble_ && done_ == cell_.count) return 0;
        if (!trouble_) for (auto const& t : talks_) describe(t);
        std::printf("%u of %u connections went well\n", done_, cell_.count);
        return 1;
    }

private:
    static bool say(char const* word) {
        std::printf("%s\n", word);
        std::fflush(stdout);
        return true;
    }
    static int complain(char const* what, char const* why) {
        std::printf("%s: %s\n", what, why);
        return 1;
    }
    void describe(talk const& t) const {
        auto const fate = host_.failure(t.handle);
        std::printf("local port %u, remote port %u: state %d, %s; %llu sent, %llu of %llu received, ended %d, shut %d, reset %d\n",
                    host_.local(t.handle).port, host_.remote(t.handle).port, static_cast<int>(host_.state(t.handle)), message(fate),
                    static_cast<unsigned long long>(t.sent), static_cast<unsigned long long>(t.received),
                    static_cast<unsigned long long>(t.plan.receive), t.ended, t.shut, t.reset);
    }

    void round(tenon::instant now) {
        wake_.reset();
        // What can be done is tried on all, which are few: of the events only the FIN is of use.
        while (auto const e = host_.next_event())
            if (has(e->bits, tenon::ready::end_of_stream))
                for (auto& t : talks_) t.end_came |= t.handle == e->connection;
        open(now);
        for (std::size_t i = 0; i < talks_.size() && !trouble_;) {
            if (!go_on(talks_[i], now)) { ++i; continue; }
            (void)host_.close(talks_[i].handle);
            talks_[i] = talks_.back();
            talks_.pop_back();
            ++done_;
        }
        open(now);
    }

    void open(tenon::instant now) {
        while (opened_ < cell_.count && (!cell_.client || talks_.size() < cell_.width)) {
            auto const h = cell_.client ? host_.connect(path_.transport(), now, {cell_.ours, 0}, {cell_.theirs, cell_.port})
                                        : host_.accept(listener_);
            if (!h) {
                if (cell_.client) trouble_ = true, complain("connect", message(h.status));
                return;
            }
            auto const port = cell_.client ? host_.local(*h).port : host_.remote(*h).port;
            talks_.push_back({.handle = *h, .plan = script_for(cell_.what, cell_.size, true, cell_.client, opened_++, port),
                              .to_peer = {port, cell_.client}, .from_peer = {port, !cell_.client},
                              .reads_again = now + tenon::from_ms(600)});
        }
    }

    // True when the connection is over, and well.
    bool go_on(talk& t, tenon::instant now) {
        if (host_.state(t.handle) == tenon::state::syn_sent) return false;
        read(t, now);
        write(t);
        if (t.plan.resetting == resets::ours && !t.reset && t.received >= abort_after) {
            t.reset = host_.abort(t.handle) == tenon::error::none;
        }
        if (t.ended && t.received != t.plan.receive) fail(t, "the peer's stream is too short");
        if (trouble_ || host_.state(t.handle) != tenon::state::closed) return false;
        auto const expected = t.plan.resetting == resets::ours     ? tenon::error::aborted
                              : t.plan.resetting == resets::theirs ? tenon::error::reset
                                                                   : tenon::error::none;
        if (host_.failure(t.handle) != expected) fail(t, "it ended otherwise than it had to");
        if (expected == tenon::error::none) {
            if (!t.end_came || !t.shut || t.sent != t.plan.send) fail(t, "it is over too soon");
            return t.ended && !trouble_;
        }
        return !trouble_;
    }

    void read(talk& t, tenon::instant now) {
        if (t.ended) return;
        if (t.plan.slow && now < t.reads_again) {
            wake_ = support::earliest(wake_, t.reads_again);
            return;
        }
        std::array<tenon::octets_in, 2> pieces;
        tenon::bytes held = host_.peek(t.handle, pieces);
        if (t.plan.slow) held = std::min<tenon::bytes>(held, 16'384), t.reads_again = now + tenon::from_ms(10);
        auto left = held;
        for (auto piece : pieces) {
            piece = piece.first(std::min<std::size_t>(piece.size(), left));
            if (!t.from_peer.matches(piece, t.received)) return fail(t, "octets differ");
            t.received += piece.size();
            left -= static_cast<tenon::bytes>(piece.size());
        }
        if (held != 0) (void)host_.consume(t.handle, held);
        if (t.plan.slow && host_.readable(t.handle) != 0) wake_ = support::earliest(wake_, t.reads_again);
        if (t.received > t.plan.receive) return fail(t, "more came than was sent");
        t.ended = t.end_came && host_.readable(t.handle) == 0;
    }

    // How far this end may have sent by now.
    static std::uint64_t reach(talk const& t) {
        switch (t.plan.speaking) {
            case speaks::at_once: return t.plan.send;
            case speaks::ping: return std::min(t.plan.send, t.received + 1);
            case speaks::pong: return t.received;
            case speaks::after_request: return t.received == t.plan.receive ? t.plan.send : 0;
            case speaks::after_end: return t.ended ? t.plan.send : 0;
        }
        return 0;
    }

    void write(talk& t) {
        while (t.sent < reach(t) && host_.writable(t.handle) != 0) {
            auto const piece = t.to_peer.at(t.sent);
            auto const n     = std::min<std::uint64_t>(piece.size(), reach(t) - t.sent);
            auto const took  = host_.send(t.handle, piece.first(static_cast<std::size_t>(n))).count;
            t.sent += took;
        }
        if (t.shut || t.sent != t.plan.send) return;
        auto const may = t.plan.shutting == shuts::when_sent       ? true
                         : t.plan.shutting == shuts::when_received ? t.received == t.plan.receive
                                                                   : t.ended;
        if (may) t.shut = host_.shutdown(t.handle) == tenon::error::none;
    }

    void fail(talk const& t, char const* what) {
        if (trouble_) return;
        trouble_ = true;
        complain("FAILED", what);
        describe(t);
    }

    static inline constinit host host_{};
    support::stop_signals const signals_{};
    cell const cell_;
    Device& device_;
    Path& path_;
    tenon::listener_handle listener_{};
    std::vector<talk> talks_{};
    unsigned opened_{}, done_{};
    bool told_{}, trouble_{};
    std::optional<tenon::instant> wake_{};
};

}  // namespace matrix
