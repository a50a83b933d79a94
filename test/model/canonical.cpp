// SPDX-License-Identifier: BSL-1.0
// The canonical state of a connection: the same for conversations that differ in when and at which numbers they began, another for
// whatever will behave differently, blind for what no longer matters.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <string>

#include <tenon/canonical.hpp>
#include <tenon/policy/buffer/region.hpp>

#include "model/session.hpp"

using namespace model;

namespace {

constexpr duration unit{std::int64_t{1} << 20};  // a whole number of every stored tick
constexpr duration hour = unit * 3'433'228;      // 3600.0004 s
constexpr instant  epoch = instant{} + unit * 1'000'000;

using numbers = std::vector<std::uint64_t>;

template <class Connection>
numbers numbers_of(Connection const& c, instant now) {
    numbers result;
    c.visit(now, [&](char const*, std::uint64_t v) { result.push_back(v); });
    return result;
}
std::uint64_t hash_of(numbers const& n) {
    canonical_hasher h;
    for (auto v : n) h("", v);
    return h.value();
}

struct hashes {
    std::vector<std::uint64_t> a, b, both;
    friend bool operator==(hashes const&, hashes const&) = default;
};
hashes hashes_of(std::uint64_t seed, instant begin) {
    hashes result;
    static_cast<void>(play(seed, begin, [&](auto const& a, auto const& b, instant now) {
        result.a.push_back(canonical_hash(a, now));
        result.b.push_back(canonical_hash(b, now));
        result.both.push_back(canonical_hash(a, b, now));
    }));
    return result;
}

struct begin_elsewhere {
    begin_elsewhere(initial_sequence::start a, initial_sequence::start b) { scripted_start::a = a, scripted_start::b = b; }
    ~begin_elsewhere() { scripted_start::a = scripted_start::b = {sequence{0xfffff000}, 0}; }
};

// One connection, driven by hand from the completed handshake on.
template <class Policies>
struct bench {
    using type = tenon::connection<Policies>;
    buffer::nothing none{};
    type c{};
    instant now{epoch};
    sequence iss{100}, irs{5000};
    homes<Policies> home() { return {none, none}; }

    bench() {
        begin();
    }
    void begin() {
        c = {};
        static_cast<void>(c.listen(home()));
        c.accept(home(), now, {.iss = iss, .irs = irs, .peer = {.mss = 100}, .window = 1000}, {.mss = 1460, .fallback = 536});
        flush();
        arrive(0, wire::flag::ack, 0);
        BOOST_REQUIRE(c.state() == tenon::state::established);
    }
    // `at` octets behind the first one of the stream, with `n` of them; acknowledges `acked` octets of ours.
    void arrive(bytes at, wire::flags f, bytes n, bytes acked = 0, std::uint16_t window = 1000) {
        std::vector<std::byte> text(n);
        for (bytes i = 0; i < n; ++i) text[i] = test::pattern(1, at + i);
        static_cast<void>(c.input(home(), now, {.seq = irs + 1 + at, .ack = iss + 1 + acked, .control = f | wire::flag::ack, .window = window, .payload = text}));
    }
    void data(bytes at, bytes n) { arrive(at, wire::flag::psh, n); }
    void write(bytes n, unsigned id = 2) {
        std::vector<std::byte> text(n);
        for (bytes i = 0; i < n; ++i) text[i] = test::pattern(id, i);
        BOOST_REQUIRE_EQUAL(c.write(home(), text).count, n);
    }
    void flush() {
        c.wake(now);
        engine::plan p = c.next(home());
        for (; p; p = c.next(home())) c.sent(now, p);
        c.settle(now, p.why);
    }
};

struct plain : policies {
    using options = tenon::options::offers<tenon::options::offer{}>;
};

// Everything the default composition has, in little memory.
struct little : policies {
    using send_buffer    = buffer::ring<640>;
    using receive_buffer = buffer::ring<640>;
    using options        = tenon::options::standard;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(canonical)

BOOST_AUTO_TEST_CASE(a_snapshot_is_the_same_state) {
    static_cast<void>(play(3, epoch, [](auto const& a, auto const& b, instant now) {
        auto const copy = a;
        BOOST_CHECK_EQUAL(canonical_hash(copy, now), canonical_hash(a, now));
        BOOST_CHECK(same_state(copy, now, a, now));
        BOOST_CHECK_EQUAL(same_state(a, now, b, now), numbers_of(a, now) == numbers_of(b, now));
    }));
}

BOOST_AUTO_TEST_CASE(when_a_conversation_began_means_nothing) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed)
        BOOST_TEST_CONTEXT("seed " << seed) {
            auto const first = hashes_of(seed, epoch);
            BOOST_CHECK(hashes_of(seed, epoch + hour) == first);
            BOOST_CHECK_GT(std::set<std::uint64_t>(first.a.begin(), first.a.end()).size(), 300u);
        }
}

