// SPDX-License-Identifier: BSL-1.0
// Negotiation: what a SYN offers and what two SYNs have agreed on. Options a composition does not offer leave no code.
#pragma once
#include <tenon/core/units.hpp>
#include <tenon/policy/options/concept.hpp>
#include <tenon/wire/option.hpp>

namespace tenon::engine {

// What a peer's SYN said, as far as this composition understands it.
struct handshake_options {
    std::uint16_t mss{};           // 0: none
    std::uint8_t  window_scale{};
    bool          scales{};        // the option was there
};

template <tenon::options::offer Offer>
inline constexpr wire::option_set understood = Offer.window_scale ? wire::option_set::mss | wire::option_set::window_scale : wire::option_set::mss;

template <tenon::options::offer Offer>
handshake_options read_handshake(octets_in options) noexcept {
    handshake_options result{};
    if constexpr (understood<Offer> == wire::option_set::mss) {  // a shorter walk where there is one thing to find
        wire::option_reader reader{options};
        for (wire::option o; result.mss == 0 && reader.next(o);)
            if (o.kind == wire::option_kind::mss && o.body.size() == wire::mss_length - 2) result.mss = wire::get16(o.body.data());
        return result;
    }
    auto const v = wire::read_options<understood<Offer>>(options);
    if (v.has(wire::option_set::mss)) result.mss = v.mss;
    if constexpr (Offer.window_scale) {
        if (v.has(wire::option_set::window_scale)) {
            result.scales = true;
            result.window_scale = v.window_scale;
        }
    }
    return result;
}


template <tenon::options::offer Offer>
constexpr bytes handshake_octets(bool scales) noexcept {
    return Offer.window_scale && scales ? wire::mss_length + 1 + wire::window_scale_length : wire::mss_length;
}

// Writes the options of a SYN; `scales` is asked only if the composition offers it. A multiple of four octets.
template <tenon::options::offer Offer>
void write_handshake(std::byte* out, std::uint16_t mss, bool scales, std::uint8_t shift) noexcept {
    out = wire::put_mss(out, mss);
    if constexpr (Offer.window_scale) {
        if (scales) {
            out = wire::put_nop(out);
            wire::put_window_scale(out, shift);
        }
    }
}

}  // namespace tenon::engine
