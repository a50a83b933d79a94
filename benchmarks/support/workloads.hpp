// SPDX-License-Identifier: BSL-1.0
// The workloads that speed.cpp times and instructions.cpp counts: two endpoints in one thread over a memory pair, virtual
// time, both ends' work and the ACKs' share included. A segment is one full-sized data segment.
#pragma once
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include <tenon/endpoint.hpp>
#include <tenon/policy/buffer/by_reference.hpp>
#include <tenon/policy/checksum/by_transport.hpp>
#include <tenon/policy/network/ipv4.hpp>
#include <tenon/transport/memory.hpp>

namespace workload {

using namespace tenon;

// A receive store that keeps nothing: for counting the protocol alone. What is read from it is all zero.
struct bit_bucket {
    using home = buffer::nothing;
    static constexpr bytes capacity = 262'144;
    static constexpr bytes promise(home const&) noexcept { return capacity; }
    static constexpr bytes write(home&, bytes at, octets_in in) noexcept {
        return at >= capacity ? 0 : static_cast<bytes>(std::min<std::size_t>(in.size(), capacity - at));
    }
    static constexpr bytes read(home const&, bytes, bytes, std::span<octets_in>) noexcept { return 0; }
    static constexpr void drop(home&, bytes) noexcept {}
    static constexpr void release(home&) noexcept {}
    friend constexpr bool operator==(bit_bucket, bit_bucket) noexcept = default;
};
static_assert(buffer::octet_store<bit_bucket>);

struct common : default_policies {
    using network = tenon::network::ipv4;
    using send_buffer = tenon::buffer::ring<262'144>;
    using receive_buffer = tenon::buffer::ring<262'144>;
};

// Copied from application to application, checksums made and checked.
struct copying : common {};
// Nothing copied, nothing summed: a card that gathers and offloads.
struct protocol_with_options : common {
    using send_buffer = tenon::buffer::by_reference<16>;
    using receive_buffer = bit_bucket;
    using checksum = tenon::checksum::by_transport;
};
// The same without timestamps and SACK: what these cost is the difference.
struct protocol : protocol_with_options {
    using options = tenon::options::offers<tenon::options::offer{.window_scale = true}>;
};

// A wire that hands headers over and leaves the payload where it is, as a card that gathers would; nobody reads the payload
// at the far end (bit_bucket), so its octets need not travel. What remains is the protocol's own work.
class header_wire {
    static constexpr std::uint32_t slots = 256;
    struct packet {
        std::uint32_t total{};
        std::array<std::byte, 1536> octets;
        packet() noexcept {}
    };
    struct queue {
        std::array<packet, slots> packets{};
        std::uint32_t next{}, handed{}, oldest{};
    };

public:
    class end {
    public:
        static constexpr transport::capabilities most{.pieces = 4, .send = transport::checksums::transport, .check = transport::checksums::transport};
        static constexpr transport::capabilities limits() noexcept { return most; }
        end(queue& out, queue& in) noexcept : out_{out}, in_{in} {}

        octets_out reserve(bytes n) noexcept {
            if (out_.next - out_.oldest == slots) return {};
            return {out_.packets[out_.next % slots].octets.data(), n};
        }
        void cancel(octets_out) noexcept {}
        transport::ticket commit(octets_out frame, std::span<octets_in const> body, transport::departure const&) noexcept {
            auto total = frame.size();
            for (auto const& piece : body) total += piece.size();
            out_.packets[out_.next++ % slots].total = static_cast<std::uint32_t>(total);
            return 1;
        }
        transport::ticket flush() noexcept { return 0; }
        std::span<transport::arrival> arrivals(std::span<transport::arrival> burst) noexcept {
            std::size_t n = 0;
            for (; n < burst.size() && in_.handed != in_.next; ++n, ++in_.handed) {
                auto const& p = in_.packets[in_.handed % slots];
                burst[n].octets   = {p.octets.data(), p.total};
                burst[n].verified = true;
            }
            return burst.first(n);
        }
        void give_back(transport::arrival const&) noexcept { ++in_.oldest; }

