// SPDX-License-Identifier: BSL-1.0
// The run: two stations, two links with faults that end at some instant, two applications that write, read, stall and close.
// After every event the invariants are asked; after the faults have ended everything must be delivered in bounded time.
#include "run.hpp"

#include <array>
#include <cstdio>

#include "station.hpp"
#include "support/patterns.hpp"

namespace tenon::test {
namespace {

struct faults {
    simulation::link_options link{};
    ratio    loss{}, refuse{};
    bytes    mtu{1500};
    instant  dark_from{}, dark_until{};  // a blackout
    bool harmless() const noexcept {
        return loss <= simulation::percent(5) && link.corrupt <= simulation::percent(1) && link.delay <= from_ms(300) &&
               link.reorder == ratio{} && refuse == ratio{} && dark_until == instant{};
    }
};

enum class ending : std::uint8_t { shut_then_close, close_when_written, close_after_end, abort_midway };

struct application {
    stream  out{}, in{};
    std::vector<std::byte> text{};  // all that will be written
    instant next{};
    duration pace{};
    std::size_t write_chunk{}, read_chunk{};
    ending  end{};
    bool    shut{}, closed{}, ended{}, aborted{};
    std::size_t abort_after{};
};

class run {
public:
    run(std::uint64_t seed, bool talkative) : random_{seed, "scene"}, seed_{seed}, talkative_{talkative} {}

