// SPDX-License-Identifier: BSL-1.0
// Fuzzes one endpoint, server or client, of one of four compositions. The input is a script: segments whose numbers are
// relative to the endpoint's real state and whose checksums are right, so that they get in; application calls; steps of the
// clock; refusals of the transport; ICMP errors; raw octets. The invariants are the oracle. At exit it prints the share of
// inputs that reached ESTABLISHED; after 10,000 inputs or more, less than half is a failure: the fuzzer would test nothing.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include <tenon/endpoint.hpp>
#include <tenon/policy/acknowledgement/immediate.hpp>
#include <tenon/policy/blind_attack_checks/none.hpp>
#include <tenon/policy/checksum/by_transport.hpp>
#include <tenon/policy/clock/tick32.hpp>
#include <tenon/policy/initial_sequence/fixed.hpp>
#include <tenon/policy/network/ipv4.hpp>
#include <tenon/policy/observer/counters.hpp>

#include "support/invariants.hpp"
#include "support/patterns.hpp"
#include "script.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

using namespace tenon;
using test::broken, test::script, test::wire_end;

struct plain : default_policies {
    using send_buffer    = buffer::ring<8192>;
    using receive_buffer = buffer::ring<8192>;
    using observer       = tenon::observer::counters;
};
struct scaled : default_policies {
    using receive_buffer   = buffer::ring<200'000>;
    using initial_sequence = tenon::initial_sequence::fixed<0xfffffff0>;
    using clock            = tenon::clock::tick32<>;
    using checksum         = tenon::checksum::by_transport;
};
struct cramped : plain {
    using send_buffer         = buffer::ring<7>;
    using receive_buffer      = buffer::ring<7>;
    using reassembly          = tenon::reassembly::interval_list<1>;
    using network             = tenon::network::ipv4;
    using options             = tenon::options::minimal;
    using acknowledgement     = tenon::acknowledgement::immediate;
    using blind_attack_checks = tenon::blind_attack_checks::none;
};

template <class P, std::uint16_t Segments>
class play {
    using wire_type = wire_end<Segments>;
    using end_type  = endpoint<P, wire_type>;
    using network   = typename P::network;
    using datagrams = engine::datagram_of<network>;
    using address   = typename network::address;

public:
    explicit play(script s) : script_{s} {}