BOOST_AUTO_TEST_CASE(where_sequence_numbers_and_timestamps_began_means_nothing) {
    auto const first = hashes_of(5, epoch);
    for (std::uint32_t iss : {0u, 1u, 0x7fff'fff0u, 0xffff'fffeu}) {
        begin_elsewhere const scope{{sequence{iss}, iss * 3}, {sequence{iss * 5 + 77}, 0xffff'0000}};
        BOOST_CHECK(hashes_of(5, epoch) == first);
        BOOST_CHECK(hashes_of(5, epoch + hour) == first);
    }
}

BOOST_AUTO_TEST_CASE(each_number_counts) {
    connection<policies> c{};
    instant when{};
    static_cast<void>(play(2, epoch, [&](auto const& a, auto const&, instant now) {
        if (a.receiving().holds_gaps() && a.sending().space.outstanding() != 0) c = a, when = now;
    }));
    auto n = numbers_of(c, when);
    BOOST_CHECK_GT(n.size(), 40u);
    auto const hash = hash_of(n);
    BOOST_CHECK_EQUAL(hash, canonical_hash(c, when));
    for (auto& v : n)
        for (std::uint64_t bit : {std::uint64_t{1}, std::uint64_t{1} << 31, std::uint64_t{1} << 63}) {
            v ^= bit;
            BOOST_CHECK_NE(hash_of(n), hash);
            v ^= bit;
        }
    std::swap(n[3], n[6]);
    BOOST_CHECK_EQUAL(hash_of(n) == hash, n[3] == n[6]);
}

// Every name takes more than one value, somewhere; so none of them is a constant that looks like state.
BOOST_AUTO_TEST_CASE(each_field_is_seen_to_differ) {
    std::map<std::string, std::set<std::uint64_t>> seen;
    auto const note = [&](auto const& c, instant now) {
        c.visit(now, [&](char const* name, std::uint64_t v) { seen[name].insert(v); });
    };
    for (std::uint64_t seed = 1; seed <= 10; ++seed)
        static_cast<void>(play(seed, epoch, [&](auto const& a, auto const& b, instant now) { note(a, now), note(b, now); }));
    for (auto const* name : {"state", "snd.nxt", "snd.end", "snd.wnd", "snd.wl1", "snd.octets", "rcv.octets", "rcv.wnd", "rcv.readable", "cwnd",
                             "ssthresh", "srtt", "rttvar", "rto", "timer", "timer due in", "limit", "retries", "phase", "recover", "resend at",
                             "to resend", "delivered", "duplicates", "timing", "timing until", "intervals", "interval from", "interval length",
                             "interval octets", "segments unacknowledged", "progress", "silence", "finishing", "syn pending"})
        BOOST_CHECK_MESSAGE(seen[name].size() > 1, name << " never differs");
}

// Whatever an octet of a connection says is seen in some state, but for its absolute numbers: our timestamp offset and TS.Recent.
// A new field that nobody visits is found here.
BOOST_AUTO_TEST_CASE(nothing_is_forgotten) {
    using type = connection<little>;
    static_assert(std::is_trivially_copyable_v<type>);
    std::vector<std::pair<type, instant>> states;
    auto const keep = [&](auto const& c, instant now) { states.emplace_back(c, now); };
    for (std::uint64_t seed = 1; seed <= 6; ++seed)
        static_cast<void>(play_with<little>(seed, epoch, [&, n = 0u](auto const& a, auto const& b, instant now) mutable {
            // The beginning, then now and then; all that is rare.
            bool const rare = a.receiving().holds_gaps() || a.sending().repairing() || a.sending().retries() != 0 || a.sending().probing();
            if (n++ < 8 || n % 16 == 0 || (rare && n % 4 == 0) || n > 548) keep(a, now), keep(b, now);
        }));
    buffer::nothing none{};
    homes<little> const home{none, none};
    type c{};
    BOOST_CHECK(c.open(home, {sequence{7}, 9}, {1460, 536}) == error::none);
    keep(c, epoch);
    bench<little> t;
    t.write(600);
    t.flush();
    t.arrive(100, wire::flag::fin, 40);
    keep(t.c, t.now);
    for (int i = 0; i < 3; ++i) t.arrive(0, {}, 0);
    BOOST_CHECK(t.c.sending().repairing());
    keep(t.c, t.now);
    static_cast<void>(t.c.abort(home));
    keep(t.c, t.now);
    std::array<std::byte, sizeof(type)> octets{};
    std::vector<std::size_t> unseen;
    for (std::size_t i = 0; i < sizeof(type); ++i) {
        bool padding = true, visible = false;
        for (auto const& [c, now] : states) {
            std::memcpy(octets.data(), static_cast<void const*>(&c), sizeof c);
            octets[i] ^= std::byte{1};
            type altered;
            std::memcpy(static_cast<void*>(&altered), octets.data(), sizeof altered);
            if (altered == c) break;  // of no state it is more than padding
            padding = false;
            visible = canonical_hash(altered, now) != canonical_hash(c, now);
            if (visible) break;
        }
        if (!padding && !visible) unseen.push_back(i);
    }
    std::string list;
    for (auto i : unseen) list += " " + std::to_string(i);
    BOOST_CHECK_MESSAGE(unseen.size() <= 8, "not visited: octets" << list << " of " << sizeof(type));
}

BOOST_AUTO_TEST_CASE(what_was_before_listen_means_nothing) {
    bench<plain> t;
    t.write(300);
    t.flush();
    t.data(0, 50);
    t.data(200, 50);
    static_cast<void>(t.c.abort(t.home()));
    t.flush();
    BOOST_CHECK(t.c.listen(t.home()) == error::none);
    connection<plain> fresh{};
    BOOST_CHECK(fresh.listen(t.home()) == error::none);
    BOOST_CHECK(!(t.c == fresh));  // its rings still hold the old octets
    BOOST_CHECK(same_state(t.c, t.now, fresh, t.now));
    BOOST_CHECK_EQUAL(canonical_hash(t.c, t.now), canonical_hash(fresh, epoch + hour));
    bench<plain> other;
    other.begin();
    t.c = fresh;
    t.begin();
    BOOST_CHECK(same_state(t.c, t.now, other.c, other.now));
}

BOOST_AUTO_TEST_CASE(a_disarmed_timer_means_nothing_and_due_is_due) {
    bench<plain> never, once;
    once.write(10);
    once.flush();
    BOOST_CHECK(!same_state(never.c, never.now, once.c, once.now));
    auto const soon = *once.c.next_deadline(once.now);
    BOOST_CHECK(!same_state(once.c, once.now, once.c, once.now + unit));
    // Its age goes on counting for R2, its lateness does not.
    auto const late = numbers_of(once.c, soon + unit), later = numbers_of(once.c, soon + unit * 2);
    std::size_t differ = 0;
    for (std::size_t i = 0; i < late.size(); ++i) differ += late[i] != later[i] ? 1u : 0u;
    BOOST_CHECK_LE(differ, 3u);  // ages: the round trip, R2, the silence
    once.arrive(0, {}, 0, 10);
    once.flush();
    std::set<std::string> names;
    once.c.visit(once.now, [&](std::string name, std::uint64_t) { names.insert(std::move(name)); });
    BOOST_CHECK_EQUAL(names.count("timer due in"), 0u);
}

BOOST_AUTO_TEST_CASE(octets_tell_states_apart) {
    for (bytes n : {1u, 8u, 9u, 300u}) {
        bench<plain> one, other;
        one.write(n, 2);
        other.write(n, 3);
        BOOST_CHECK(!same_state(one.c, one.now, other.c, other.now));
        BOOST_CHECK_NE(canonical_hash(one.c, one.now), canonical_hash(other.c, other.now));
    }
    // Where in the ring they lie does not.
    bench<plain> here, there;
    for (bytes at : {0u, 100u, 200u}) there.data(at, 100);
    std::array<std::byte, 300> out;
    BOOST_CHECK_EQUAL(there.c.read(there.home(), out).count, 300u);
    there.flush();
    there.irs += 300;
    for (auto* t : {&here, &there}) t->data(0, 20), t->flush();
    BOOST_CHECK(!(here.c == there.c));
    BOOST_CHECK(same_state(here.c, here.now, there.c, there.now));
}

// Beyond the first page of same_state.
BOOST_AUTO_TEST_CASE(the_last_of_many_numbers_counts) {
    bench<plain> one, other;
    one.write(4096);
    other.write(4095);
    BOOST_CHECK(!same_state(one.c, one.now, other.c, other.now));
    std::array<std::byte, 1> last{test::pattern(2, 4095)};
    auto const same = other.c;
    BOOST_CHECK_EQUAL(other.c.write(other.home(), last).count, 1u);
    BOOST_CHECK(same_state(one.c, one.now, other.c, other.now));
    other.c = same;
    last[0] ^= std::byte{1};
    BOOST_CHECK_EQUAL(other.c.write(other.home(), last).count, 1u);
    BOOST_CHECK(!same_state(one.c, one.now, other.c, other.now));
}

BOOST_AUTO_TEST_CASE(the_order_of_intervals_matters_to_sack_alone) {
    bench<plain> up, down;
    for (bytes at : {100u, 300u}) up.data(at, 50), up.flush();
    for (bytes at : {300u, 100u}) down.data(at, 50), down.flush();
    BOOST_CHECK(!(up.c == down.c));
    BOOST_CHECK(same_state(up.c, up.now, down.c, down.now));
    up.data(0, 10), down.data(0, 11);
    BOOST_CHECK(!same_state(up.c, up.now, down.c, down.now));
}

// Neither end can tell how far the other has come.
BOOST_AUTO_TEST_CASE(two_ends_are_more_than_each) {
    bench<plain> a, before, after;
    a.write(10);
    a.flush();
    before.irs = a.iss, before.begin();
    after.irs = a.iss + 10, after.begin();
    BOOST_CHECK(same_state(before.c, a.now, after.c, a.now));
    BOOST_CHECK_NE(canonical_hash(a.c, before.c, a.now), canonical_hash(a.c, after.c, a.now));
    BOOST_CHECK_NE(canonical_hash(before.c, a.c, a.now), canonical_hash(after.c, a.c, a.now));
    // Where nobody listens there is no distance.
    connection<plain> const nobody{};
    std::vector<std::uint64_t> numbers;
    engine::canonical_access::distance(a.c, nobody, a.now, [&](char const*, std::uint64_t v) { numbers.push_back(v); });
    engine::canonical_access::distance(nobody, a.c, a.now, [&](char const*, std::uint64_t v) { numbers.push_back(v); });
    BOOST_CHECK(numbers == (std::vector<std::uint64_t>{0, 0}));
    engine::canonical_access::distance(a.c, before.c, a.now, [&](char const*, std::uint64_t v) { numbers.push_back(v); });
    BOOST_CHECK(numbers == (std::vector<std::uint64_t>{0, 0, 1, 10}));
}
BOOST_AUTO_TEST_CASE(two_ends_compare_their_timestamps) {
    buffer::nothing none{};
    homes<little> const home{none, none};
    auto const half_open = [&](std::uint32_t value) {
        connection<little> c{};
        static_cast<void>(c.listen(home));
        c.accept(home, epoch, {.iss = sequence{1}, .irs = sequence{2}, .peer = {.mss = 100, .stamps = true, .timestamp = value}, .window = 1000}, {1460, 536});
        return c;
    };
    auto const a = half_open(1), b = half_open(2);
    BOOST_CHECK(same_state(a, epoch, b, epoch));
    BOOST_CHECK_NE(canonical_hash(a, a, epoch), canonical_hash(a, b, epoch));
}

BOOST_AUTO_TEST_CASE(a_reset_that_is_owed_counts) {
    bench<plain> t;
    static_cast<void>(t.c.abort(t.home()));
    auto const owed = t.c;
    t.flush();
    BOOST_CHECK(!same_state(owed, t.now, t.c, t.now));
}
BOOST_AUTO_TEST_CASE(settings_outlive_a_connection) {
    connection<plain> const c{};
    auto alive = c, prompt = c;
    alive.keep_alive(true);
    prompt.no_delay(true);
    BOOST_CHECK(!same_state(c, epoch, alive, epoch));
    BOOST_CHECK(!same_state(c, epoch, prompt, epoch));
}

// Memory that is lent is not the connection's to tell.
BOOST_AUTO_TEST_CASE(lent_octets_are_not_visited) {
    struct lent : plain {
        using send_buffer = buffer::region;
    };
    std::array<std::byte, 64> memory{};
    buffer::region_memory region{memory.data(), 64};
    buffer::nothing none{};
    homes<lent> const home{region, none};
    connection<lent> c{};
    BOOST_CHECK(c.open(home, {sequence{7}, 0}, {1460, 536}) == error::none);
    BOOST_CHECK_EQUAL(c.write(home, std::array<std::byte, 5>{}).count, 5u);
    c.visit(epoch, [](char const* name, std::uint64_t) { BOOST_CHECK_NE(std::string{name}, "snd.octets"); });
}

constexpr connection<plain> opened(std::uint32_t iss) {
    buffer::nothing none{};
    connection<plain> c{};
    static_cast<void>(c.open({none, none}, {sequence{iss}, 0}, {1460, 536}));
    c.settle(epoch, engine::limit::none);
    return c;
}
static_assert(canonical_hash(opened(1), epoch) == canonical_hash(opened(0xffff'ffff), epoch));
static_assert(canonical_hash(opened(1), epoch) != canonical_hash(connection<plain>{}, epoch));
static_assert(same_state(opened(1), epoch, opened(2), epoch) && !same_state(opened(1), epoch, connection<plain>{}, epoch));
// The same on every compiler.
static_assert([] {
    canonical_hasher h;
    h("", 1), h("", 2);
    return h.value();
}() == 0xc99816ecf3c7fff);

BOOST_AUTO_TEST_SUITE_END()
