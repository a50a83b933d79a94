// SPDX-License-Identifier: BSL-1.0
// What a congestion policy that needs::rtt is told: each sample once, the smoothed value, and the least so far.
#include <memory>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <tenon/endpoint.hpp>
#include <tenon/policy/acknowledgement/immediate.hpp>
#include <tenon/policy/congestion/fixed_window.hpp>
#include <tenon/policy/network/ipv4.hpp>
#include <tenon/transport/memory.hpp>

namespace {

using namespace tenon;

// A fixed window that remembers what it was told.
class listening : public tenon::congestion::fixed_window<> {
public:
    static constexpr auto needs = tenon::congestion::need::rtt;
    constexpr void on_ack(tenon::congestion::ack_event<needs> const& e) noexcept {
        if (!e.rtt) return;
        ++samples;
        last  = *e.rtt;
        least = e.minimum_rtt;
    }
    unsigned samples{};
    duration last{}, least{};
    [[maybe_unused]] friend constexpr bool operator==(listening const&, listening const&) noexcept = default;
};

struct composition : default_policies {
    using congestion      = listening;
    using network         = tenon::network::ipv4;
    using acknowledgement = tenon::acknowledgement::immediate;
};
using cable_type = transport::memory_pair<>;
using end  = endpoint<composition, cable_type::end>;

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_round_trip_facts)

BOOST_AUTO_TEST_CASE(the_least_round_trip_is_kept) {
    auto const cable = std::make_unique<cable_type>();
    auto const near = std::make_unique<end>(), far = std::make_unique<end>();
    instant now{1'000'000'000};
    auto const there_and_back = [&](duration d) {
        near->poll(cable->a(), now);
        now += d;
        far->poll(cable->b(), now);
        near->poll(cable->a(), now);
    };
    BOOST_REQUIRE((far->listen({ipv4(192, 0, 2, 2), 7}) == error::none));
    BOOST_REQUIRE((near->connect(cable->a(), now, {ipv4(192, 0, 2, 1), 40'000}, {ipv4(192, 0, 2, 2), 7}) == error::none));
    there_and_back(from_ms(40));
    std::byte const octet{};
    for (auto const ms : {20, 10, 30}) {
        BOOST_REQUIRE(near->send({&octet, 1}).count == 1u);
        there_and_back(from_ms(ms));
    }
    auto const& told = near->connection().sending().congestion();
    BOOST_TEST(told.samples == 4u);  // the SYN is one
    // A stamp is cut to 1.024 us.
    BOOST_TEST((told.last - from_ms(30) < from_us(2) && from_ms(30) - told.last < from_us(2)));
    BOOST_TEST((told.least - from_ms(10) < from_us(2) && from_ms(10) - told.least < from_us(2)));
}

BOOST_AUTO_TEST_SUITE_END()
