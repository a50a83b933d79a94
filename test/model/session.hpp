// SPDX-License-Identifier: BSL-1.0
// Sessions: two endpoints on a bad path, the deeds of one of them recorded so that it can do them again.
#pragma once
#include <deque>
#include <optional>
#include <vector>

#include <tenon/endpoint.hpp>
#include <tenon/simulation/random.hpp>

#include "support/patterns.hpp"

namespace model {

using namespace tenon;

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

// Where a conversation begins; the policy that comes with the library counts with the clock. a is the end with port 9 at 10.0.0.1.
struct scripted_start {
    static constexpr bool needs_secret = false;
    static inline initial_sequence::start a{sequence{0xfffff000}, 0}, b{sequence{0xfffff000}, 0};

    static initial_sequence::start initial(initial_sequence::facts const& f) noexcept {
        auto const& s = f.local.back() == std::byte{1} ? a : b;
        return {f.floor && s.number <= *f.floor ? *f.floor + 1 : s.number, s.timestamp_offset};
    }
    friend constexpr bool operator==(scripted_start, scripted_start) noexcept = default;
};

struct policies : default_policies {
    using send_buffer      = buffer::ring<4096>;
    using receive_buffer   = buffer::ring<4096>;
    using initial_sequence = scripted_start;
};
using end_type = endpoint<policies, recorder>;

inline end_type::address at(std::uint8_t n) { return {to_mapped(ipv4(10, 0, 0, n)), 9}; }

// What one endpoint was told, in order; enough to do it again.
struct deed {
    duration after{};               // since the beginning
    std::optional<packet> arrives{};
    bytes writes{}, reads{};
    bool  shuts{};
};

// Two endpoints, one of them recorded, on a path that loses one packet in sixteen and delays all by 20 ms.
template <class Endpoint>
struct session_of {
    std::vector<deed>   deeds{};
    std::vector<packet> sent{};
    Endpoint            last{};
};
using session = session_of<end_type>;

template <class Endpoint>
void perform(Endpoint& e, recorder& wire, deed const& d, instant now, test::stream& s) {
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

// `watch` sees both ends after every step.
template <class Policies, class Watch>
session_of<endpoint<Policies, recorder>> play_with(std::uint64_t seed, instant epoch, Watch&& watch) {
    simulation::random random{seed};
    session_of<endpoint<Policies, recorder>> result;
    endpoint<Policies, recorder> a{}, b{};
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
        watch(a.connection(), b.connection(), now);
    }
    result.last = a;
    return result;
}
template <class Watch>
session play(std::uint64_t seed, instant epoch, Watch&& watch) {
    return play_with<policies>(seed, epoch, watch);
}
inline session play(std::uint64_t seed, instant epoch) {
    return play(seed, epoch, [](auto const&, auto const&, instant) {});
}

}  // namespace model
