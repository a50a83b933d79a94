// SPDX-License-Identifier: BSL-1.0
// FIN-WAIT-2 of a connection whose handle was closed: by default a minute, then its slot is free. RFC 9293, figure 5 knows no way out of
// FIN-WAIT-2 but the peer's FIN; a peer that never sends it must not hold a slot that nobody can name any more.
#include <boost/test/unit_test.hpp>

#include <memory>

#include <host/pair.hpp>

namespace tenon {
namespace {

using namespace tenon::test;

struct patient : small {
    using time_wait = tenon::time_wait::rfc9293<tenon::time_wait::parameters{.fin_wait_2 = {}}>;
};
struct hasty : small {
    using time_wait = tenon::time_wait::rfc9293<tenon::time_wait::parameters{.fin_wait_2 = from_s(5)}>;
};

// A client whose peer accepts, acknowledges and never closes.
template <class P>
struct scene : pair<P> {
    connection_handle near{};
    connection_handle far{};

    scene() {
        auto const l = *this->server.listen({server_address, 80});
        near = *this->connect();
        this->run(1_ms);
        far = *this->server.accept(l);
    }
};

BOOST_AUTO_TEST_SUITE(host_fin_wait_2)

BOOST_AUTO_TEST_CASE(a_closed_handle_gives_its_slot_back_after_a_minute) {
    auto s = std::make_unique<scene<small>>();
    BOOST_TEST((s->client.close(s->near) == error::none));
    s->run(59_s);
    BOOST_TEST(s->client.connection_count() == 1u);
    s->run(2_s);
    BOOST_TEST(s->client.connection_count() == 0u);
    BOOST_TEST(s->client.time_wait_count() == 0u);
    BOOST_TEST(!s->client.next_deadline(s->now).has_value());
}

BOOST_AUTO_TEST_CASE(the_minute_counts_from_close_where_one_direction_was_shut_down_before) {
    auto s = std::make_unique<scene<small>>();
    BOOST_TEST((s->client.shutdown(s->near) == error::none));
    s->run(1000_s);  // RFC 9293, 3.6: a half-closed connection lasts as long as its users want
    BOOST_TEST((s->client.state(s->near) == state::fin_wait_2));
    BOOST_TEST((s->client.close(s->near) == error::none));
    s->run(59_s);
    BOOST_TEST(s->client.connection_count() == 1u);
    s->run(2_s);
    BOOST_TEST(s->client.connection_count() == 0u);
}

// Whose peer answers keep-alives is alive, and still need not ever close.
BOOST_AUTO_TEST_CASE(keep_alives_do_not_hold_the_slot) {
    for (bool const before : {false, true}) {
        auto s = std::make_unique<scene<small>>();
        s->client.keep_alive(s->near, true);
        if (before) s->client.shutdown(s->near);
        s->run(1_s);
        BOOST_TEST((s->client.close(s->near) == error::none));
        s->run(61_s);
        BOOST_TEST(s->client.connection_count() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_fin_within_the_minute_leads_to_time_wait) {
    auto s = std::make_unique<scene<small>>();
    s->client.close(s->near);
    s->run(59_s);
    s->server.close(s->far);
    s->run(1_ms);
    BOOST_TEST(s->client.connection_count() == 0u);
    BOOST_TEST(s->client.time_wait_count() == 1u);
}

BOOST_AUTO_TEST_CASE(another_limit_holds_as_well) {
    auto s = std::make_unique<scene<hasty>>();
    s->client.close(s->near);
    s->run(4_s);
    BOOST_TEST(s->client.connection_count() == 1u);
    s->run(2_s);
    BOOST_TEST(s->client.connection_count() == 0u);
}

BOOST_AUTO_TEST_CASE(without_a_limit_the_slot_is_kept) {
    auto s = std::make_unique<scene<patient>>();
    s->client.close(s->near);
    s->run(100'000_s);
    BOOST_TEST(s->client.connection_count() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tenon
