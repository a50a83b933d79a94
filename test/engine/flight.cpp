// SPDX-License-Identifier: BSL-1.0
// Flight without SACK against a model that keeps a mark for every octet.
#include <tenon/engine/flight.hpp>
#include <tenon/policy/random/splitmix32.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

#include <boost/test/unit_test.hpp>

using tenon::bytes;
using tenon::engine::front_flight;
using tenon::random::below;

namespace {

constexpr bytes mss = 10;

// Marks stand for octets from SND.UNA on; lost and not sent again means: not in the network.
struct model {
    std::vector<bool> waiting;  // per outstanding octet: to be sent again
    bytes delivered{};
    bytes most{};  // what was outstanding when a hole was last found; 0: nobody knows

    bytes outstanding() const { return static_cast<bytes>(waiting.size()); }
    bytes to_resend() const { return static_cast<bytes>(std::count(waiting.begin(), waiting.end(), true)); }
    bytes pipe() const { return outstanding() > to_resend() + delivered ? outstanding() - to_resend() - delivered : 0; }
    bytes resend_at() const { return static_cast<bytes>(std::find(waiting.begin(), waiting.end(), true) - waiting.begin()); }

    void send(bytes n) { waiting.resize(waiting.size() + n); }
    void mark(bytes n) {
        for (bytes i = 0; i < n; ++i) waiting[i] = true;
    }
    // What is still on its way out already goes first; what was sent again behind it is not doubted.
    void mark_front(bytes n) {
        if (to_resend() == 0) mark(n);
        most = outstanding();
    }
    void resend(bytes n) {
        for (bytes at = resend_at(); n != 0 && at < outstanding() && waiting[at]; ++at, --n) waiting[at] = false;
    }
    void acknowledge(bytes n, bool repairing) {
        auto const to = static_cast<std::ptrdiff_t>(n);
        waiting.erase(waiting.begin(), waiting.begin() + to);
        bytes const explained = n > mss ? n - mss : 0;  // one of the segments was the hole
        delivered = repairing && delivered > explained ? delivered - explained : 0;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_flight)

BOOST_AUTO_TEST_CASE(random_events_agree_with_a_mark_per_octet) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        tenon::random::splitmix32 random;
        random.seed(seed);
        front_flight f;
        model m;
        for (int i = 0; i < 300; ++i) {
            front_flight::board board{f, m.outstanding()};
            switch (below(random, 8)) {
                case 0:
                case 1: m.send(1 + below(random, 3 * mss)); break;
                case 2: {
                    bytes const n = 1 + below(random, 2 * mss);
                    board.mark_front(n);
                    m.mark_front(std::min(n, m.outstanding()));
                    BOOST_TEST(f.may_ignore_window() == true);
                    break;
                }
                case 3:
                    if (below(random, 3) != 0) break;
                    board.mark_all();
                    m.delivered = m.most = 0;
                    m.mark(m.outstanding());
                    BOOST_TEST(!f.may_ignore_window());
                    break;
                case 4: {
                    bytes const n = below(random, 2 * mss);
                    board.count_delivered(n);
                    m.delivered = std::min(m.delivered + n, m.most != 0 ? m.most : m.outstanding());
                    break;
                }
                case 5: {
                    bytes const n = std::min(1 + below(random, mss), m.to_resend());
                    if (n == 0) break;
                    f.on_resent(n);
                    m.resend(n);
                    BOOST_TEST(!f.may_ignore_window());
                    break;
                }
                default: {
                    bytes const n = below(random, m.outstanding() + 1);
                    if (n == 0) break;
                    bool const repairing = below(random, 2) == 0;
                    f.on_ack(n, mss, repairing);
                    m.acknowledge(n, repairing);
                }
            }
            BOOST_REQUIRE_MESSAGE(f.pipe(m.outstanding()) == m.pipe(), "pipe: seed " << seed << ", event " << i);
            BOOST_REQUIRE_MESSAGE(f.to_resend() == m.to_resend(), "to resend: seed " << seed << ", event " << i);
            BOOST_REQUIRE_MESSAGE(f.has_lost() == (m.to_resend() != 0), "lost: seed " << seed << ", event " << i);
            if (f.has_lost()) BOOST_REQUIRE_MESSAGE(f.resend_at() == m.resend_at(), "resend at: seed " << seed << ", event " << i);
            BOOST_REQUIRE(f.resend_at() + f.to_resend() <= std::max(m.outstanding(), f.resend_at()));
        }
    }
}

// Attack G02: a thousand duplicates let no more out than was outstanding (RFC 5681, 3.2; RFC 3042).
BOOST_AUTO_TEST_CASE(duplicates_never_take_more_out_of_the_network_than_was_in_it) {
    front_flight f;
    bytes const outstanding = 10 * mss;
    for (int i = 0; i < 1000; ++i) front_flight::board{f, outstanding}.count_delivered(mss);
    BOOST_TEST(f.pipe(outstanding) == 0u);
    BOOST_TEST(f.pipe(outstanding + 5 * mss) == 5 * mss);
    front_flight::board{f, outstanding}.count_delivered(0xffff'ff00);
    BOOST_TEST(f.pipe(outstanding + 5 * mss) == 5 * mss);
}

BOOST_AUTO_TEST_CASE(the_end_of_an_episode_explains_the_duplicates) {
    front_flight f;
    front_flight::board{f, 100}.count_delivered(30);
    BOOST_TEST(f.pipe(100) == 70u);
    f.explain();
    BOOST_TEST(f.pipe(100) == 100u);
    front_flight::board{f, 100}.count_delivered(30);
    f.on_ack(10, mss, false);  // outside an episode any progress does
    BOOST_TEST(f.pipe(90) == 90u);
}

// RFC 6582, 3.2, step 3: "deflate the congestion window by the amount of new data acknowledged", add back one SMSS.
BOOST_AUTO_TEST_CASE(a_partial_ack_deflates) {
    front_flight f;
    front_flight::board b{f, 100};
    b.count_delivered(40);
    b.mark_front(mss);
    f.on_resent(mss);
    BOOST_TEST(f.pipe(100) == 60u);
    f.on_ack(30, mss, true);
    BOOST_TEST(f.pipe(70) == 50u);
}

// Attack G05: the first lost segment, and only that, goes out whatever the window says.
BOOST_AUTO_TEST_CASE(one_segment_of_a_fast_retransmit_ignores_the_window) {
    front_flight f;
    front_flight::board{f, 100}.mark_front(2 * mss);
    BOOST_TEST(f.may_ignore_window());
    f.on_resent(mss);
    BOOST_TEST(!f.may_ignore_window());
    BOOST_TEST(f.to_resend() == mss);
    front_flight::board{f, 100}.mark_front(mss);
    f.on_ack(50, mss, true);
    BOOST_TEST(!f.may_ignore_window());
}

BOOST_AUTO_TEST_SUITE_END()
