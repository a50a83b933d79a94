// SPDX-License-Identifier: BSL-1.0
// Two hosts joined by a memory pair, and packets that may be dropped on the way.
#pragma once
#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include <tenon/host.hpp>
#include <tenon/policy/buffer/pool.hpp>
#include <tenon/policy/network/ipv4.hpp>
#include <tenon/transport/memory.hpp>

namespace tenon::test {

constexpr auto server_address = ipv4(192, 0, 2, 1);
constexpr auto client_address = ipv4(192, 0, 2, 2);

struct small : default_policies {
    using network        = tenon::network::ipv4;
    using send_buffer    = tenon::buffer::ring<4096>;
    using receive_buffer = tenon::buffer::ring<4096>;
};

using wire_pair = transport::memory_pair<transport::memory_options{.slots = 256}>;
using wire_end  = wire_pair::end;

// Drops what `drops` says; refuses while `refuses`, or beyond `most_now`.
struct lossy {
    static constexpr auto most = wire_end::most;
    wire_end* end{};
    bool (*drops)(void*, octets_in){};
    void* state{};
    bool refuses{};
    unsigned sent{};
    int most_now{-1};  // packets it takes before it refuses; -1: any

    transport::capabilities limits() const noexcept { return end->limits(); }
    octets_out reserve(bytes n) noexcept { return refuses || most_now == 0 ? octets_out{} : end->reserve(n); }
    transport::ticket commit(octets_out frame, std::span<octets_in const> body, transport::departure const& how) noexcept {
        if (most_now > 0) --most_now;
        if (drops != nullptr && drops(state, frame)) return ++sent;
        auto const t = end->commit(frame, body, how);
        if (t != 0) ++sent;
        return t;
    }
    void cancel(octets_out frame) noexcept { end->cancel(frame); }
    transport::ticket flush() noexcept { return end->flush(); }
    std::span<transport::arrival> arrivals(std::span<transport::arrival> burst) noexcept { return end->arrivals(burst); }
    void give_back(transport::arrival const& a) noexcept { end->give_back(a); }
};

inline octets_in octets(std::string_view s) { return std::as_bytes(std::span{s}); }

template <class Host>
std::string text_of(Host& h, connection_handle c) {
    std::string s(h.readable(c), ' ');
    auto const t = h.receive(c, std::as_writable_bytes(std::span{s}));
    s.resize(t.count);
    return s;
}

template <class P = small, host_size Size = host_size{}>
struct pair {
    using host = tenon::host<P, lossy, Size>;

    wire_pair wire;
    lossy near{&wire.a()};  // the client's
    lossy far{&wire.b()};   // the server's
    host client;
    host server;
    instant now{1'000'000'000};

    pair() {
        client.keep_secret({1, 2});
        server.keep_secret({3, 4});
    }

    auto connect(std::uint16_t to = 80, std::uint16_t from = 0) {
        return client.connect(near, now, {client_address, from}, {server_address, to});
    }

    // Polls both until nothing is left to do at this instant, then goes to the next deadline, until `span` is over.
    // Returns how often it polled.
    unsigned run(duration span) {
        instant const end = now + span;
        unsigned polls = 0;
        while (true) {
            client.poll(near, now);
            server.poll(far, now);
            ++polls;
            if (wire.a().waiting() != 0 || wire.b().waiting() != 0) continue;
            auto const next = engine::earliest(client.next_deadline(now), server.next_deadline(now));
            if (!next || *next > end) break;
            now = std::max(now, *next);
            if (polls > 1'000'000) break;
        }
        now = end;
        return polls;
    }
};

// Whoever it is at one end of the wire: writes any segment, reads what comes.
struct stranger {
    wire_end& end;

    struct seen {
        engine::tuple<ipv4_address> ends;  // as the stranger sees it
        wire::segment tcp;                 // its views are gone
    };

    void send(engine::tuple<ipv4_address> const& from, wire::flags control, sequence seq, sequence ack = {},
              std::string_view payload = {}) {
        write(from, control, seq, ack, {}, payload);
    }
    // Options of a multiple of four octets.
    void send_with(engine::tuple<ipv4_address> const& from, wire::flags control, sequence seq, octets_in options) {
        write(from, control, seq, {}, options, {});
    }
    void write(engine::tuple<ipv4_address> const& from, wire::flags control, sequence seq, sequence ack, octets_in options,
               std::string_view payload) {
        auto const header = 20 + options.size();
        auto const length = static_cast<bytes>(header + payload.size());
        auto const frame = end.reserve(20 + length);
        if (frame.empty()) return;
        wire::write_ipv4(frame.data(), {.source = from.local, .destination = from.remote,
                                         .payload = static_cast<std::uint16_t>(length)});
        wire::write_header(frame.data() + 20, {.source = from.local_port, .destination = from.remote_port, .seq = seq,
                                               .ack = ack, .control = control, .window = 8192});
        frame[32] = static_cast<std::byte>(header / 4 << 4);
        if (!options.empty()) std::memcpy(frame.data() + 40, options.data(), options.size());
        if (!payload.empty()) std::memcpy(frame.data() + 20 + header, payload.data(), payload.size());
        auto const sum = wire::sum(frame.subspan(20), wire::pseudo_header(from.local, from.remote, length));
        wire::put_checksum(frame.data() + 20, wire::finish(sum));
        end.commit(frame, {}, {});
    }

    std::optional<seen> receive() {
        transport::arrival room[1];
        auto const got = end.arrivals(room);
        if (got.empty()) return std::nullopt;
        engine::received<network::ipv4> in;
        auto const taken = engine::take_in<network::ipv4, checksum::internet, wire_end::most>(got[0], in);
        end.give_back(got[0]);
        if (taken != engine::taken::segment) return std::nullopt;
        return seen{{in.ip.destination, in.ip.source, in.tcp.destination, in.tcp.source}, in.tcp};
    }
};

constexpr auto syn = wire::flags{wire::flag::syn}, ack = wire::flags{wire::flag::ack}, rst = wire::flags{wire::flag::rst},
               fin_ack = wire::flag::fin | wire::flag::ack, syn_ack = wire::flag::syn | wire::flag::ack,
               psh_ack = wire::flag::psh | wire::flag::ack;

}  // namespace tenon::test
