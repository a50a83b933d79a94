// SPDX-License-Identifier: BSL-1.0
// Invariants: what holds for an endpoint after every event, and for every packet it sends, whatever the network does. Each
// check answers null, or a sentence that says what was broken. Independent of the code it checks: packets are read here by
// hand, and only what anybody may read of an endpoint is used.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <tenon/endpoint.hpp>

#include "support/test_transports.hpp"

namespace tenon::test {

using complaint = char const*;  // null: all is well

// ---- a packet, read by hand

struct emitted {
    std::uint16_t source{}, destination{}, window{};
    sequence      seq{}, ack{};
    unsigned      flags{};
    std::size_t   payload{};
    bool          has_scale{}, has_mss{}, has_stamps{}, permits_sack{};
    std::uint8_t  scale{}, sack_blocks{};
    std::uint32_t stamp{}, echo{};
    std::size_t   options{};  // octets
    std::uint16_t mss{};

    bool fin() const noexcept { return (flags & 1) != 0; }
    bool syn() const noexcept { return (flags & 2) != 0; }
    bool rst() const noexcept { return (flags & 4) != 0; }
    bool acks() const noexcept { return (flags & 16) != 0; }
    bytes length() const noexcept { return static_cast<bytes>(payload) + syn() + fin(); }
};

inline complaint strict_options(octets_in options, emitted& out) {
    std::size_t i = 0;
    while (i < options.size()) {
        auto const kind = wire::get8(options.data() + i);
        if (kind == 0) {
            for (; i < options.size(); ++i)
                if (wire::get8(options.data() + i) != 0) return "padding after the end of options is not zero";
            return nullptr;
        }
        if (kind == 1) {
            ++i;
            continue;
        }
        if (i + 1 >= options.size()) return "an option without a length";
        std::size_t const length = wire::get8(options.data() + i + 1);
        if (length < 2 || i + length > options.size()) return "an option runs beyond the header";
        if (kind == 2) {
            if (length != 4 || !out.syn()) return "MSS: a length of 4, in a SYN only";
            out.has_mss = true;
            out.mss = wire::get16(options.data() + i + 2);
        } else if (kind == 3) {
            if (length != 3 || !out.syn()) return "window scale: a length of 3, in a SYN only";
            out.has_scale = true;
            out.scale = wire::get8(options.data() + i + 2);
            if (out.scale > 14) return "a window scale above 14";
        } else if (kind == 4) {
            if (length != 2 || !out.syn()) return "SACK-permitted: a length of 2, in a SYN only";
            out.permits_sack = true;
        } else if (kind == 8) {
            if (length != 10 || out.has_stamps) return "timestamps: once, and a length of 10";
            out.has_stamps = true;
            out.stamp = wire::get32(options.data() + i + 2);
            out.echo  = wire::get32(options.data() + i + 6);
            if (!out.acks() && !out.rst() && out.echo != 0) return "an echo without ACK";
        } else if (kind == 5) {
            if (length % 8 != 2 || length < 10 || out.syn() || out.sack_blocks != 0) return "SACK: one to four blocks, in no SYN";
            for (std::size_t at = i + 2; at < i + length; at += 8, ++out.sack_blocks) {
                sequence const left{wire::get32(options.data() + at)}, right{wire::get32(options.data() + at + 4)};
                if (!(left < right)) return "an empty SACK block";
                if (out.sack_blocks != 0 && left <= out.ack) return "a SACK block below the cumulative acknowledgment that is not the first";
            }
        } else {
            return "an option of a kind that was not asked for";
        }
        i += length;
    }
    return nullptr;
}

// `check_sum` false: the transport makes it. `segments` of a super-packet share one header.
inline complaint strict_parse(octets_in packet, bytes mtu, bool check_sum, bool merged, emitted& out) {
    if (packet.size() < 40) return "shorter than its headers";
    if (!merged && packet.size() > mtu) return "longer than the MTU";
    auto const version = wire::get8(packet.data()) >> 4;
    auto const ip      = ip_header_of(packet);
    if (version != 4 && version != 6) return "neither IPv4 nor IPv6";
    if (packet.size() < ip + 20) return "shorter than its headers";
    if (version == 4 && (ip != 20 || wire::get16(packet.data() + 2) != packet.size())) return "IPv4: wrong length";
    if (version == 4 && folded_sum(packet.first(ip)) != 0xffff) return "IPv4: wrong header checksum";
    if (version == 4 && (wire::get8(packet.data() + 9) != 6 || wire::get8(packet.data() + 8) == 0)) return "IPv4: protocol or TTL";
    if (version == 6 && wire::get16(packet.data() + 4) != packet.size() - 40) return "IPv6: wrong length";
    if (version == 6 && (wire::get8(packet.data() + 6) != 6 || wire::get8(packet.data() + 7) == 0)) return "IPv6: header or hops";
    if (check_sum && !checksums_right(packet)) return "wrong TCP checksum";
    auto const* tcp   = packet.data() + ip;
    auto const offset = std::size_t{wire::get8(tcp + 12)} / 16 * 4;
    if (offset < 20 || ip + offset > packet.size()) return "bad data offset";
    if ((wire::get8(tcp + 12) & 0x0f) != 0) return "reserved bits are not zero";
    out = {.source = wire::get16(tcp), .destination = wire::get16(tcp + 2), .window = wire::get16(tcp + 14),
           .seq = {wire::get32(tcp + 4)}, .ack = {wire::get32(tcp + 8)}, .flags = wire::get8(tcp + 13),
           .payload = packet.size() - ip - offset};
    if (out.source == 0 || out.destination == 0) return "a port of zero";
    if (out.syn() && (out.fin() || out.rst())) return "SYN with FIN or RST";
    if (out.rst() && (out.fin() || out.payload != 0)) return "RST with FIN or data";
    if (out.rst() && out.acks() && out.seq.value != 0) return "a RST that acknowledges is the answer to what had no ACK: SEQ=0";
    if (!out.acks() && !out.syn() && !out.rst()) return "neither SYN nor RST, and no ACK";
    if (!out.acks() && out.ack.value != 0) return "an acknowledgment number without ACK";
    if ((out.flags & 0xe0) != 0 || wire::get16(tcp + 18) != 0) return "URG, ECE or CWR, which nobody asked for";
    if (out.syn() && out.payload != 0) return "data in a SYN";
    out.options = offset - 20;
    auto const wrong = strict_options(packet.subspan(ip + 20, offset - 20), out);
    if (wrong == nullptr && out.syn() && !out.has_mss) return "a SYN without MSS";
    return wrong;
}

// ---- the packets of one endpoint, in order

class emissions {
public:
    std::uint64_t packets{}, resets{}, payload{};

