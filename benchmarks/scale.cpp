// SPDX-License-Identifier: BSL-1.0
// What a connection costs among many: octets of a half-open entry, of a TIME-WAIT record and of an idle connection; the time
// of an exchange over 1 to 10,000 connections, and of connect, accept and close with and without 10,000 records in TIME-WAIT.
// Two hosts in one process over a memory pair. Prints NAME value; answers 1 when a bound is broken.
//
// ctest: --quick
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <memory>
#include <vector>

#include <tenon/host.hpp>
#include <tenon/policy/recovery/timeout_only.hpp>
#include <tenon/policy/icmp/none.hpp>
#include <tenon/policy/give_up/none.hpp>
#include <tenon/policy/coalescing/none.hpp>
#include <tenon/policy/blind_attack_checks/none.hpp>
#include <tenon/policy/acknowledgement/immediate.hpp>
#include <tenon/policy/buffer/pool.hpp>
#include <tenon/policy/keep_alive/none.hpp>
#include <tenon/policy/network/ipv4.hpp>
#include <tenon/policy/reassembly/in_order_only.hpp>
#include <tenon/transport/memory.hpp>

namespace {

using namespace tenon::literals;

// The least that still is a TCP for many connections: stores that own nothing while they are empty.
// The axes of examples/04, with stores that own nothing while empty.
struct minimal : tenon::default_policies {
    using congestion          = tenon::congestion::new_reno<tenon::congestion::initial_window::rfc5681, false>;
    using recovery            = tenon::recovery::timeout_only;
    using network             = tenon::network::ipv4;
    using acknowledgement     = tenon::acknowledgement::immediate;
    using reassembly          = tenon::reassembly::in_order_only;
    using coalescing          = tenon::coalescing::none;
    using give_up             = tenon::give_up::none;
    using keep_alive          = tenon::keep_alive::none;
    using icmp                = tenon::icmp::none;
    using blind_attack_checks = tenon::blind_attack_checks::none;
    using time_wait           = tenon::time_wait::rfc9293<tenon::time_wait::parameters{.fin_wait_2 = {}}>;
    using options             = tenon::options::minimal;
    using send_buffer         = tenon::buffer::pool<256, 4096, 4096>;
    using receive_buffer      = tenon::buffer::pool<256, 4096, 4096>;
};
using connection = tenon::connection<minimal>;
using wire       = tenon::transport::memory_pair<tenon::transport::memory_options{.slots = 64}>;

constexpr tenon::host_size size{.connections = 10'240, .listeners = 1, .half_open = 64, .time_wait = 10'240};
using host = tenon::host<minimal, wire::end, size>;

constexpr auto near_address = tenon::ipv4(192, 0, 2, 1);
constexpr auto far_address  = tenon::ipv4(192, 0, 2, 2);

struct world {
    wire cable;
    minimal::send_buffer::home memory;
    host client, server;
    tenon::instant now{1'000'000'000};
    tenon::listener_handle listener{};

    world() {
        client.keep_secret({1, 2});
        server.keep_secret({3, 4});
        client.use(memory, memory);
        server.use(memory, memory);
        listener = *server.listen({far_address, 80}, {.backlog = 64});
    }

    // A round of polls, until nothing is under way.
    void settle() {
        do {
            client.poll(cable.a(), now);
            server.poll(cable.b(), now);
            now += 10_us;
        } while (cable.a().waiting() != 0 || cable.b().waiting() != 0);
    }

    tenon::connection_handle open(tenon::connection_handle& far) {
        auto const near = client.connect(cable.a(), now, {near_address, 0}, {far_address, 80});
        settle();
        far = *server.accept(listener);
        return *near;
    }
};

// Of this process: what else runs on the machine does not count.
double clock_ns() { return static_cast<double>(std::clock()) * (1e9 / CLOCKS_PER_SEC); }

double median(std::vector<double> v) {
    std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
    return v[v.size() / 2];
}

bool failed = false;

void require(bool fine, char const* what) {
    if (fine) return;
    std::printf("broken: %s\n", what);
    failed = true;
}

void sizes() {
    using address = minimal::network::address;
    // A place's own octets, and its part of the links, the chain and the wheel.
    constexpr std::size_t link = sizeof(tenon::index_rings<1, 1000>) / 1000, chain = 12, timer = 16;
    constexpr std::size_t half_open = sizeof(tenon::half_open<address, minimal::options::offered>) + link + chain + timer;
    constexpr std::size_t time_wait = sizeof(tenon::time_wait_record<address, minimal::clock::deadline_shift, false>) + link + chain;
    std::printf("half_open_octets_ipv4 %zu\ntime_wait_octets %zu\n", half_open, time_wait);
    std::printf("connection_octets %zu\n", sizeof(connection));
    constexpr std::size_t slot = (sizeof(host) - half_open * size.half_open - time_wait * size.time_wait) / size.connections;
    std::printf("connection_slot_octets %zu\n", slot);
    require(sizeof(connection) <= 128, "a connection that holds nothing takes at most 128 octets");
    require(slot <= sizeof(connection) + 80, "what a host keeps for a connection beside it takes at most 80 octets");
    require(half_open <= 64, "a half-open entry takes at most 64 octets");
    require(time_wait <= 64, "a TIME-WAIT record takes at most 64 octets");
}

struct client_and_server {
    tenon::connection_handle near{}, far{};
};

// Sixty-four octets there and back.
void exchange(world& w, client_and_server const& c) {
    std::array<std::byte, 64> octets{};
    (void)w.client.send(c.near, octets);
    w.settle();
    (void)w.server.receive(c.far, octets);
    (void)w.server.send(c.far, octets);
    w.settle();
    require(w.client.receive(c.near, octets).count == 64, "an exchange comes back whole");
}

double nanoseconds_per_exchange(world& w, std::vector<client_and_server> const& all, std::size_t connections,
                                std::size_t exchanges) {
    auto const before = clock_ns();
    for (std::size_t i = 0, c = 0; i < exchanges; ++i, c = c + 1 < connections ? c + 1 : 0) exchange(w, all[c]);
    auto const after = clock_ns();
    while (w.client.next_event()) {}
    while (w.server.next_event()) {}
    return (after - before) / static_cast<double>(exchanges);
}

void exchanges(bool quick) {
    auto w = std::make_unique<world>();
    std::vector<client_and_server> all(10'000);
    for (auto& c : all) c.near = w->open(c.far);
    constexpr std::array<std::size_t, 5> counts{1, 10, 100, 1000, 10'000};
    std::array<std::vector<double>, counts.size()> runs;
    for (std::size_t n : counts) (void)nanoseconds_per_exchange(*w, all, n, n);
    for (int round = 0; round < (quick ? 7 : 15); ++round)
        for (std::size_t i = 0; i < counts.size(); ++i)
            runs[i].push_back(nanoseconds_per_exchange(*w, all, counts[i], quick ? 10'000 : 50'000));
    for (std::size_t i = 0; i < counts.size(); ++i) std::printf("exchange_ns_among_%zu %.0f\n", counts[i], median(runs[i]));
    double const growth = median(runs[4]) / median(runs[0]);
    std::printf("exchange_growth %.2f\n", growth);
    require(growth <= 1.6, "an exchange among 10,000 connections takes at most 1.6 times as long as with one");
}

double nanoseconds_per_cycle(world& w, std::size_t cycles) {
    auto const before = clock_ns();
    for (std::size_t i = 0; i < cycles; ++i) {
        tenon::connection_handle far{};
        auto const near = w.open(far);
        require(w.client.close(near) == tenon::error::none, "a cycle opens");
        w.settle();
        (void)w.server.close(far);
        w.settle();
    }
    auto const after = clock_ns();
    while (w.client.next_event()) {}
    while (w.server.next_event()) {}
    return (after - before) / static_cast<double>(cycles);
}

void cycles(bool quick) {
    auto empty = std::make_unique<world>();
    auto full  = std::make_unique<world>();
    while (full->client.time_wait_count() < 10'000) (void)nanoseconds_per_cycle(*full, 100);
    std::size_t const n = quick ? 200 : 1000;
    std::vector<double> without, with;
    for (int round = 0; round < (quick ? 9 : 15); ++round) {
        empty->now += 241_s;  // 2 MSL: the records of the last round are over
        for (int i = 0; i < 100 && empty->client.time_wait_count() != 0; ++i) empty->settle();
        without.push_back(nanoseconds_per_cycle(*empty, n));
        with.push_back(nanoseconds_per_cycle(*full, n));
    }
    std::printf("cycle_ns_empty %.0f\n", median(without));
    std::printf("cycle_ns_with_%u_in_time_wait %.0f\n", full->client.time_wait_count(), median(with));
    double const growth = median(with) / median(without);
    std::printf("cycle_growth %.2f\n", growth);
    require(growth <= 1.5, "10,000 records in TIME-WAIT make a cycle at most 1.5 times as long");
}

}  // namespace

int main(int argc, char** argv) {
    bool const quick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
    sizes();
    exchanges(quick);
    cycles(quick);
    return failed ? 1 : 0;
}
