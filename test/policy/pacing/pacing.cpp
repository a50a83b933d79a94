// SPDX-License-Identifier: BSL-1.0
#include <tenon/policy/pacing/none.hpp>

#include <boost/test/unit_test.hpp>

namespace {

struct half_a_policy {
    static constexpr bool paces = true;
    static constexpr tenon::instant departure(tenon::instant now) noexcept { return now; }
    friend constexpr bool operator==(half_a_policy, half_a_policy) noexcept = default;
};
struct whole : half_a_policy {
    static constexpr void on_sent(tenon::instant, tenon::bytes) noexcept {}
};

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_pacing)

BOOST_AUTO_TEST_CASE(who_paces_must_also_hear_what_was_sent) {
    static_assert(tenon::pacing::policy<tenon::pacing::none> && std::is_empty_v<tenon::pacing::none>);
    static_assert(!tenon::pacing::policy<half_a_policy> && tenon::pacing::policy<whole>);
    BOOST_TEST(!tenon::pacing::none::paces);
    BOOST_TEST((whole{} == whole{}));
}

BOOST_AUTO_TEST_SUITE_END()