    complaint on_packet(octets_in packet, bytes mtu, bool check_sum, std::uint16_t cut) {
        emitted e;
        if (auto const wrong = strict_parse(packet, mtu, check_sum, cut != 0, e)) return wrong;
        ++packets;
        payload += e.payload;
        last = e;
        if (e.rst()) return ++resets, nullptr;
        if (e.syn()) begin(e);
        auto const body = cut != 0 ? std::min<std::size_t>(cut, e.payload) : e.payload;
        if (peer_mss_ != 0 && body != 0 && body + e.options > peer_mss_) return "more data in a segment than the peer's MSS";
        if (auto const wrong = check_options(e)) return wrong;
        if (!e.acks() || !started_) return nullptr;
        // The scale of our SYN counts once the peer has answered with its own (RFC 7323, 2.2).
        unsigned const shift = e.syn() || !peer_scales_ ? 0 : scale_;
        sequence const edge  = e.ack + (bytes{e.window} << shift);
        // RFC 7323, 2.4: rounding may take back less than one unit of the window; a SYN cannot say more than 65,535 (2.2).
        bool const saturated = e.syn() && e.window == 65'535;
        if (acked_ && !saturated && edge + ((bytes{1} << scale_) - 1) < edge_) return "the right edge of the window moved left";
        if (acked_ && e.ack < ack_) return "the acknowledgment number went back";
        edge_  = acked_ ? later(edge, edge_) : edge;
        ack_   = e.ack;
        acked_ = true;
        return nullptr;
    }

    // What the peer's SYN said.
    void on_peer_syn(emitted const& s) noexcept {
        // Without one, or with one of zero, the default counts (RFC 9293, MUST-15; attack O01); 1220 is that of IPv6.
        peer_mss_    = std::max<std::uint16_t>(s.has_mss && s.mss != 0 ? s.mss : std::uint16_t{1220}, 48);
        peer_scales_ = s.has_scale;
        peer_stamps_ = s.has_stamps;
        peer_permits_ = s.permits_sack;
    }
    void forget() noexcept { *this = {}; }

    emitted last{};

private:
    void begin(emitted const& syn) noexcept {
        if (!started_ || syn.seq != iss_) acked_ = false;
        started_ = true;
        iss_     = syn.seq;
        scale_   = syn.has_scale ? syn.scale : std::uint8_t{0};
        stamps_  = syn.has_stamps;
        permits_ = syn.permits_sack;
        stamped_ = false;
    }
    complaint check_options(emitted const& e) noexcept {
        // RFC 7323, 3.2: in every segment if both SYNs had them, otherwise in none.
        if (started_ && !e.syn() && e.has_stamps != (stamps_ && peer_stamps_)) return e.has_stamps ? "timestamps that were not negotiated" : "a segment without its timestamps";
        if (e.sack_blocks != 0 && !(permits_ && peer_permits_)) return "SACK that was not permitted";
        if (!e.has_stamps) return nullptr;
        if (stamped_ && static_cast<std::int32_t>(e.stamp - stamp_) < 0) return "timestamps that run backwards";
        stamp_   = e.stamp;
        stamped_ = true;
        return nullptr;
    }

