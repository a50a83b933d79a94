// SPDX-License-Identifier: BSL-1.0
// One suite for every kind: what a TCP does must not depend on how its packets move, where its octets lie, or which clock
// and which sequence numbers it starts with. The invariants are asked after every poll.
#include <boost/test/unit_test.hpp>

#include "rig.hpp"

using namespace tenon;
using namespace tenon::test;

namespace {

constexpr duration patience = from_s(3'600);

bool open(rig& r) {
    r.open();
    return r.run([&] { return r.end(0).state() >= state::established && r.end(1).state() >= state::established; }, from_s(200));
}
bool both(rig& r, state s) { return r.end(0).state() == s && r.end(1).state() == s; }

void demand(rig const& r, bool done, kind const& k, char const* what) {
    BOOST_CHECK_MESSAGE(done, k.name << ": " << what << (r.wrong != nullptr ? std::string{": "} + r.wrong : "") << "; read " << r.in[0].read << " of "
                                     << r.total[1] << " and " << r.in[1].read << " of " << r.total[0] << " after "
                                     << (r.now() - instant{}).nanoseconds / 1'000'000 << " ms");
}

template <class Body>
void each_kind(Body&& body) {
    for (auto const& k : kinds()) body(k);
}

// The kinds that differ in more than their sizes.
template <class Body>
void chosen_kinds(Body&& body) {
    for (auto const& k : kinds())
        if (k.region == 0 || k.region == 7 || k.region == 40) body(k);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(endpoint_suite)

BOOST_AUTO_TEST_CASE(handshake) {
    each_kind([](kind const& k) {
        rig r{k};
        demand(r, open(r), k, "the handshake");
        BOOST_CHECK_LE((r.now() - instant{}).nanoseconds, from_ms(10).nanoseconds);
    });
}

BOOST_AUTO_TEST_CASE(bulk_both_ways_and_close) {
    each_kind([](kind const& k) {
        rig r{k};
        r.total[0] = r.total[1] = k.bulk;
        r.shut_after[0] = r.shut_after[1] = true;
        demand(r, open(r), k, "the handshake");
        demand(r, r.run([&] { return r.everything_arrived() && r.ended[0] && r.ended[1]; }, patience), k, "bulk");
        demand(r, r.run([&] { return both(r, state::closed) || r.end(0).state() == state::time_wait || r.end(1).state() == state::time_wait; }), k, "close");
        demand(r, r.run([&] { return both(r, state::closed); }, from_s(300)), k, "TIME-WAIT ends");
        for (unsigned i = 0; i < 2; ++i) {
            BOOST_CHECK(r.end(i).failure() == error::none);
            if (k.by_reference) {
                BOOST_CHECK_MESSAGE(r.end(i).copied() == 0, k.name << ": " << r.end(i).copied() << " octets were copied");
                BOOST_CHECK_GE(r.end(i).referred(), k.bulk);
                r.end(i).poll();
                BOOST_CHECK_MESSAGE(r.end(i).unreturned() == 0, k.name << ": " << r.end(i).unreturned() << " cookies kept");
            }
            if (k.cuts) BOOST_CHECK_MESSAGE(r.end(i).supers() > 10, k.name << ": " << r.end(i).supers() << " super-segments");
        }
    });
}

// Without loss nothing is sent twice: what a window promises is kept to the last octet.
BOOST_AUTO_TEST_CASE(nothing_is_sent_twice) {
    chosen_kinds([](kind const& k) {
        rig r{k};
        r.total[0] = k.bulk;
        r.shut_after[0] = r.shut_after[1] = true;
        r.end(0).weather().delay = r.end(1).weather().delay = from_ms(5);
        demand(r, open(r), k, "the handshake");
        demand(r, r.run([&] { return r.everything_arrived() && r.ended[1]; }, patience), k, "bulk");
        BOOST_CHECK_MESSAGE(r.end(0).sent().payload == k.bulk, k.name << ": " << r.end(0).sent().payload << " octets sent for " << k.bulk);
    });
}

BOOST_AUTO_TEST_CASE(reading_in_place) {
    chosen_kinds([](kind const& k) {
        rig r{k};
        r.total[0] = k.bulk / 4;
        r.shut_after[0] = r.in_place = true;
        demand(r, open(r), k, "the handshake");
        demand(r, r.run([&] { return r.everything_arrived() && r.ended[1]; }, patience), k, "peek and consume");
    });
}

BOOST_AUTO_TEST_CASE(half_close) {
    chosen_kinds([](kind const& k) {
        rig r{k};
        demand(r, open(r), k, "the handshake");
        BOOST_CHECK(r.end(0).shutdown() == error::none);
        r.shut[0] = true;
        demand(r, r.run([&] { return r.ended[1] && r.end(0).state() == state::fin_wait_2; }), k, "half-close");
        r.total[1] = k.bulk / 2;
        r.shut_after[1] = true;
        demand(r, r.run([&] { return r.everything_arrived() && r.ended[0] && r.end(0).state() == state::time_wait; }, patience), k, "the other half");
        demand(r, r.run([&] { return both(r, state::closed); }), k, "the end");
    });
}

BOOST_AUTO_TEST_CASE(simultaneous_close) {
    chosen_kinds([](kind const& k) {
        rig r{k};
        demand(r, open(r), k, "the handshake");
        for (unsigned i = 0; i < 2; ++i) {
            BOOST_CHECK(r.end(i).close() == error::none);
            r.shut[i] = true;
        }
        demand(r, r.run([&] { return both(r, state::time_wait) || both(r, state::closed); }), k, "FINs that cross");
        demand(r, r.run([&] { return both(r, state::closed); }), k, "the end");
    });
}

BOOST_AUTO_TEST_CASE(abort_midway) {
    chosen_kinds([](kind const& k) {
        rig r{k};
        r.total[0] = r.total[1] = k.bulk;
        demand(r, open(r), k, "the handshake");
        demand(r, r.run([&] { return r.in[1].read * 3 > k.bulk; }, patience), k, "a third");
        BOOST_CHECK(r.end(0).abort() == error::none);
        r.shut[0] = true;
        demand(r, r.run([&] { return both(r, state::closed); }), k, "abort");
        BOOST_CHECK(r.end(0).failure() == error::aborted);
        BOOST_CHECK_MESSAGE(r.end(1).failure() == error::reset, k.name << ": " << message(r.end(1).failure()));
        if (k.by_reference) {
            r.end(0).poll();
            BOOST_CHECK_EQUAL(r.end(0).unreturned(), 0u);
        }
    });
}

BOOST_AUTO_TEST_CASE(tiny_writes) {
    chosen_kinds([](kind const& k) {
        for (bool const no_delay : {false, true}) {
            rig r{k};
            r.total[0] = r.total[1] = 150;
            r.write_chunk = 1;
            demand(r, open(r), k, "the handshake");
            for (unsigned i = 0; i < 2; ++i) r.end(i).no_delay(no_delay);
            demand(r, r.run([&] { return r.everything_arrived(); }, patience), k, "single octets");
        }
    });
}

BOOST_AUTO_TEST_CASE(slow_reader) {
    chosen_kinds([](kind const& k) {
        rig r{k};
        r.total[0] = std::min<bytes>(k.bulk, 200'000);
        r.shut_after[0] = true;
        r.read_chunk = std::max<std::size_t>(r.total[0] / 400, 3);
        r.read_pause = from_ms(30);
        demand(r, open(r), k, "the handshake");
        demand(r, r.run([&] { return r.everything_arrived() && r.ended[1]; }, patience), k, "a slow reader");
    });
}

BOOST_AUTO_TEST_CASE(zero_window) {
    chosen_kinds([](kind const& k) {
        rig r{k};
        r.total[0] = std::max<bytes>(k.bulk, 500);
        r.reads_from[1] = instant{} + from_s(300);
        demand(r, open(r), k, "the handshake");
        demand(r, r.run([&] { return r.now() >= r.reads_from[1]; }, from_s(301)), k, "a window that stays closed");
        demand(r, r.run([&] { return r.everything_arrived(); }, patience), k, "and opens again");
        BOOST_CHECK(r.end(0).failure() == error::none);
    });
}

BOOST_AUTO_TEST_CASE(loss_reordering_duplication) {
    chosen_kinds([](kind const& k) {
        rig r{k};
        r.total[0] = r.total[1] = std::min<bytes>(k.bulk, 300'000);
        r.shut_after[0] = r.shut_after[1] = true;
        for (unsigned i = 0; i < 2; ++i)
            r.end(i).weather() = {.loss = simulation::percent(5), .duplicate = simulation::percent(5), .late = simulation::percent(15)};
        r.open();
        demand(r, r.run([&] { return r.everything_arrived() && r.ended[0] && r.ended[1]; }, from_s(36'000)), k, "a bad path");
        if (k.by_reference) BOOST_CHECK_EQUAL(r.end(0).copied() + r.end(1).copied(), 0u);
    });
}

// The k-th reservation or commit is refused, for each k: nothing is lost, and a timer runs (attack A05).
BOOST_AUTO_TEST_CASE(refusals) {
    chosen_kinds([](kind const& k) {
        bool const large = k.cuts || k.bulk > 1'000'000;  // their wires and windows take a while to make
        for (std::uint64_t at = 1; at <= 200; at += large ? 9 : 1)
            for (bool const commit : {false, true}) {
                rig r{k};
                r.total[0] = r.total[1] = std::min<bytes>(k.bulk, 20'000);
                r.shut_after[0] = r.shut_after[1] = true;
                for (unsigned i = 0; i < 2; ++i) r.end(i).refuse(commit) = [at](std::uint64_t n) { return n == at || n == at + 1; };
                r.open();
                bool const done = r.run([&] { return r.everything_arrived() && r.ended[0] && r.ended[1]; }, patience);
                if (!done) demand(r, done, k, commit ? "a refused commit" : "a refused reservation");
            }
    });
}

// Everything is refused for a minute (attack H17): the connection waits, and goes on.
BOOST_AUTO_TEST_CASE(refused_for_a_minute) {
    chosen_kinds([](kind const& k) {
        rig r{k};
        r.total[0] = std::min<bytes>(k.bulk, 20'000);
        r.shut_after[0] = r.shut_after[1] = true;
        auto const refuse = [&r](std::uint64_t) { return r.now() < instant{} + from_s(60); };
        r.end(0).refuse(false) = r.end(1).refuse(true) = refuse;
        r.open();
        demand(r, r.run([&] { return r.everything_arrived() && r.ended[1]; }, patience), k, "a card that is down at first");
    });
}

BOOST_AUTO_TEST_SUITE_END()
