// SPDX-License-Identifier: BSL-1.0
// RFC 5961, 7: "a system administrator can [...] limit the number of challenge ACKs".
#include <tenon/policy/blind_attack_checks/none.hpp>
#include <tenon/policy/blind_attack_checks/rfc5961.hpp>

#include <tuple>

#include <boost/test/unit_test.hpp>

using tenon::from_ms;
using tenon::from_s;
using tenon::instant;
using tenon::blind_attack_checks::challenge_limit;
using tenon::blind_attack_checks::none;
using tenon::blind_attack_checks::rfc5961;

static_assert(rfc5961<>::checks && !none::checks && std::is_empty_v<none>);

namespace {

template <class C>
unsigned allowed(C& c, instant from, tenon::duration step, unsigned asked) {
    unsigned n = 0;
    for (unsigned i = 0; i < asked; ++i) n += c.may_challenge(from + step * i) ? 1u : 0u;
    return n;
}

}  // namespace

using every_check = std::tuple<rfc5961<>, rfc5961<challenge_limit{.count = 1}>, none>;

BOOST_AUTO_TEST_SUITE(policy_blind_attack_checks)

// Its example: "no more than 10 challenge ACKs in any 5-second window".
BOOST_AUTO_TEST_CASE(ten_in_five_seconds) {
    rfc5961<> c;
    BOOST_TEST(allowed(c, {}, from_ms(4), 1000) == 10u);
    BOOST_TEST(allowed(c, instant{} + from_s(6), from_ms(4), 1000) == 10u);
}

// A thousand a second for a minute: twelve times ten, and one more for the border.
BOOST_AUTO_TEST_CASE(a_flood_gets_a_steady_trickle) {
    rfc5961<> c;
    auto const n = allowed(c, instant{} + from_s(1000), from_ms(1), 60'000);
    BOOST_TEST((n >= 110u && n <= 130u));
}

// The first one after any silence is answered: a peer that lost its state must be able to find out. Also where the ticks wrap.
BOOST_AUTO_TEST_CASE_TEMPLATE(after_a_silence_the_first_is_answered, policy, every_check) {
    policy c;
    instant now{};
    for (int i = 0; i < 3000; ++i) {
        BOOST_REQUIRE(c.may_challenge(now));
        for (int k = 0; k < 20; ++k) (void)c.may_challenge(now);
        now += from_s(5) * (1 + i) + from_ms(2);
    }
}

BOOST_AUTO_TEST_CASE(none_limits_nothing) { BOOST_TEST(none::may_challenge({})); }

BOOST_AUTO_TEST_SUITE_END()
