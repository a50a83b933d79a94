// SPDX-License-Identifier: BSL-1.0
// A host asks nothing of a demux policy beyond the concept. The archetype gives all ends one hash and one bucket: what keeps the
// flows apart is the comparison of their ends alone.
#include <archetype/compositions.hpp>
#include <tenon/host.hpp>
#include <tenon/transport/memory.hpp>

#include <array>
#include <memory>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace tenon {
namespace {

struct composition : archetype::with_demux {
    using send_buffer    = buffer::ring<2048>;
    using receive_buffer = buffer::ring<2048>;
};
constexpr std::uint32_t flows = 20;
constexpr host_size size{.connections = flows, .listeners = 1, .half_open = flows, .time_wait = flows};
using wire = transport::memory_pair<transport::memory_options{.slots = 256}>;
using host_type = host<composition, wire::end, size>;

constexpr auto there = to_mapped(ipv4(192, 0, 2, 1)), here = to_mapped(ipv4(192, 0, 2, 2));

// Two hosts, and as many connections between them as they hold.
struct crowd {
    wire cable;
    host_type client, server;
    instant now{1'000'000'000};
    listener_handle listener{};
    std::vector<connection_handle> ours, theirs;

    void run(duration span) {
        for (auto const end = now + span; now < end; now += 20_ms) {
            client.poll(cable.a(), now);
            server.poll(cable.b(), now);
            while (auto const h = server.accept(listener)) theirs.push_back(*h);
        }
    }
    void open() {
        listener = *server.listen({there, 80}, {.backlog = flows});
        for (std::uint32_t i = 0; i < flows; ++i) ours.push_back(*client.connect(cable.a(), now, {here, 0}, {there, 80}));
        run(1_s);
    }
};

// The octet of a flow is the one of its client's port.
std::byte mark(std::uint16_t port) { return static_cast<std::byte>(port * 31 + port / 256); }

void say(host_type& h, connection_handle c, std::uint16_t port) {
    std::array const octets{mark(port), mark(port), mark(port)};
    BOOST_TEST(h.send(c, std::span{octets}).count == 3u);
}
void hears(host_type& h, connection_handle c, std::uint16_t port) {
    std::array<std::byte, 8> octets{};
    BOOST_TEST(h.receive(c, octets).count == 3u);
    for (std::size_t i = 0; i < 3; ++i) BOOST_TEST((octets[i] == mark(port)));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_demux_archetype)

BOOST_AUTO_TEST_CASE(a_host_tells_flows_of_one_hash_apart) {
    auto const c = std::make_unique<crowd>();
    c->open();
    BOOST_REQUIRE(c->theirs.size() == flows);
    for (auto const h : c->ours) say(c->client, h, c->client.local(h).port);
    for (auto const h : c->theirs) say(c->server, h, c->server.remote(h).port);
    c->run(1_s);
    for (auto const h : c->ours) hears(c->client, h, c->client.local(h).port);
    for (auto const h : c->theirs) hears(c->server, h, c->server.remote(h).port);
}

// What ends leaves the others in the chain: from its front, from its end and from between.
BOOST_AUTO_TEST_CASE(a_host_finds_the_rest_when_some_have_gone) {
    auto const c = std::make_unique<crowd>();
    c->open();
    BOOST_REQUIRE(c->theirs.size() == flows);
    std::vector<connection_handle> left;
    for (std::uint32_t i = 0; i < flows; ++i) {
        if (i % 3 == 1) left.push_back(c->ours[i]);
        else if (i % 2 == 0) BOOST_TEST((c->client.abort(c->ours[i]) == error::none));
        else BOOST_TEST((c->client.close(c->ours[i]) == error::none));
    }
    c->run(1_s);
    for (auto const h : left) say(c->client, h, c->client.local(h).port);
    c->run(1_s);
    std::size_t heard = 0;
    for (auto const h : c->theirs)
        if (c->server.state(h) == state::established) hears(c->server, h, c->server.remote(h).port), ++heard;
    BOOST_TEST(heard == left.size());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tenon