    bool run() {
        auto const first = script_.octet();
        v6_     = network::v6 && (first & 4) != 0;
        server_ = (first & 8) != 0;
        now_    = instant{} + from_s(script_.octet() * 9'000);  // also beside the wrap of a clock of milliseconds
        if (server_) static_cast<void>(end_->listen({ours(), 80}));
        else if (end_->connect(wire_, reading(), {ours(), 80}, {theirs(), 4000}) != error::none) broken("connect refused");
        poll();
        if ((first & 0x30) != 0x30) shake_hands();
        for (unsigned steps = 0; !script_.over() && steps < 4000; ++steps) step();
        drain();
        return established_;
    }

private:
    address ours() const { return make(1); }
    address theirs() const { return make(2); }
    address make(std::uint8_t n) const {
        if constexpr (network::v6) return v6_ ? ipv6(0xfd00, 0, 0, 0, 0, 0, 0, n) : to_mapped(ipv4(10, 0, 0, n));
        else return ipv4(10, 0, 0, n);
    }
    typename end_type::reading reading() const {
        if constexpr (std::is_same_v<typename end_type::reading, instant>) return now_;
        else return static_cast<std::uint32_t>(now_.nanoseconds / 1'000'000);
    }
    // How long until the deadline; none: there is none.
    std::optional<duration> wait() {
        auto const at = end_->next_deadline(reading());
        if (!at) return std::nullopt;
        if constexpr (std::is_same_v<typename end_type::reading, instant>) return *at - now_;
        else return from_ms(static_cast<std::int32_t>(*at - reading()));
    }

    void poll() {
        if (std::getenv("TENON_TRACE") != nullptr)
            std::fprintf(stderr, "poll at %lld ms, state %u, arriving %zu octets\n", static_cast<long long>(now_.nanoseconds / 1'000'000),
                         static_cast<unsigned>(end_->state()), wire_.next.size());
        // An owed RST of abort() may go out after it, but answers nothing.
        bool const answering_rst = !wire_.next.empty() && arriving_rst_ && end_->state() != state::closed;
        auto const resets        = wire_.sent.resets;
        bool const refusing      = wire_.refuse != 0;
        end_->poll(wire_, reading());
        if (answering_rst && wire_.sent.resets != resets) broken("a RST answers a RST");
        arriving_rst_ = false;
        if (auto const wrong = watch_.check(*end_)) broken(wrong);
        if (!refusing)
            if (auto const wrong = watch_.liveness(*end_, wait())) broken(wrong);
        established_ |= end_->state() >= state::established;
        if (end_->state() <= state::listen) wire_.sent.forget();
    }

    // ---- what the peer says

    void deliver(wire::header h, octets_in payload, octets_in options = {}) {
        if (!wire_.next.empty()) poll();
        h.source      = 4000;
        h.destination = 80;
        h.options     = static_cast<std::uint8_t>(options.size());
        bytes const ip = network::header(theirs());
        auto const  n  = static_cast<bytes>(20 + options.size() + payload.size());
        wire_.next.resize(ip + n);
        auto* const to = wire_.next.data();
        datagrams::write(to, theirs(), ours(), n);
        wire::write_header(to + ip, h);
        std::copy(options.begin(), options.end(), to + ip + 20);
        std::copy(payload.begin(), payload.end(), to + ip + 20 + options.size());
        if (std::getenv("TENON_TRACE") != nullptr)
            std::fprintf(stderr, "  peer flags %02x seq %08x ack %08x window %5u payload %4zu options %zu\n", h.control.bits(), h.seq.value, h.ack.value,
                         h.window, payload.size(), options.size());
        wire::put_checksum(to + ip, wire::finish(wire::sum(octets_in{to + ip, n}, datagrams::pseudo_header(theirs(), ours(), n))));
        arriving_rst_ = h.control.has(wire::flag::rst);
        if (h.control.has(wire::flag::syn) && (end_->state() == state::listen || end_->state() == state::syn_sent)) note_syn(options);
    }
    void note_syn(octets_in options) {
        auto const v = wire::read_options<wire::option_set::mss | wire::option_set::window_scale | wire::option_set::timestamps |
                                             wire::option_set::sack_permitted>(options);
        wire_.sent.on_peer_syn({.has_scale = v.has(wire::option_set::window_scale), .has_mss = v.has(wire::option_set::mss),
                                 .has_stamps = v.has(wire::option_set::timestamps),
                                 .permits_sack = v.has(wire::option_set::sack_permitted), .mss = v.mss});
    }
    octets_in syn_options() {
        auto* to = options_.data();
        auto const choice = script_.octet();
        if ((choice & 1) != 0) to = wire::put_mss(to, static_cast<std::uint16_t>(script_.octet() * (choice >> 4)));
        if ((choice & 2) != 0) to = wire::put_window_scale(wire::put_nop(to), choice >> 4);
        if ((choice & 4) != 0) *to++ = static_cast<std::byte>(script_.octet()), to = wire::put_padding(options_.data(), to);
        if ((choice & 8) != 0 && (choice & 4) == 0) {
            to = wire::put_timestamps(wire::put_sack_permitted(to), {.value = script_.word() * 0x10001u, .echo = 0});
            to = wire::put_padding(options_.data(), to);
        }
        return {options_.data(), static_cast<std::size_t>(to - options_.data())};
    }
    // What every segment must have once it is negotiated; now and then an old one, or none.
    octets_in stamps([[maybe_unused]] std::int8_t drift) {
        if constexpr (!P::options::offered.timestamps) return {};
        else return write_stamps(end_->connection().stamps(), drift);
    }
    octets_in write_stamps(auto const& t, std::int8_t drift) {
        if (!t.agreed() || drift == 127) return {};
        auto const recent = t.recent() + static_cast<std::uint32_t>(drift < -100 ? drift : drift & 15);
        wire::put_timestamps(wire::put_nop(wire::put_nop(options_.data())), {.value = recent, .echo = t.offset() + static_cast<std::uint8_t>(drift)});
        return {options_.data(), 12};
    }

    void shake_hands() {
        sequence const theirs{0xfffff000u + script_.octet() * 16u};
        auto const window = static_cast<std::uint16_t>(script_.word() | 1024);
        if (server_) {
            deliver({.seq = theirs, .control = wire::flag::syn, .window = window}, {}, syn_options());
            poll();
        }
        auto const ack = end_->connection().sending().space.nxt;
        if (server_) deliver({.seq = theirs + 1, .ack = ack, .control = wire::flag::ack, .window = window}, {}, stamps(0));
        else deliver({.seq = theirs, .ack = ack, .control = wire::flag::syn | wire::flag::ack, .window = window}, {}, syn_options());
        poll();
    }

    void segment() {
        auto const& snd = end_->connection().sending().space;
        auto const& rcv = end_->connection().receiving().space;
        auto const kind = script_.octet();
        auto const near = static_cast<std::int8_t>(script_.octet());
        wire::header h{.control = wire::flag::ack, .window = script_.word()};
        switch (kind & 3) {  // where in the window it begins
            case 0: h.seq = rcv.nxt; break;
            case 1: h.seq = {rcv.nxt.value + static_cast<std::uint32_t>(near)}; break;
            case 2: h.seq = {rcv.edge.value + static_cast<std::uint32_t>(near)}; break;
            case 3: h.seq = rcv.nxt + static_cast<std::uint8_t>(near) * 37u; break;
        }
        switch (kind >> 2 & 3) {
            case 0: h.ack = snd.nxt; break;
            case 1: h.ack = snd.una; break;
            case 2: h.ack = snd.una + snd.outstanding() / 2; break;
            case 3: h.ack = {snd.nxt.value + static_cast<std::uint32_t>(static_cast<std::int8_t>(script_.octet()))}; break;
        }
        octets_in options{};
        if ((kind & 0x10) != 0) {  // any flags
            h.control = wire::flags{static_cast<std::uint16_t>(script_.octet() & 0x3f)};
            if (h.control.has(wire::flag::syn)) options = syn_options();
        } else if ((kind & 0x20) != 0) {
            h.control |= wire::flag::fin;
        }
        if (options.empty()) options = stamps(near);
        std::size_t const n = (kind & 0x40) != 0 ? script_.octet() * ((kind & 0x80) != 0 ? 5u : 1u) : 0;
        std::array<std::byte, 1280> payload;
        auto const at = h.seq + (h.control.has(wire::flag::syn) ? 1u : 0u);
        for (std::size_t i = 0; i < n; ++i) payload[i] = test::pattern(1, (at + static_cast<bytes>(i)).value);
        wire_.cut = Segments > 1 && n > 100 ? 100 : 0;
        deliver(h, octets_in{payload}.first(n), options);
    }

    void raw() {
        if (!wire_.next.empty()) poll();
        wire_.next.resize(script_.octet());
        for (auto& octet : wire_.next) octet = static_cast<std::byte>(script_.octet());
        if (Segments > 1) trusted_ = false;  // its checksum was not looked at
    }

    // An error that quotes a segment of the endpoint's, over IPv4.
    void icmp() {
        if (v6_ || !wire_.next.empty()) return;
        auto const ours_seq = end_->connection().sending().space.una + script_.octet();
        std::array<std::byte, 20 + 8 + 20 + 8> packet{};
        wire::write_ipv4(packet.data(), {.source = ipv4(10, 0, 0, 2), .destination = ipv4(10, 0, 0, 1), .payload = 36});
        packet[9] = std::byte{1};
        wire::put16(packet.data() + 10, 0);
        wire::put16(packet.data() + 10, static_cast<std::uint16_t>(~test::folded_sum(octets_in{packet}.first(20))));
        auto* const message = packet.data() + 20;
        message[0] = std::byte{3};
        message[1] = static_cast<std::byte>(script_.octet() & 15);
        wire::put16(message + 6, script_.word());
        wire::write_ipv4(message + 8, {.source = ipv4(10, 0, 0, 1), .destination = ipv4(10, 0, 0, 2), .payload = 20});
        wire::put16(message + 28, 80);
        wire::put16(message + 30, 4000);
        wire::put32(message + 32, ours_seq.value);
        wire::put16(message + 2, static_cast<std::uint16_t>(~test::folded_sum(octets_in{packet}.subspan(20))));
        wire_.next.assign(packet.begin(), packet.end());
    }

    // ---- what the application does

    void read() {
        std::array<std::byte, 700> room;
        auto const before = end_->readable();
        auto const got = end_->receive(octets_out{room}.first(1u + script_.octet() * 2u));
        if (got.count > before) broken("more was read than was readable");
        // The peer's octets carry their sequence numbers.
        auto const front = end_->connection().receiving().space.front;
        for (bytes i = 0; i < got.count; ++i)
            if (trusted_ && room[i] != test::pattern(1, (front - (got.count - i)).value)) broken("an octet was delivered in the wrong place");
    }
    void write() {
        std::array<std::byte, 3000> octets{};
        auto const done = end_->send(octets_in{octets}.first(1u + script_.octet() * 10u));
        if (done.status == error::none && done.count == 0) broken("nothing was written, and nothing is in the way");
    }

    void step() {
        auto const op = script_.octet();
        switch (op & 15) {
            case 0: case 1: case 2: case 3: case 4: segment(); break;
            case 5: write(); break;
            case 6: read(); break;
            case 7: now_ += from_ms(op >> 4); break;
            case 8: {  // to the deadline
                auto const w = wait();
                if (w && *w > duration{}) now_ += *w;
                break;
            }
            case 9: wire_.refuse = script_.octet(); break;
            case 10: raw(); break;
            case 11: icmp(); break;
            case 12: if (op >> 4 < 8) static_cast<void>(end_->shutdown()); break;
            case 13: if (op >> 4 < 3) static_cast<void>(end_->close()); else if (op >> 4 == 15) static_cast<void>(end_->abort()); break;
            case 14: end_->no_delay((op & 16) != 0); end_->keep_alive((op & 32) != 0); break;
            case 15: now_ += from_s(op >> 4); break;
        }
        if (auto const wrong = watch_.check(*end_)) broken(wrong);
        if (op < 0xd0) poll();
    }

    // Whatever has happened, waiting for one deadline after the other comes to rest: no call asks for the same instant for ever.
    void drain() {
        wire_.refuse = 0;
        poll();
        unsigned idle = 0;
        for (unsigned i = 0; i < 300; ++i) {
            auto const w = wait();
            if (!w) return;
            idle = *w > duration{} ? 0 : idle + 1;
            if (idle > 100) broken("a deadline that never passes");
            if (*w > duration{}) now_ += *w;
            poll();
        }
    }

    script script_;
    std::unique_ptr<end_type> end_ = std::make_unique<end_type>();
    wire_type wire_{};
    test::watcher<P, wire_type> watch_{};
    std::array<std::byte, 48> options_{};
    instant now_{};
    bool server_{}, v6_{}, established_{}, arriving_rst_{};
    bool trusted_{true};
};

struct census {
    unsigned long inputs{}, established{};
    ~census() {
        if (inputs == 0) return;
        std::fprintf(stderr, "reached ESTABLISHED: %lu of %lu inputs (%lu %%)\n", established, inputs, established * 100 / inputs);
        if (inputs >= 10'000 && established * 2 < inputs) std::_Exit(1);
    }
} counted;

// Scripts that go through a connection's whole life, to begin with.
std::uint8_t const seeds[][40] = {
    {0, 1, 9, 3, 0x11, 0x50, 5, 200, 0, 0x40, 0, 0xff, 0xff, 90, 6, 40, 0, 0, 0, 0xff, 0xff, 12, 8, 0, 0x20, 0, 0xff, 0xff, 8},
    {8, 2, 9, 3, 0x13, 0x50, 0, 0xc1, 9, 0xff, 0xff, 200, 0, 0xc0, 0, 0xff, 0xff, 3, 6, 99, 5, 99, 8, 0, 4, 0, 0, 0, 8, 8},
    {9, 3, 9, 3, 0x13, 0x50, 5, 255, 5, 255, 0, 4, 0, 9, 9, 0, 4, 0, 9, 9, 0, 4, 0, 9, 9, 8, 8, 0, 0, 0, 99, 99},
    {10, 4, 9, 3, 0x10, 0, 5, 3, 0, 0x43, 2, 0, 7, 3, 0, 0x40, 0, 0, 7, 70, 6, 9, 12, 13, 0, 0x20, 0, 0, 7, 8},
};

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
    if (seed % 64 == 0 || size < 2) {
        auto const& one = seeds[seed / 64 % std::size(seeds)];
        size = std::min(most, sizeof one);
        std::memcpy(data, one, size);
    }
    return LLVMFuzzerMutate(data, size, most);
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0) return 0;
    script const s{data, size};
    bool reached = false;
    switch (data[0] & 3) {
        case 0: reached = play<plain, 1>{s}.run(); break;
        case 1: reached = play<scaled, 8>{s}.run(); break;
        case 2: reached = play<cramped, 1>{s}.run(); break;
        case 3: reached = play<default_policies, 1>{s}.run(); break;
    }
    ++counted.inputs;
    counted.established += reached;
    return 0;
}