    outcome_of_run go() {
        set_up();
        auto& r = result_;
        constexpr std::uint64_t most_events = 400'000;
        for (; r.events < most_events && r.complaint.empty() && !over(); ++r.events) {
            auto const next = next_event();
            if (!next) {
                quiet();
                break;
            }
            clock_.advance_to(*next);
            event();
        }
        if (r.events == most_events) complain(nullptr, "the run does not end");
        for (auto& s : sides_) r.hash = (r.hash ^ s.wire->hash) * 0x100000001b3;
        r.simulated_seconds = static_cast<std::uint64_t>(clock_.now().nanoseconds / 1'000'000'000);
        r.octets    = sides_[0].app.in.read + sides_[1].app.in.read;
        r.delivered = finished(0) && finished(1);
        for (auto& s : sides_) r.gave_up |= s.peer->facts().failure == error::timed_out;
        return r;
    }

private:
    struct side {
        faults bad{};
        std::unique_ptr<simulation::link> link{};  // from this side to the other
        std::unique_ptr<card> wire{};
        std::unique_ptr<station> peer{};
        application app{};
        std::size_t composition{};
        bool touched{true};     // something was asked of it since its last poll
        std::optional<instant> retry{};  // the card may have room again
        instant last_poll{};
        unsigned idle_polls{};
    };

    // ---- the scene

    ratio draw_ratio(unsigned most_percent) {
        if (random_.below(3) == 0) return {};
        return simulation::per_mille(static_cast<std::uint32_t>(random_.below(most_percent * 10 + 1)));
    }
    duration draw_delay() {
        static constexpr std::int64_t most[] = {1, 20, 100, 300, 2000};
        return random_.between(duration{}, from_ms(most[random_.below(5)]));
    }

    faults draw_faults(unsigned id) {
        faults f;
        f.link = {.rate = random_.below(2) == 0 ? 0 : 20'000 + random_.below(10'000'000), .delay = draw_delay(), .reorder = draw_ratio(30),
                  .reorder_delay = draw_delay(), .duplicate = draw_ratio(30), .corrupt = draw_ratio(5), .seed = random_.next(), .id = id};
        f.loss   = draw_ratio(30);
        f.refuse = random_.below(3) == 0 ? draw_ratio(20) : ratio{};
        if (random_.below(4) == 0) {
            f.dark_from  = instant{} + random_.between(duration{}, from_s(60));
            f.dark_until = f.dark_from + random_.between(from_ms(10), from_s(120));
        }
        return f;
    }

    void set_up() {
        healed_at_ = instant{} + random_.between(from_s(1), from_s(200));
        v6_ = random_.below(2) == 0;
        static constexpr bytes mtus[] = {1500, 1500, 1500, 576, 296, 1280};
        for (unsigned i = 0; i < 2; ++i) {
            auto& s = sides_[i];
            s.bad     = draw_faults(i);
            s.bad.mtu = v6_ ? 1500 : mtus[random_.below(6)];
            s.link    = std::make_unique<simulation::link>(s.bad.link);
            if (s.bad.loss != ratio{}) s.link->loss() = simulation::bernoulli_loss{s.bad.loss};
        }
        for (unsigned i = 0; i < 2; ++i) {
            auto& s = sides_[i];
            s.wire = std::make_unique<card>(*s.link, *sides_[1 - i].link, clock_, s.bad.mtu, random_numbers{seed_, i == 0 ? "card a" : "card b"});
            s.wire->refuse = s.bad.refuse;
            do s.peer = make_station(s.composition = random_.below(how_many_compositions()), *s.wire, i + 1);
            while (!s.peer->speaks(v6_));
        }
        bytes const room = std::min(sides_[0].peer->room(), sides_[1].peer->room());
        for (unsigned i = 0; i < 2; ++i) {
            draw_application(sides_[i].app, i, room);
            if (random_.below(3) == 0) sides_[i].peer->no_delay(true);
        }
        // If each waited for the other's end, there would be none.
        if (sides_[1].app.end == ending::close_after_end && sides_[0].app.end == ending::close_after_end) sides_[0].app.end = ending::shut_then_close;
        sides_[0].app.in.id = sides_[1].app.out.id;
        sides_[1].app.in.id = sides_[0].app.out.id;
        describe();
        static_cast<void>(sides_[1].peer->open(clock_.now(), v6_, false));
        static_cast<void>(sides_[0].peer->open(clock_.now(), v6_, true));
        poll(0);
        poll(1);
    }

    void draw_application(application& a, unsigned i, bytes room) {
        auto const most = std::min<std::uint64_t>(room * 30u, random_.below(20) == 0 ? 500'000 : 40'000);
        auto const total = random_.below(5) == 0 ? 0 : random_.below(most + 1);
        a.out.id = 10 + i;
        a.text.resize(total);
        a.out.fill(a.text);
        a.pace = random_.between(from_ms(5), from_ms(200));
        a.write_chunk = 1 + random_.below(random_.below(3) == 0 ? 3 : 8000);
        a.read_chunk  = 1 + random_.below(random_.below(3) == 0 ? 10 : 8000);
        a.write_chunk = std::max<std::size_t>(a.write_chunk, total / 500);
        a.read_chunk  = std::max<std::size_t>(a.read_chunk, 80);
        auto const how = random_.below(20);
        a.end = how == 0 ? ending::abort_midway : how < 3 ? ending::close_when_written : how < 10 ? ending::close_after_end : ending::shut_then_close;
        a.abort_after = random_.below(total + 1);
    }

    void describe() {
        char line[400];
        for (auto const& s : sides_) {
            auto const& l = s.bad.link;
            std::snprintf(line, sizeof line, "  %-16s %5zu octets, write %zu read %zu pace %lld ms, end %u; loss %u reorder %u dup %u corrupt %u refuse %u permille, "
                          "delay %lld+%lld ms, rate %llu, mtu %u, dark %lld..%lld s\n",
                          name_of_composition(s.composition).c_str(), s.app.text.size(), s.app.write_chunk, s.app.read_chunk, ms(s.app.pace),
                          static_cast<unsigned>(s.app.end), s.bad.loss.billionths / 1'000'000, l.reorder.billionths / 1'000'000,
                          l.duplicate.billionths / 1'000'000, l.corrupt.billionths / 1'000'000, s.bad.refuse.billionths / 1'000'000, ms(l.delay),
                          ms(l.reorder_delay), static_cast<unsigned long long>(l.rate), s.bad.mtu, ms(s.bad.dark_from - instant{}) / 1000,
                          ms(s.bad.dark_until - instant{}) / 1000);
            result_.scene += line;
        }
        std::snprintf(line, sizeof line, "  %s, healed at %lld ms\n", v6_ ? "IPv6" : "IPv4", ms(healed_at_ - instant{}));
        result_.scene += line;
    }
    static long long ms(duration d) { return static_cast<long long>(d.nanoseconds / 1'000'000); }

    // ---- events

    std::optional<instant> next_event() {
        std::optional<instant> next{};
        auto const consider = [&](std::optional<instant> t) { if (t && (!next || *t < *next)) next = t; };
        for (auto& s : sides_) {
            consider(s.link->next_event());
            consider(s.peer->deadline(clock_.now()));
            consider(s.retry);
            if (!s.app.closed) consider(s.app.next);
            if (!next || *next > healed_at_) {  // changes of the links count only while something goes on
                if (s.bad.dark_until != instant{} && clock_.now() < s.bad.dark_until) consider(s.bad.dark_until);
                if (clock_.now() < healed_at_) consider(healed_at_);
            }
        }
        return next;
    }

    void event() {
        auto const now = clock_.now();
        for (auto& s : sides_) weather(s, now);
        for (unsigned i = 0; i < 2; ++i) {
            auto& s = sides_[i];
            bool const asked = !s.app.closed && s.app.next <= now;
            if (asked) act(i);
            auto const at = s.peer->deadline(now);
            auto const& in = *sides_[1 - i].link;
            bool const arrival = in.next_event() && *in.next_event() <= now;
            // Now and then for no reason: then nothing may happen.
            bool const whim = random_.below(50) == 0;
            if (asked || arrival || whim || (at && *at <= now) || (s.retry && *s.retry <= now)) poll(i);
        }
        // A server that gave up a half-open connection leaves a client that has nothing to say alone (RFC 9293, 3.5.1): see over().
        if (now > healed_at_ + patience_ && !all_settled() && !gone(0) && !gone(1)) watch_progress();
    }

    void weather(side& s, instant now) {
        bool const healed = now >= healed_at_;
        bool const dark = !healed && s.bad.dark_until != instant{} && now >= s.bad.dark_from && now < s.bad.dark_until;
        s.link->loss() = dark ? simulation::any_loss{simulation::bernoulli_loss{simulation::percent(100)}}
                              : healed ? simulation::any_loss{} : simulation::any_loss{simulation::bernoulli_loss{s.bad.loss}};
        if (!healed) return;
        auto& o = s.link->options();
        o.reorder = o.duplicate = o.corrupt = {};
        s.wire->refuse = {};
    }

    void poll(unsigned i) {
        auto& s = sides_[i];
        auto const now = clock_.now();
        auto const at = s.peer->deadline(now);
        bool const due = s.touched || (at && *at <= now) || s.retry;
        s.wire->refused = false;
        s.wire->arrived = 0;
        s.wire->only_resets = true;
        auto const packets = s.wire->sent.packets;
        s.peer->poll(now);
        bool const still = s.wire->arrived == 0 && s.wire->sent.packets == packets && !s.wire->refused;
        s.idle_polls = still && s.last_poll == now && !s.touched ? s.idle_polls + 1 : 0;
        s.last_poll = now;
        s.touched = false;
        s.retry.reset();
        if (s.wire->refused) s.retry = now + from_ms(3);
        if (talkative_ && !still) tell(i, packets);
        if (auto const wrong = s.peer->check(now, s.wire->refused)) complain(&s, wrong);
        // The card forgets its count when the connection is back in LISTEN.
        if (!due && s.wire->arrived == 0 && s.wire->sent.packets > packets) complain(&s, "a poll without a cause sends: the deadline was too late");
        if (s.idle_polls > 3) complain(&s, "a deadline that is due again and again, and nothing happens");
        pairwise();
    }

    void pairwise() {
        auto const a = sides_[0].peer->facts(), b = sides_[1].peer->facts();
        if (!a.established || !b.established) return;
        if (b.rcv_nxt > a.nxt || a.rcv_nxt > b.nxt) complain(nullptr, "more was received than sent");
        if (a.una > b.rcv_nxt || b.una > a.rcv_nxt) complain(nullptr, "more is acknowledged than was received");
    }

    // ---- the applications

    void act(unsigned i) {
        auto& s = sides_[i];
        auto& a = s.app;
        auto const now = clock_.now();
        a.next = now + (now < healed_at_ && random_.below(300) == 0 ? random_.between(from_s(1), from_s(60)) : a.pace);
        s.touched = true;
        if (a.end == ending::abort_midway && a.out.written >= a.abort_after && s.peer->facts().established) {
            static_cast<void>(s.peer->abort());
            a.closed = a.aborted = true;
            return;
        }
        if (!a.shut && a.out.written < a.text.size()) {
            auto const n = std::min(a.write_chunk, a.text.size() - a.out.written);
            a.out.wrote(s.peer->write(octets_in{a.text}.subspan(a.out.written, n)));
        }
        read(s);
        bool const written = a.out.written == a.text.size();
        auto const state = s.peer->facts().state;
        bool const begun = state > state::listen && (i == 0 || state != state::syn_sent);
        if (written && !a.shut && begun && a.end != ending::close_after_end) {
            a.shut = true;
            if (a.end == ending::close_when_written) close(s);
            else static_cast<void>(s.peer->shutdown());
        }
        if (a.ended && written) close(s);
        if (state == state::closed && s.peer->facts().failure != error::none) a.closed = true;
    }
    void close(side& s) {
        s.app.shut = s.app.closed = true;
        static_cast<void>(s.peer->close());
    }

    void read(side& s) {
        std::array<std::byte, 8192> room;
        auto const got = s.peer->read(octets_out{room}.first(std::min(s.app.read_chunk, room.size())));
        auto const before = s.app.in.read;
        auto const& other = sides_[&s == &sides_[0] ? 1 : 0].app;
        s.app.in.written = other.out.written;
        if (got.count != 0 && !s.app.in.check(octets_in{room}.first(got.count))) complain(&s, "an octet is not the one that was written");
        if (got.count == 0 && got.status == error::none) complain(&s, "nothing was read, and nothing is in the way");
        if (got.status == error::end_of_stream) {
            s.app.ended = true;
            if (s.app.in.read != other.text.size() || !other.shut) complain(&s, "the end of the stream comes before its last octet");
        }
        if (s.app.in.read != before) progressed_ = clock_.now();
    }

    // ---- the end

    bool finished(unsigned i) const { return sides_[i].app.ended && sides_[i].app.in.read == sides_[1 - i].app.text.size(); }
    bool gone(unsigned i) const {
        auto const f = sides_[i].peer->facts();
        return f.state == state::closed || (i == 1 && f.state == state::listen);
    }
    // Whoever aborts, closes before the end or gives up takes the other's octets with it.
    bool rude() const {
        for (auto const& s : sides_)
            if (s.app.aborted || s.app.end == ending::close_when_written || s.app.end == ending::abort_midway ||
                s.peer->facts().failure != error::none) return true;
        return false;
    }
    bool all_settled() const { return rude() || (finished(0) && finished(1)); }
    bool over() {
        if (!gone(0) && !gone(1)) {
            lonely_since_ = {};
            return false;
        }
        if (gone(0) && gone(1) && sides_[0].app.closed) return true;
        // One is gone: the other hears of it as soon as it says something.
        auto const now = clock_.now();
        if (lonely_since_ == instant{}) lonely_since_ = now;
        if (now < std::max(lonely_since_, healed_at_) + patience_) return false;
        for (auto const& s : sides_)
            if (s.peer->facts().established && s.peer->facts().outstanding != 0) complain(&s, "talks to nobody, and does not notice");
        return true;
    }

    // Without faults something must arrive within twice the longest RTO or persist interval, and the longest round trip.
    void watch_progress() {
        auto const since = std::max(progressed_, healed_at_);
        if (clock_.now() > since + patience_) complain(nullptr, "the faults have ended, and nothing moves");
    }
    void quiet() {
        for (auto const& s : sides_)
            if (s.peer->facts().failure == error::timed_out && sides_[0].bad.harmless() && sides_[1].bad.harmless())
                complain(&s, "gave up on a path that works");
        if (!all_settled()) complain(nullptr, "nothing will ever happen again, and not everything was delivered");
    }

    void complain(side const* s, char const* what) {
        if (!result_.complaint.empty()) return;
        char line[200];
        std::snprintf(line, sizeof line, "at %lld ms, %s: ", ms(clock_.now() - instant{}), s == nullptr ? "both" : s == &sides_[0] ? "client" : "server");
        result_.complaint = line;
        result_.complaint += what;
        for (auto const& each : sides_) {
            auto const f = each.peer->facts();
            std::snprintf(line, sizeof line, "\n  state %u failure %u una %u nxt %u rcv %u cwnd %u window %u rcv_window %u; wrote %llu read %llu", static_cast<unsigned>(f.state),
                          static_cast<unsigned>(f.failure), f.una.value, f.nxt.value, f.rcv_nxt.value, f.cwnd, f.window, f.rcv_window,
                          static_cast<unsigned long long>(each.app.out.written), static_cast<unsigned long long>(each.app.in.read));
            result_.complaint += line;
        }
    }
    void tell(unsigned i, std::uint64_t before) {
        auto const& s = sides_[i];
        auto const f = s.peer->facts();
        std::printf("%9.3f %s in %u out %llu%s state %u una +0 nxt +%u rcv %u cwnd %u wnd %u rwnd %u last flags %02x seq %u len %zu\n",
                    static_cast<double>(clock_.now().nanoseconds) / 1e9, i == 0 ? "client" : "      server", s.wire->arrived,
                    static_cast<unsigned long long>(s.wire->sent.packets - before), s.wire->refused ? " refused" : "", static_cast<unsigned>(f.state),
                    f.nxt - f.una, f.rcv_nxt.value, f.cwnd, f.window, f.rcv_window, s.wire->sent.last.flags, s.wire->sent.last.seq.value,
                    s.wire->sent.last.payload);
    }

    static constexpr duration patience_ = from_s(150);
    random_numbers random_;
    std::uint64_t  seed_;
    bool           talkative_;
    simulation::clock clock_{};
    std::array<side, 2> sides_{};
    instant healed_at_{}, progressed_{}, lonely_since_{};
    bool v6_{};
    outcome_of_run result_{};
};

}  // namespace

outcome_of_run run_seed(std::uint64_t seed, bool talkative) { return std::make_unique<run>(seed, talkative)->go(); }

}  // namespace tenon::test
