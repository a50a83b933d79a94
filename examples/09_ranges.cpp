// SPDX-License-Identifier: BSL-1.0
// 09: TCP and range-v3. New here: a computed range goes into the send buffer, what arrived is a range without being
// copied, and the options of a segment on the wire are one too.
// ctest:
// ctest: --count 100000
#include <array>
#include <cstdint>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <range/v3/algorithm/equal.hpp>
#include <range/v3/range/primitives.hpp>
#include <range/v3/view/drop.hpp>
#include <range/v3/view/iota.hpp>
#include <range/v3/view/take.hpp>
#include <range/v3/view/transform.hpp>

#include <tenon/endpoint.hpp>
#include <tenon/policy/network/ipv4.hpp>
#include <tenon/ranges.hpp>
#include <tenon/transport/memory.hpp>
#include <tenon/wire/parse.hpp>

namespace {

using wire_type = tenon::transport::memory_pair<>;
struct policies : tenon::default_policies {
    using network = tenon::network::ipv4;
};
using endpoint = tenon::endpoint<policies, wire_type::end>;

// Looks at the first segment on its way to `end`, and lets it pass.
void show_options(wire_type::end& end) {
    std::array<tenon::transport::arrival, 1> room;
    for (auto const& packet : end.arrivals(room)) {
        tenon::wire::segment syn;
        if (tenon::wire::parse(packet.octets.subspan(tenon::wire::ipv4_header_length), syn) == tenon::wire::parse_error::none)
            for (auto const option : tenon::options_of(syn))
                fmt::print("option of kind {}, {} octets\n", static_cast<int>(option.kind), option.body.size());
        end.give_back(packet);
    }
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Sends a computed range over TCP, reads it as a range, and lists the options of a SYN."};
    std::uint32_t count = 1'000;
    app.add_option("--count", count, "Octets to send");
    CLI11_PARSE(app, argc, argv);

    auto const wire = std::make_unique<wire_type>();
    auto const client = std::make_unique<endpoint>(), server = std::make_unique<endpoint>();
    auto const there = tenon::ipv4(192, 0, 2, 2);
    tenon::instant now{};
    server->listen({there, 7});
    client->connect(wire->a(), now, {tenon::ipv4(192, 0, 2, 1), 49152}, {there, 7});
    client->poll(wire->a(), now);
    show_options(wire->b());  // taken from the wire: the client's timer sends it again

    auto const squares = ranges::views::iota(std::uint32_t{0}, count) |
                         ranges::views::transform([](std::uint32_t i) { return static_cast<std::uint8_t>(i * i); });
    auto rest = ranges::begin(squares);
    std::uint32_t got = 0;
    for (; got < count; now += tenon::from_ms(1)) {
        rest = tenon::send(*client, rest, ranges::end(squares)).rest;
        client->poll(wire->a(), now);
        server->poll(wire->b(), now);
        auto const arrived = tenon::received(*server);
        auto const n = static_cast<tenon::bytes>(arrived.size());
        auto const expected = squares | ranges::views::drop(got) | ranges::views::take(n);
        if (!ranges::equal(arrived, expected, {}, {}, [](std::uint8_t o) { return std::byte{o}; })) return 1;
        if (n != 0) server->consume(n);
        got += n;
    }
    fmt::print("{} octets arrived as they were computed\n", got);
    return 0;
}