    private:
        queue& out_;
        queue& in_;
    };

    end& a() noexcept { return a_; }
    end& b() noexcept { return b_; }

private:
    queue to_a_{}, to_b_{};
    end a_{to_b_, to_a_}, b_{to_a_, to_b_};
};

using plain_wire = transport::memory_pair<transport::memory_options{.slots = 256}>;
template <class P, class Wire>
struct pair_of {
    using end = endpoint<P, typename Wire::end>;
    Wire wire{};
    end client{}, server{};
    instant now{1'000'000'000};

    static constexpr typename end::address client_address{ipv4(10, 0, 0, 1), 40'000}, server_address{ipv4(10, 0, 0, 2), 80};

    bool connect() {
        client.keep_secret({1, 2});
        server.keep_secret({3, 4});
        if (server.listen(server_address) != error::none) return false;
        if (client.connect(wire.a(), now, client_address, server_address) != error::none) return false;
        for (int i = 0; i < 4; ++i) step();
        return client.state() == state::established && server.state() == state::established;
    }
    void step() {
        client.poll(wire.a(), now);
        server.poll(wire.b(), now);
        now += from_us(20);
    }
    std::uint64_t received() const { return taken; }
    std::uint64_t taken{};
};

// Bulk: n segments of MSS octets from client to server.
template <class P, class Wire>
bool bulk(pair_of<P, Wire>& p, std::uint64_t segments) {
    std::uint64_t const total = segments * p.client.connection().mss();
    static std::array<std::byte, 1048576> data{};
    static std::array<std::byte, 65536> sink{};
    std::uint64_t sent = 0, idle = 0;
    p.taken = 0;
    while (p.taken < total) {
        auto const before = p.taken;
        while (sent < total) {
            octets_in const piece{data.data(), static_cast<std::size_t>(std::min<std::uint64_t>(data.size(), total - sent))};
            bytes n;
            if constexpr (buffer::refers_to_octets<typename P::send_buffer>) {
                while (p.client.released()) {}
                n = p.client.send_by_reference(piece, 1).count;
            } else {
                n = p.client.send(piece).count;
            }
            if (n == 0) break;
            sent += n;
        }
        p.step();
        if constexpr (std::is_same_v<typename P::receive_buffer, bit_bucket>) {
            p.taken += p.server.readable();
            p.server.consume(p.server.readable());
        } else {
            while (true) {
                auto const got = p.server.receive(sink);
                if (got.count == 0) break;
                p.taken += got.count;
            }
        }
        idle = p.taken == before ? idle + 1 : 0;
        if (idle > 100'000) return false;
        if (idle > 2) p.now += from_ms(1);  // a delayed ACK
    }
    return true;
}

// Requests and answers of 64 octets, one at a time.
template <class P, class Wire>
bool rpc(pair_of<P, Wire>& p, std::uint64_t rounds) {
    std::array<std::byte, 64> message{};
    for (std::uint64_t i = 0; i < rounds; ++i) {
        if (p.client.send(message).count != message.size()) return false;
        p.client.poll(p.wire.a(), p.now);
        p.server.poll(p.wire.b(), p.now);
        if (p.server.receive(message).count != message.size() || p.server.send(message).count != message.size()) return false;
        p.server.poll(p.wire.b(), p.now);
        p.client.poll(p.wire.a(), p.now);
        if (p.client.receive(message).count != message.size()) return false;
        p.now += from_us(100);
    }
    return true;
}

// Connect, close from the client's side, TIME-WAIT waited out.
template <class P, class Wire>
bool cycle(std::unique_ptr<pair_of<P, Wire>>& p, std::uint64_t rounds) {
    for (std::uint64_t i = 0; i < rounds; ++i) {
        if (!p->connect()) return false;
        (void)p->client.close();
        for (int k = 0; k < 2; ++k) p->step();
        (void)p->server.close();
        for (int k = 0; k < 3; ++k) p->step();
        p->now += from_s(241);
        p->step();
        if (p->client.state() != state::closed || p->server.state() != state::closed) return false;
    }
    return true;
}

}  // namespace workload
