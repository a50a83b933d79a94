// SPDX-License-Identifier: BSL-1.0
// Negotiation: what a SYN offers and what two SYNs have agreed on. Options a composition does not offer leave no code.
#pragma once
#include <tenon/core/only_if.hpp>
#include <tenon/core/units.hpp>
#include <tenon/policy/options/concept.hpp>
#include <tenon/wire/option.hpp>

namespace tenon::engine {

// What a peer's SYN said, as far as this composition understands it.
template <tenon::options::offer Offer>
struct handshake_options {
    std::uint16_t mss{};  // 0: none
    [[no_unique_address]] only_if<Offer.window_scale, std::uint8_t, struct heard_shift_field> window_scale{};
    [[no_unique_address]] only_if<Offer.window_scale, bool, struct heard_scale_field> scales{};  // the option was there
    [[no_unique_address]] only_if<Offer.timestamps, bool, struct heard_stamps_field> stamps{};
    [[no_unique_address]] only_if<Offer.sack, bool, struct heard_sack_field> permits_sack{};
    [[no_unique_address]] only_if<Offer.timestamps, std::uint32_t, struct heard_timestamp_field> timestamp{};  // its TSval
};

template <tenon::options::offer Offer>
inline constexpr wire::option_set understood =
    wire::option_set::mss | (Offer.window_scale ? wire::option_set::window_scale : wire::option_set::none) |
    (Offer.timestamps ? wire::option_set::timestamps : wire::option_set::none) |
    (Offer.sack ? wire::option_set::sack_permitted : wire::option_set::none);

template <tenon::options::offer Offer>
handshake_options<Offer> read_handshake(octets_in options) noexcept {
    handshake_options<Offer> result{};
    if constexpr (understood<Offer> == wire::option_set::mss) {  // a shorter walk where there is one thing to find
        wire::option_reader reader{options};
        for (wire::option o; result.mss == 0 && reader.next(o);)
            if (o.kind == wire::option_kind::mss && o.body.size() == wire::mss_length - 2) result.mss = wire::get16(o.body.data());
        return result;
    }
    auto const v = wire::read_options<understood<Offer>>(options);
    if (v.has(wire::option_set::mss)) result.mss = v.mss;
    if constexpr (Offer.window_scale)
        if (v.has(wire::option_set::window_scale)) {
            result.scales = true;
            result.window_scale = v.window_scale;
        }
    if constexpr (Offer.timestamps)
        if (v.has(wire::option_set::timestamps)) {
            result.stamps = true;
            result.timestamp = v.timestamps.value;
        }
    if constexpr (Offer.sack) result.permits_sack = v.has(wire::option_set::sack_permitted);
    return result;
}

// What a SYN of ours says. A SYN-ACK repeats only what the SYN had (RFC 7323, 2.3 and 3.2; RFC 2018, 2).
template <tenon::options::offer Offer>
struct syn_options {
    std::uint16_t mss{};
    [[no_unique_address]] only_if<Offer.window_scale, std::uint8_t, struct syn_shift_field> shift{};
    [[no_unique_address]] only_if<Offer.window_scale, bool, struct syn_scale_field> scales{};
    [[no_unique_address]] only_if<Offer.timestamps, bool, struct syn_stamps_field> stamps{};
    [[no_unique_address]] only_if<Offer.sack, bool, struct syn_sack_field> permits_sack{};
    [[no_unique_address]] only_if<Offer.timestamps, wire::timestamp_pair, struct syn_timestamps_field> timestamps{};
};

template <tenon::options::offer Offer>
constexpr bytes handshake_octets(syn_options<Offer> const& o) noexcept {
    bytes n = wire::mss_length;
    if constexpr (Offer.window_scale) n += o.scales ? 1 + wire::window_scale_length : 0;
    if constexpr (Offer.timestamps) n += o.stamps ? 2 + wire::timestamps_length : 0;
    // Beside timestamps it takes the place of their padding.
    if constexpr (Offer.sack && !Offer.timestamps) n += o.permits_sack ? 2 + wire::sack_permitted_length : 0;
    if constexpr (Offer.sack && Offer.timestamps) n += o.permits_sack && !o.stamps ? 2 + wire::sack_permitted_length : 0;
    return n;
}

// Writes the options of a SYN, handshake_octets of them: a multiple of four.
template <tenon::options::offer Offer>
void write_handshake(std::byte* out, syn_options<Offer> const& o) noexcept {
    out = wire::put_mss(out, o.mss);
    if constexpr (Offer.sack || Offer.timestamps) {
        bool permits = false;
        bool stamps  = false;
        if constexpr (Offer.sack) permits = o.permits_sack;
        if constexpr (Offer.timestamps) stamps = o.stamps;
        if (permits && stamps) out = wire::put_sack_permitted(out);  // in the place of their padding
        else if (permits || stamps) out = wire::put_nop(wire::put_nop(out));
        if constexpr (Offer.timestamps)
            if (stamps) out = wire::put_timestamps(out, o.timestamps);
        if (permits && !stamps) out = wire::put_sack_permitted(out);
    }
    if constexpr (Offer.window_scale)
        if (o.scales) wire::put_window_scale(wire::put_nop(out), o.shift);
}

// NOP NOP TS, as RFC 7323, appendix A lays it out, and NOP NOP SACK (RFC 2018, 3).
inline constexpr bytes timestamps_octets = 2 + wire::timestamps_length;
constexpr bytes sack_octets(std::size_t blocks) noexcept { return blocks == 0 ? 0 : 2 + wire::sack_length(blocks); }

inline std::byte* write_timestamps(std::byte* out, wire::timestamp_pair t) noexcept {
    out = wire::put32(out, 0x0101'080a);  // one store
    return wire::put32(wire::put32(out, t.value), t.echo);
}
inline std::byte* write_sack(std::byte* out, std::span<wire::sack_block const> blocks) noexcept {
    return wire::put_sack(wire::put_nop(wire::put_nop(out)), blocks);
}

}  // namespace tenon::engine
