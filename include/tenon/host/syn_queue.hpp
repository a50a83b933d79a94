// SPDX-License-Identifier: BSL-1.0
// SYN queue: passive opens that wait for their last ACK (RFC 9293, 3.10.7.2 and SYN-RECEIVED of 3.10.7.4), as entries in place
// of connections. When it is full the oldest entry makes room: under a flood a peer that answers within a round trip still
// gets in, whereas refusing the new would lock everybody out until entries time out. Every call O(1).
#pragma once
#include <array>
#include <cstdint>

#include <tenon/engine/handshake.hpp>
#include <tenon/host/aged_slots.hpp>
#include <tenon/policy/give_up/concept.hpp>

namespace tenon {

// 28 octets with IPv4; with its links, chain and timer 64. What timestamps and SACK need exists where they are offered.
template <class Address, options::offer Offer, bool Marks = false>
struct half_open {
    engine::tuple<Address> ends{};
    sequence      iss{};
    sequence      irs{};
    std::uint16_t mss{};     // of the peer's SYN; 0: none
    std::uint16_t window{};  // of the peer's SYN
    std::uint16_t listener{};
    std::uint8_t  window_scale : 4 {};  // at most 14 (RFC 7323, 2.3); 15: none
    std::uint8_t  repeated : 1 {};      // our SYN-ACK went out again, because the SYN came again
    std::uint8_t  retransmissions : 3 {};
    [[no_unique_address]] only_if<Offer.timestamps, std::optional<std::uint32_t>, struct half_open_timestamp_field> timestamp{};  // of the peer's SYN
    [[no_unique_address]] only_if<Offer.sack, bool, struct half_open_sack_field> permits_sack{};
    [[no_unique_address]] only_if<Marks, bool, struct half_open_ecn_field> marks{};

    static constexpr std::uint8_t no_scale = 15;
    constexpr void set_scale(bool there, std::uint8_t shift) noexcept {
        if (there) window_scale = shift & 15;
        else window_scale = no_scale;
    }
    constexpr bool scales() const noexcept { return window_scale != no_scale; }
    constexpr bool sent_again() const noexcept { return repeated != 0 || retransmissions != 0; }
    constexpr engine::handshake_options<Offer> peer() const noexcept {
        engine::handshake_options<Offer> o{.mss = mss};
        if constexpr (Offer.window_scale) {
            o.scales       = scales();
            o.window_scale = scales() ? window_scale : std::uint8_t{0};
        }
        if constexpr (Offer.timestamps) {
            o.stamps    = timestamp.has_value();
            o.timestamp = timestamp.value_or(0);
        }
        if constexpr (Offer.sack) o.permits_sack = permits_sack;
        return o;
    }
};

// RFC 6298, 2.1 and 5.5: one second at first, doubled each time.
constexpr duration syn_ack_timeout(std::uint8_t retransmissions) noexcept { return from_s(1) << retransmissions; }
constexpr duration syn_ack_elapsed(std::uint8_t timeouts) noexcept { return (from_s(1) << timeouts) - from_s(1); }
// No entry outlives this many, whatever the composition says: 255 seconds.
inline constexpr std::uint8_t most_syn_ack_timeouts = 8;

enum class half_open_verdict : std::uint8_t {
    drop,
    acknowledge,  // not acceptable
    remove,       // a RST that counts
    repeat,       // the SYN again, or another one: our SYN-ACK again, which makes a peer that has forgotten send a RST
    reset_peer,   // acknowledges what was not sent
    complete,
};

// In the order of RFC 9293, 3.10.7.4. `window` is what our SYN-ACK offered.
template <class Address, options::offer Offer, bool Marks>
constexpr half_open_verdict judge_half_open(half_open<Address, Offer, Marks> const& e, wire::segment const& s, bytes window) noexcept {
    using wire::flag;
    using enum half_open_verdict;
    sequence const next = e.irs + 1;
    if (s.has(flag::rst)) return s.seq == next ? remove : drop;  // RFC 5961, 3.2: the exact number only
    if (s.has(flag::syn)) return s.has(flag::ack) ? drop : repeat;
    if (!s.has(flag::ack)) return drop;
    if (s.seq != next && s.seq - next >= window) return s.length() != 0 ? acknowledge : drop;
    return s.ack == e.iss + 1 ? complete : reset_peer;
}

template <class Address, options::offer Offer, bool Marks, std::size_t N>
class syn_queue {
public:
    using index = std::uint32_t;
    using entry = half_open<Address, Offer, Marks>;

    constexpr std::uint32_t count() const noexcept { return slots_.count(); }
    constexpr bool full() const noexcept { return slots_.full(); }
    constexpr std::optional<index> oldest() const noexcept { return slots_.oldest(); }
    constexpr entry& operator[](index i) noexcept { return entries_[i]; }
    constexpr entry const& operator[](index i) const noexcept { return entries_[i]; }

    // Only while it is not full.
    constexpr index add(entry const& e) noexcept {
        index const i = slots_.take().value_or(0);
        entries_[i] = e;
        return i;
    }
    constexpr void remove(index i) noexcept { slots_.give_back(i); }

    // The SYN-ACK was not answered in time. False: enough.
    template <give_up::policy G>
    static constexpr bool try_again(entry& e) noexcept {
        if (e.retransmissions + 1 >= most_syn_ack_timeouts) return false;
        e.retransmissions = static_cast<std::uint8_t>((e.retransmissions + 1) & 7);
        if constexpr (G::gives_up)
            return G::after_timeout({.retransmissions = e.retransmissions, .elapsed = syn_ack_elapsed(e.retransmissions),
                                     .handshake = true}) != give_up::verdict::abandon;
        else return true;
    }

private:
    aged_slots<N> slots_{};
    std::array<entry, N> entries_{};
};

}  // namespace tenon
