// SPDX-License-Identifier: BSL-1.0
// A copy of a connection with rings is a snapshot: it compares equal, goes its own way, and from it the same inputs give the
// same packets and the same state. Nothing depends on the clock's epoch: a run that begins later is the same run.
#include <boost/test/unit_test.hpp>

#include <deque>
#include <optional>
#include <vector>

#include <tenon/endpoint.hpp>
#include <tenon/policy/initial_sequence/fixed.hpp>
#include <tenon/simulation/random.hpp>

#include "support/patterns.hpp"

using namespace tenon;

namespace {

using packet = std::vector<std::byte>;

// Takes what it is given, and keeps what is sent.
struct recorder {
    static constexpr transport::capabilities most{};
    std::deque<packet>     in{};
    std::vector<packet>    out{};
    packet                 reading{};
    std::vector<std::byte> frame = std::vector<std::byte>(1500);
    transport::ticket      last{};

    transport::capabilities limits() const noexcept { return most; }
    octets_out reserve(bytes n) noexcept { return octets_out{frame}.first(n); }
    void cancel(octets_out) noexcept {}
    transport::ticket commit(octets_out f, std::span<octets_in const>, transport::departure const&) noexcept {
        out.emplace_back(f.begin(), f.end());
        return ++last;
    }
    transport::ticket flush() noexcept { return last; }
    std::span<transport::arrival> arrivals(std::span<transport::arrival> burst) noexcept {
        if (in.empty()) return {};
        reading = std::move(in.front());
        in.pop_front();
        burst[0] = {.octets = reading};
        return burst.first(1);
    }
    void give_back(transport::arrival const&) noexcept {}
};

struct policies : default_policies {
    using send_buffer      = buffer::ring<4096>;
    using receive_buffer   = buffer::ring<4096>;
    using initial_sequence = tenon::initial_sequence::fixed<0xfffff000>;  // the default one counts with the clock
};
using end_type = endpoint<policies, recorder>;

end_type::address at(std::uint8_t n) { return {to_mapped(ipv4(10, 0, 0, n)), 9}; }

// What one endpoint was told, in order; enough to do it again.
struct deed {
    duration after{};               // since the beginning
    std::optional<packet> arrives{};
    bytes writes{}, reads{};
    bool  shuts{};
};

// Two endpoints, one of them recorded, on a path that loses one packet in sixteen and delays all by 20 ms.
struct session {
    std::vector<deed>   deeds{};
    std::vector<packet> sent{};
    end_type            last{};
};

void perform(end_type& e, recorder& wire, deed const& d, instant now, test::stream& s) {
    if (d.arrives) wire.in.push_back(*d.arrives);
    if (d.writes != 0) {
        std::vector<std::byte> text(d.writes);
        s.fill(text);
        s.wrote(e.send(text).count);
    }
    if (d.reads != 0) {
        std::vector<std::byte> room(d.reads);
        static_cast<void>(e.receive(room));
    }
    if (d.shuts) static_cast<void>(e.shutdown());
    e.poll(wire, now);
}

session play(std::uint64_t seed, instant epoch) {
    simulation::random random{seed};
    session   result;
    end_type  a{}, b{};
    recorder  to_a{}, to_b{};
    std::deque<std::pair<instant, packet>> ab, ba;
    test::stream sa{.id = 1}, sb{.id = 2};
    static_cast<void>(b.listen(at(2)));
    static_cast<void>(a.connect(to_a, epoch, at(1), at(2)));
    for (unsigned step = 0; step < 600; ++step) {
        auto const since = from_ms(10) * step;
        auto const now   = epoch + since;
        deed d{.after = since, .writes = random.below(4) == 0 ? static_cast<bytes>(random.below(3000)) : 0,
               .reads = random.below(3) == 0 ? static_cast<bytes>(1 + random.below(2000)) : 0, .shuts = step == 550};
        deed e{.after = since, .writes = random.below(4) == 0 ? static_cast<bytes>(random.below(3000)) : 0, .reads = 4000};
        if (!ba.empty() && ba.front().first <= now) d.arrives = ba.front().second, ba.pop_front();
        if (!ab.empty() && ab.front().first <= now) e.arrives = ab.front().second, ab.pop_front();
        perform(a, to_a, d, now, sa);
        perform(b, to_b, e, now, sb);
        result.deeds.push_back(d);
        result.sent.insert(result.sent.end(), to_a.out.begin(), to_a.out.end());
        for (auto& p : to_a.out)
            if (random.below(16) != 0) ab.emplace_back(now + from_ms(20), std::move(p));
        for (auto& p : to_b.out)
            if (random.below(16) != 0) ba.emplace_back(now + from_ms(20), std::move(p));
        to_a.out.clear();
        to_b.out.clear();
    }
    result.last = a;
    return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(model)

BOOST_AUTO_TEST_CASE(a_copy_is_a_snapshot) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed) {
            auto const s = play(seed, instant{} + from_s(1000));
            BOOST_CHECK_GT(s.sent.size(), 20u);
            for (std::size_t fork : {std::size_t{0}, std::size_t{7}, std::size_t{150}, std::size_t{400}}) {
                end_type original{};
                recorder wire{}, again{};
                test::stream text{.id = 1};
                auto const epoch = instant{} + from_s(1000);
                static_cast<void>(original.connect(wire, epoch, at(1), at(2)));
                for (std::size_t i = 0; i < fork; ++i) perform(original, wire, s.deeds[i], epoch + s.deeds[i].after, text);
                auto const before = wire.out.size();
                auto copy      = original;
                auto text_copy = text;
                BOOST_CHECK(copy.connection() == original.connection());
                for (std::size_t i = fork; i < s.deeds.size(); ++i) perform(original, wire, s.deeds[i], epoch + s.deeds[i].after, text);
                BOOST_CHECK(!(copy.connection() == original.connection()));  // it has stayed behind
                for (std::size_t i = fork; i < s.deeds.size(); ++i) perform(copy, again, s.deeds[i], epoch + s.deeds[i].after, text_copy);
                BOOST_CHECK(copy.connection() == original.connection());
                BOOST_CHECK(original.connection() == s.last.connection());
                BOOST_CHECK(std::vector<packet>(wire.out.begin() + static_cast<std::ptrdiff_t>(before), wire.out.end()) == again.out);
                BOOST_CHECK(wire.out == s.sent);
            }
        }
    }
}

// Epochs that are whole units of every stored tick (at most 2^20 ns): then rounding is the same too. The last is beyond the
// wrap of 32 bits of 2^20 ns.
BOOST_AUTO_TEST_CASE(the_epoch_of_the_clock_means_nothing) {
    auto const unit = duration{std::int64_t{1} << 20};
    auto const first = play(5, instant{} + unit);
    for (std::int64_t n : {std::int64_t{1'000}, std::int64_t{1} << 31, (std::int64_t{1} << 32) - 2'000}) {
        auto const later = play(5, instant{} + unit * n);
        BOOST_CHECK(later.sent == first.sent);
        BOOST_CHECK(later.last.state() == first.last.state());
    }
}

BOOST_AUTO_TEST_SUITE_END()
