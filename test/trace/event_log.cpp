// SPDX-License-Identifier: BSL-1.0
// The event log: its words, and its hash against published FNV-1a values.
#include <tenon/trace/event_log.hpp>

#include <limits>
#include <string>

#include <boost/test/unit_test.hpp>

namespace {

using namespace tenon;

std::string text(trace::event_log<trace::memory_sink>& log) {
    auto const& octets = log.to().octets;
    return {reinterpret_cast<char const*>(octets.data()), octets.size()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(trace_event_log)

BOOST_AUTO_TEST_CASE(the_hash_is_fnv_1a) {
    trace::line_hash hash;
    BOOST_TEST(hash.value() == 0xcbf29ce484222325u);
    hash.add("foobar");
    BOOST_TEST(hash.value() == 0x85944171f73967e8u);
}

BOOST_AUTO_TEST_CASE(one_line_per_event) {
    trace::event_log<trace::memory_sink> log;
    log.event(instant{12'500'000}, "deliver", {{"link", 1}, {"packet", -7}});
    log.event(instant{-1}, "start");
    log.event(instant{std::numeric_limits<std::int64_t>::min()}, "least");
    BOOST_TEST(text(log) == "0.012500000 deliver link=1 packet=-7\n-0.000000001 start\n-9223372036.854775808 least\n");
    BOOST_TEST(log.lines() == 3u);
    trace::line_hash same;
    same.add(text(log));
    BOOST_TEST(log.hash() == same.value());
}

BOOST_AUTO_TEST_CASE(an_overlong_line_is_cut_and_still_ends) {
    trace::event_log<trace::memory_sink> log;
    log.event(instant{}, std::string(1'000, 'x'), {{"a", 1}});
    BOOST_TEST(text(log).size() == 400u);
    BOOST_TEST(text(log).back() == '\n');
}

BOOST_AUTO_TEST_SUITE_END()
