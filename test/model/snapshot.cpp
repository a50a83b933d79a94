// SPDX-License-Identifier: BSL-1.0
// A copy of a connection with rings is a snapshot: it compares equal, goes its own way, and from it the same inputs give the
// same packets and the same state. Nothing depends on the clock's epoch: a run that begins later is the same run.
#include <boost/test/unit_test.hpp>

#include "model/session.hpp"

using namespace model;

BOOST_AUTO_TEST_SUITE(snapshots)

BOOST_AUTO_TEST_CASE(a_copy_is_a_snapshot) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed) {
            auto const s = play(seed, instant{} + from_s(1000));
            BOOST_CHECK_GT(s.sent.size(), 20u);
            for (std::size_t fork : {std::size_t{0}, std::size_t{7}, std::size_t{150}, std::size_t{400}}) {
                end_type original{};
                recorder wire{}, again{};
                test::stream text{.id = 1};
                auto const epoch = instant{} + from_s(1000);
                static_cast<void>(original.connect(wire, epoch, at(1), at(2)));
                for (std::size_t i = 0; i < fork; ++i) perform(original, wire, s.deeds[i], epoch + s.deeds[i].after, text);
                auto const before = wire.out.size();
                auto copy      = original;
                auto text_copy = text;
                BOOST_CHECK(copy.connection() == original.connection());
                for (std::size_t i = fork; i < s.deeds.size(); ++i) perform(original, wire, s.deeds[i], epoch + s.deeds[i].after, text);
                BOOST_CHECK(!(copy.connection() == original.connection()));  // it has stayed behind
                for (std::size_t i = fork; i < s.deeds.size(); ++i) perform(copy, again, s.deeds[i], epoch + s.deeds[i].after, text_copy);
                BOOST_CHECK(copy.connection() == original.connection());
                BOOST_CHECK(original.connection() == s.last.connection());
                BOOST_CHECK(std::vector<packet>(wire.out.begin() + static_cast<std::ptrdiff_t>(before), wire.out.end()) == again.out);
                BOOST_CHECK(wire.out == s.sent);
            }
        }
    }
}

// Epochs that are whole units of every stored tick (at most 2^20 ns): then rounding is the same too. The last is beyond the
// wrap of 32 bits of 2^20 ns.
BOOST_AUTO_TEST_CASE(the_epoch_of_the_clock_means_nothing) {
    auto const unit = duration{std::int64_t{1} << 20};
    // The clock of timestamps is made to begin with each conversation: what it says is on the wire.
    auto const count_from = [](std::int64_t n) { scripted_start::a.timestamp_offset = scripted_start::b.timestamp_offset = static_cast<std::uint32_t>(-n); };
    count_from(1);
    auto const first = play(5, instant{} + unit);
    for (std::int64_t n : {std::int64_t{1'000}, std::int64_t{1} << 31, (std::int64_t{1} << 32) - 2'000}) {
        count_from(n);
        auto const later = play(5, instant{} + unit * n);
        BOOST_CHECK(later.sent == first.sent);
        BOOST_CHECK(later.last.state() == first.last.state());
    }
    count_from(0);
}

BOOST_AUTO_TEST_SUITE_END()