    sequence      iss_{}, edge_{}, ack_{};
    std::uint16_t peer_mss_{};
    std::uint8_t  scale_{};
    std::uint32_t stamp_{};
    bool          started_{}, acked_{}, peer_scales_{}, stamps_{}, permits_{}, peer_stamps_{}, peer_permits_{}, stamped_{};
};

// ---- an endpoint between calls

// `shares_memory`: others may take what the receive store has promised.
template <class P, class T>
class watcher {
public:
    static constexpr bool shares_memory = !requires { P::receive_buffer::capacity; } ||
                                          !std::is_same_v<typename P::receive_buffer::home, buffer::nothing>;

    complaint check(endpoint<P, T> const& e) noexcept {
        auto const& c   = e.connection();
        auto const& snd = c.sending();
        auto const& rcv = c.receiving().space;
        if (c.state() <= state::listen) return forget();
        if (auto const wrong = sending(c)) return wrong;
        if (c.state() == state::syn_sent) return forget();
        if (rcv.edge < rcv.nxt) return "RCV.NXT is beyond the window's right edge";
        if (rcv.nxt < rcv.front) return "more was read than received";
        if constexpr (!shares_memory)
            if (rcv.edge - rcv.front > P::receive_buffer::capacity + 1) return "the window is larger than the free buffer";
        // A connection that comes back to LISTEN between two checks starts anew with other numbers.
        if (known_ && same(snd)) {
            if (rcv.nxt < nxt_) return "RCV.NXT went back";
            if (rcv.edge < edge_) return "the right edge of the receive window went back";
            if (snd.space.una < una_) return "SND.UNA went back";
        }
        known_ = true;
        nxt_ = rcv.nxt, edge_ = rcv.edge, una_ = snd.space.una, end_ = snd.space.end;
        return nullptr;
    }

    // After a poll in which the transport has refused nothing.
    complaint liveness(endpoint<P, T> const& e, std::optional<duration> until_deadline) const noexcept {
        auto const& c   = e.connection();
        auto const& snd = c.sending();
        if (c.state() <= state::listen || c.state() == state::time_wait) return nullptr;
        bool const now = until_deadline && *until_deadline <= duration{};
        if (snd.space.outstanding() != 0 && !snd.timer.armed()) return "octets are outstanding and no timer runs";
        bool const waiting = snd.has_unsent() && c.state() >= state::established;
        if (waiting && snd.space.outstanding() == 0 && !snd.timer.armed() && !now)
            return "data waits, nothing is outstanding, and no timer runs";
        if (c.receiving().owes() && c.state() >= state::established && !now) return "an acknowledgment is owed and nothing will send it";
        if (c.receiving().delaying() && (!until_deadline || *until_deadline > from_ms(501)))
            return "an acknowledgment is delayed beyond half a second";
        return nullptr;
    }

private:
    static complaint sending(connection<P> const& c) noexcept {
        auto const& snd = c.sending();
        auto const& s   = snd.space;
        if (s.nxt < s.una) return "SND.NXT < SND.UNA";
        if (s.end + 1 < s.nxt) return "more was sent than written";
        if (s.outstanding() > (bytes{1} << 30) + 1) return "more is outstanding than any window allows";
        if (snd.pipe() > s.outstanding()) return "pipe > outstanding";
        if (c.state() < state::established || snd.syn_pending()) return nullptr;  // FIN-WAIT-1 may come before the SYN's ACK
        if (c.mss() == 0) return "an MSS of nothing";
        if (snd.congestion().window() < c.mss()) return "cwnd < 1 MSS";
        if (snd.congestion().window() > (bytes{1} << 30) + 65'536) return "cwnd beyond any window";
        auto const rto = snd.retransmit_timer().timeout();
        if (rto < from_ms(1) || rto > from_s(120) + from_ms(1)) return "RTO out of its limits";
        return nullptr;
    }

    bool same(auto const& snd) const noexcept { return snd.space.end >= end_ && snd.space.end - end_ < (bytes{1} << 30); }
    complaint forget() noexcept {
        known_ = false;
        return nullptr;
    }

    sequence nxt_{}, edge_{}, una_{}, end_{};
    bool     known_{};
};

}  // namespace tenon::test
