// SPDX-License-Identifier: BSL-1.0
// Loss by duplicate ACKs (RFC 5681, 3.2; RFC 6582; RFC 3042) and by timeouts alone, on a board that records.
#include <tenon/policy/recovery/dup_ack.hpp>
#include <tenon/policy/recovery/timeout_only.hpp>

#include <array>
#include <tuple>

#include <boost/test/unit_test.hpp>

using tenon::bytes;
using tenon::recovery::dup_ack;
using tenon::recovery::dup_ack_parameters;
using tenon::recovery::facts;
using tenon::recovery::timeout_only;
using tenon::recovery::verdict;

namespace {

struct board {
    bytes delivered{}, front{};
    unsigned fronts{}, alls{};
    constexpr void mark_front(bytes n) noexcept { front = n, ++fronts; }
    constexpr void mark_all() noexcept { ++alls; }
    constexpr void count_delivered(bytes n) noexcept { delivered += n; }
};

constexpr bytes mss = 1000;
constexpr facts duplicate(bool in_recovery = false, bool may_begin = true) {
    return {.mss = mss, .outstanding = 10'000, .duplicate = true, .in_recovery = in_recovery, .may_begin = may_begin};
}
constexpr facts advance(bytes n, bool in_recovery = false, bytes left = 5000) {
    return {.mss = mss, .outstanding = left, .acknowledged = n, .in_recovery = in_recovery, .may_begin = !in_recovery};
}

struct step {
    facts   ack;
    verdict says;
    bytes   delivered;  // counted until then
    unsigned fronts;    // segments marked until then
};

template <class R, std::size_t N>
constexpr std::size_t first_mismatch(std::array<step, N> const& steps) {
    R r;
    board b;
    for (std::size_t i = 0; i < N; ++i) {
        auto const said = r.on_ack(steps[i].ack, b);
        if (said != steps[i].says || b.delivered != steps[i].delivered || b.fronts != steps[i].fronts || b.alls != 0) return i;
    }
    return N;
}

constexpr auto nothing = verdict::nothing;
constexpr auto congestion = verdict::congestion;

// RFC 5681, 3.2: "the arrival of 3 duplicate ACKs"; RFC 3042: the first two let a segment out each.
constexpr auto third_duplicate = std::to_array<step>({
    // ack               says        delivered  fronts
    { advance(1000),     nothing,         0,    0 },
    { duplicate(),       nothing,      1000,    0 },
    { duplicate(),       nothing,      2000,    0 },
    { duplicate(),       congestion,   3000,    1 },
    { duplicate(true),   nothing,      4000,    1 },  // step 4: each more has left the network
    { duplicate(true),   nothing,      5000,    1 },
    { advance(2000, true), nothing,    5000,    2 },  // RFC 6582, 3.2, step 3: a partial ACK names the next hole
    { duplicate(true),   nothing,      6000,    2 },
    { advance(2000, true), nothing,    6000,    3 },
    { advance(5000, false, 0), nothing, 6000,   3 },  // full
});
static_assert(first_mismatch<dup_ack<>>(third_duplicate) == third_duplicate.size());

using reluctant = dup_ack<dup_ack_parameters{.threshold = 3, .limited_transmit = false}>;
constexpr auto without_limited_transmit = std::to_array<step>({
    { duplicate(),       nothing,         0,    0 },
    { duplicate(),       nothing,         0,    0 },
    { duplicate(),       congestion,   3000,    1 },
    { duplicate(true),   nothing,      4000,    1 },
});
static_assert(first_mismatch<reluctant>(without_limited_transmit) == without_limited_transmit.size());

// "without the arrival of other intervening ACKs": what advances starts the count again; what neither advances nor
// duplicates (a window update) leaves it.
constexpr auto counting = std::to_array<step>({
    { duplicate(),       nothing,      1000,    0 },
    { duplicate(),       nothing,      2000,    0 },
    { advance(1),        nothing,      2000,    0 },
    { duplicate(),       nothing,      3000,    0 },
    { facts{.mss = mss, .outstanding = 5000, .may_begin = true}, nothing, 3000, 0 },
    { duplicate(),       nothing,      4000,    0 },
    { duplicate(),       congestion,   5000,    1 },
});
static_assert(first_mismatch<dup_ack<>>(counting) == counting.size());

// RFC 6582, 3.2, step 2: echoes of an earlier episode begin none, and let nothing out.
constexpr auto echoes = std::to_array<step>({
    { duplicate(false, false), nothing,   0,    0 },
    { duplicate(false, false), nothing,   0,    0 },
    { duplicate(false, false), nothing,   0,    0 },
    { duplicate(false, false), nothing,   0,    0 },
    { duplicate(),       nothing,         0,    0 },  // beyond the threshold: the moment has passed
});
static_assert(first_mismatch<dup_ack<>>(echoes) == echoes.size());

using eager = dup_ack<dup_ack_parameters{.threshold = 1}>;
constexpr auto at_once = std::to_array<step>({{duplicate(), congestion, 1000, 1}, {duplicate(true), nothing, 2000, 1}});
static_assert(first_mismatch<eager>(at_once) == at_once.size());

constexpr auto deaf = std::to_array<step>({
    {duplicate(), nothing, 0, 0}, {duplicate(), nothing, 0, 0}, {duplicate(), nothing, 0, 0}, {advance(1000), nothing, 0, 0}});
static_assert(first_mismatch<timeout_only>(deaf) == deaf.size());
static_assert(std::is_empty_v<timeout_only> && sizeof(dup_ack<>) == 1);

}  // namespace

using every_recovery = std::tuple<dup_ack<>, reluctant, eager, dup_ack<dup_ack_parameters{.threshold = 254}>, timeout_only>;

BOOST_AUTO_TEST_SUITE(policy_recovery)

// RFC 5681, 3.1: after a timeout everything outstanding is to be sent again; RFC 6582, 3.2, step 4: counts start again.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_timeout_marks_everything_and_forgets, policy, every_recovery) {
    policy r;
    board b;
    r.on_ack(duplicate(), b);
    b = {};
    r.on_timeout(b);
    BOOST_TEST(b.alls == 1u);
    BOOST_TEST(b.fronts == 0u);
    BOOST_TEST((r == policy{}));
}

// One verdict of congestion until something new is acknowledged, however many duplicates come (attack G02).
BOOST_AUTO_TEST_CASE_TEMPLATE(a_thousand_duplicates_are_one_loss, policy, every_recovery) {
    policy r;
    board b;
    unsigned losses = 0;
    for (int i = 0; i < 1000; ++i) losses += r.on_ack(duplicate(losses != 0), b) == verdict::congestion ? 1 : 0;
    BOOST_TEST(losses <= 1u);
    BOOST_TEST(b.fronts == losses);
    BOOST_TEST(b.delivered <= 1000u * mss);
}

// Nothing is lost where nothing says so.
BOOST_AUTO_TEST_CASE_TEMPLATE(progress_marks_nothing, policy, every_recovery) {
    policy r;
    board b;
    for (int i = 0; i < 100; ++i) BOOST_TEST((r.on_ack(advance(1000), b) == verdict::nothing));
    BOOST_TEST(b.fronts + b.alls == 0u);
    BOOST_TEST(b.delivered == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
