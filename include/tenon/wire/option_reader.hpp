// SPDX-License-Identifier: BSL-1.0
// Reading options. `option_reader` walks them all; `read_options<Wanted>` picks the wanted ones into fields, and what is
// not wanted leaves neither field nor code. At most 40 octets are looked at, each once, and none beyond the option space.
#pragma once
#include <cstddef>
#include <cstdint>

#include <tenon/core/contract.hpp>
#include <tenon/core/units.hpp>
#include <tenon/wire/bytes.hpp>
#include <tenon/wire/option_kind.hpp>
#include <tenon/wire/segment.hpp>

namespace tenon::wire {

struct option {
    option_kind kind{};
    octets_in   body{};  // without kind and length

    // The experiment an option of kind 253 or 254 belongs to; 0 if it has no room for one (RFC 6994, 3).
    constexpr std::uint16_t experiment() const noexcept { return body.size() < 2 ? std::uint16_t{0} : get16(body.data()); }
};

class option_reader {
public:
    explicit constexpr option_reader(octets_in options) noexcept
        : at_{options.data()},
          end_{options.data() + (options.size() < most_option_octets ? options.size() : most_option_octets)} {}

    // The next option that is neither NOP nor end; false when there is none.
    constexpr bool next(option& out) noexcept {
        for (; at_ != end_; ++at_) {
            auto const kind = static_cast<option_kind>(*at_);
            if (kind == option_kind::nop) continue;
            if (kind == option_kind::end) { at_ = end_; return false; }
            auto const left = static_cast<std::size_t>(end_ - at_);
            if (left < 2) return false;
            // RFC 9293, 3.1 (MUST-7): a length that cannot be must not be followed; nothing after it can be trusted.
            std::size_t const length = get8(at_ + 1);
            if (length < 2 || length > left) return false;
            out = {kind, {at_ + 2, length - 2}};
            at_ += length;
            return true;
        }
        return false;
    }

