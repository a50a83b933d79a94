// SPDX-License-Identifier: BSL-1.0
#include <tenon/policy/observer/counters.hpp>
#include <tenon/policy/observer/none.hpp>

#include <array>
#include <cstdint>

#include <boost/test/unit_test.hpp>

using tenon::observer::counters;
using tenon::observer::none;
using tenon::observer::what;

static_assert(!none::observes && std::is_empty_v<none>);
static_assert(counters::observes && sizeof(counters) == 4 * static_cast<std::size_t>(what::count_));

BOOST_AUTO_TEST_SUITE(policy_observer)

// Each counter is counted by its own event, and shown under the name that RFC 4898 gives it.
BOOST_AUTO_TEST_CASE(names_of_rfc_4898) {
    struct pair {
        what counted;
        std::uint32_t (counters::*named)() const noexcept;
    };
    constexpr auto names = std::to_array<pair>({
        {what::segments_in, &counters::SegsIn},
        {what::segments_out, &counters::SegsOut},
        {what::data_segments_in, &counters::DataSegsIn},
        {what::data_segments_out, &counters::DataSegsOut},
        {what::data_octets_in, &counters::DataOctetsIn},
        {what::data_octets_out, &counters::DataOctetsOut},
        {what::segments_retransmitted, &counters::SegsRetrans},
        {what::octets_retransmitted, &counters::OctetsRetrans},
        {what::duplicate_acks_in, &counters::DupAcksIn},
        {what::duplicate_acks_out, &counters::DupAcksOut},
        {what::timeouts, &counters::Timeouts},
        {what::subsequent_timeouts, &counters::SubsequentTimeouts},
        {what::fast_retransmits, &counters::FastRetran},
        {what::congestion_signals, &counters::CongSignals},
        {what::zero_window_received, &counters::ZeroRwinRcvd},
        {what::zero_window_sent, &counters::ZeroRwinSent},
    });
    for (auto const& counted : names) {
        counters c;
        c.on(counted.counted, 7);
        for (auto const& shown : names) BOOST_TEST((c.*shown.named)() == (shown.counted == counted.counted ? 7u : 0u));
    }
}

BOOST_AUTO_TEST_CASE(every_event_has_a_counter_of_its_own_that_wraps) {
    counters c;
    for (unsigned i = 0; i < static_cast<unsigned>(what::count_); ++i) c.on(static_cast<what>(i), i + 1);
    for (unsigned i = 0; i < static_cast<unsigned>(what::count_); ++i) BOOST_TEST(c[static_cast<what>(i)] == i + 1);
    c.on(what::segments_in, 0xffff'ffff);
    BOOST_TEST(c.SegsIn() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