    // After next() said false: whether an impossible length was the reason.
    constexpr bool malformed() const noexcept { return at_ != end_; }

private:
    std::byte const* at_;
    std::byte const* end_;
};

enum class option_set : unsigned {
    none           = 0,
    mss            = 1,
    window_scale   = 2,
    sack_permitted = 4,
    sack           = 8,
    timestamps     = 16,
    user_timeout   = 32,
    fast_open      = 64,
    accurate_ecn   = 128,
};
constexpr option_set operator|(option_set a, option_set b) noexcept {
    return static_cast<option_set>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr option_set operator&(option_set a, option_set b) noexcept {
    return static_cast<option_set>(static_cast<unsigned>(a) & static_cast<unsigned>(b));
}
constexpr bool includes(option_set all, option_set one) noexcept { return (all & one) == one; }

// One base for each option; the unwanted ones are empty.
namespace field {
template <bool> struct mss {};
template <> struct mss<true> { std::uint16_t mss{}; };
template <bool> struct window_scale {};
template <> struct window_scale<true> { std::uint8_t window_scale{}; };  // at most 14
template <bool> struct sack {};
template <> struct sack<true> { sack_blocks sack{}; };
template <bool> struct timestamps {};
template <> struct timestamps<true> { timestamp_pair timestamps{}; };
template <bool> struct user_timeout {};
template <> struct user_timeout<true> { user_timeout_value user_timeout{}; };
template <bool> struct fast_open {};
template <> struct fast_open<true> { octets_in fast_open{}; };  // the cookie; empty: one is asked for
template <bool> struct accurate_ecn {};
template <> struct accurate_ecn<true> { accurate_ecn_counters accurate_ecn{}; };
}  // namespace field

template <option_set Wanted>
struct option_values : field::mss<includes(Wanted, option_set::mss)>,
                       field::window_scale<includes(Wanted, option_set::window_scale)>,
                       field::sack<includes(Wanted, option_set::sack)>,
                       field::timestamps<includes(Wanted, option_set::timestamps)>,
                       field::user_timeout<includes(Wanted, option_set::user_timeout)>,
                       field::fast_open<includes(Wanted, option_set::fast_open)>,
                       field::accurate_ecn<includes(Wanted, option_set::accurate_ecn)> {
    option_set found{};  // a field holds something only if its bit is set

    constexpr bool has(option_set one) const noexcept { return includes(found, one); }
};

constexpr timestamp_pair read_timestamps(std::byte const* body) noexcept { return {get32(body), get32(body + 4)}; }

constexpr bool read_sack(octets_in body, sack_blocks& out) noexcept {
    if (body.size() % 8 != 0) return false;
    for (std::size_t at = 0; at < body.size(); at += 8)
        out.push_back({{get32(body.data() + at)}, {get32(body.data() + at + 4)}});
    return !out.empty();
}

constexpr bool read_user_timeout(octets_in body, user_timeout_value& out) noexcept {
    if (body.size() != user_timeout_length - 2) return false;
    auto const bits = get16(body.data());
    out = {(bits & 0x8000) != 0, static_cast<std::uint16_t>(bits & 0x7fff)};
    return out.value != 0;  // RFC 5482, 3.2: zero is reserved, and ignored
}

// RFC 7413, 4.1.1: no cookie, or an even number of octets from 4 to 16.
constexpr bool is_cookie_length(std::size_t n) noexcept { return n == 0 || (n % 2 == 0 && n >= 4 && n <= most_cookie_octets); }

constexpr void read_accurate_ecn(option const& o, accurate_ecn_counters& out) noexcept {
    out.order_1 = o.kind == option_kind::accurate_ecn_1;
    // RFC 9768, 3.2.3: whole fields count, at any length; what is over is padding.
    for (auto rest = o.body; rest.size() >= 3 && out.fields < 3; rest = rest.subspan(3))
        out.field[out.fields++] = std::uint32_t{get8(rest.data())} << 16 | get16(rest.data() + 1);
}

// Stores one option into its field; says which it was, or none if it is unwanted or its length is wrong.
template <option_set Wanted>
constexpr option_set read_option(option const& o, option_values<Wanted>& v) noexcept {
    if constexpr (includes(Wanted, option_set::timestamps))
        if (o.kind == option_kind::timestamps && !v.has(option_set::timestamps) && o.body.size() == timestamps_length - 2) {
            v.timestamps = read_timestamps(o.body.data());
            return option_set::timestamps;
        }
    if constexpr (includes(Wanted, option_set::sack))
        if (o.kind == option_kind::sack && !v.has(option_set::sack) && read_sack(o.body, v.sack)) return option_set::sack;
    if constexpr (includes(Wanted, option_set::mss))
        if (o.kind == option_kind::mss && !v.has(option_set::mss) && o.body.size() == mss_length - 2) {
            v.mss = get16(o.body.data());
            return option_set::mss;
        }
    if constexpr (includes(Wanted, option_set::window_scale))
        if (o.kind == option_kind::window_scale && !v.has(option_set::window_scale) && o.body.size() == window_scale_length - 2) {
            auto const shift = get8(o.body.data());
            v.window_scale = shift < most_window_scale ? shift : most_window_scale;
            return option_set::window_scale;
        }
    if constexpr (includes(Wanted, option_set::sack_permitted))
        if (o.kind == option_kind::sack_permitted && !v.has(option_set::sack_permitted) && o.body.empty())
            return option_set::sack_permitted;
    if constexpr (includes(Wanted, option_set::user_timeout))
        if (o.kind == option_kind::user_timeout && !v.has(option_set::user_timeout) && read_user_timeout(o.body, v.user_timeout))
            return option_set::user_timeout;
    if constexpr (includes(Wanted, option_set::fast_open))
        if (o.kind == option_kind::fast_open && !v.has(option_set::fast_open) && is_cookie_length(o.body.size())) {
            v.fast_open = o.body;
            return option_set::fast_open;
        }
    if constexpr (includes(Wanted, option_set::accurate_ecn))
        if (!v.has(option_set::accurate_ecn)
            && (o.kind == option_kind::accurate_ecn_0 || o.kind == option_kind::accurate_ecn_1)) {
            read_accurate_ecn(o, v.accurate_ecn);
            return option_set::accurate_ecn;
        }
    return option_set::none;
}

[[gnu::noinline]] constexpr bool search_timestamps(octets_in options, timestamp_pair& out) noexcept {
    option_reader reader{options};
    for (option o; reader.next(o);)
        if (o.kind == option_kind::timestamps && o.body.size() == timestamps_length - 2) {
            out = read_timestamps(o.body.data());
            return true;
        }
    return false;
}

// Timestamps alone. RFC 7323, appendix A: NOP NOP TS begins nearly every segment that has them, and is one comparison.
TENON_PER_SEGMENT constexpr bool find_timestamps(octets_in options, timestamp_pair& out) noexcept {
    if (options.size() < 12 || get32(options.data()) != 0x0101'080a) return search_timestamps(options, out);
    out.value = get32(options.data() + 4);
    out.echo  = get32(options.data() + 8);
    return true;
}

// The wanted options. Of two of one kind the first that is well formed counts; one of a wrong length is as if absent.
template <option_set Wanted>
constexpr option_values<Wanted> read_options(octets_in options) noexcept {
    option_values<Wanted> v;
    option_reader reader{options};
    for (option o; reader.next(o);) v.found = v.found | read_option(o, v);
    return v;
}

}  // namespace tenon::wire
