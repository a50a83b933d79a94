// SPDX-License-Identifier: BSL-1.0
// Ranges: range-v3's face of the library. Opt-in; the core neither needs nor includes it.
//
//   send(endpoint, range)    any input range of octets into the send buffer, as far as there is room
//   received(endpoint)       what has arrived, in place, as one range; then endpoint.consume(n)
//   options_of(segment)      the options of a segment's header, NOP and end left out
//   sack_blocks_of(segment)  the blocks of its SACK option
//
// No heap; every step of an iterator is O(1). A view is valid as long as what it looks at does not change.
#pragma once
#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include <range/v3/iterator/concepts.hpp>
#include <range/v3/range/access.hpp>
#include <range/v3/range/concepts.hpp>
#include <range/v3/range/dangling.hpp>
#include <range/v3/range/traits.hpp>
#include <range/v3/view/facade.hpp>

#include <tenon/core/error.hpp>
#include <tenon/wire/option_reader.hpp>
#include <tenon/wire/segment.hpp>

namespace tenon {

// ---- sending

template <class T>
concept octet_like = std::same_as<std::remove_cv_t<T>, std::byte> ||
                     (std::integral<T> && sizeof(T) == 1 && !std::same_as<std::remove_cv_t<T>, bool>);

template <class R>
concept octet_range = ranges::input_range<R> && octet_like<ranges::range_value_t<R>>;

// What takes octets: an endpoint, or a handle that behaves like one.
template <class E>
concept takes_octets = requires (E& e, E const& k, octets_in octets) {
    { e.send(octets) } -> std::same_as<transfer>;
    { k.writable() } -> std::convertible_to<bytes>;
};

// How many elements were taken, why not more, and where to go on.
template <class I>
struct [[nodiscard]] sent_range {
    bytes count{};
    error status{};
    I     rest;

    explicit constexpr operator bool() const noexcept { return status == error::none; }
};

namespace detail {

template <takes_octets E, class I, class S>
sent_range<I> send_contiguous(E& endpoint, I first, S last) {
    auto const size = static_cast<std::size_t>(last - first);
    if (size == 0) return {0, error::none, first};
    auto const most = std::min(size, std::size_t{1} << 30);  // no buffer holds more
    auto const t = endpoint.send(std::as_bytes(std::span{std::addressof(*first), most}));
    auto const status = t.status == error::none && t.count < size ? error::would_block : t.status;
    return {t.count, status, first + static_cast<ranges::iter_difference_t<I>>(t.count)};
}

// In stretches of what there is room for. What a store takes less than it promised is read again, which a single pass
// cannot: there a stretch is one octet, and the iterator moves on only when that is taken.
template <takes_octets E, class I, class S>
sent_range<I> send_staged(E& endpoint, I first, S last) {
    constexpr std::size_t stretch = ranges::forward_iterator<I> ? 256 : 1;
    std::array<std::byte, stretch> stage;
    bytes total = 0;
    while (first != last) {
        std::size_t n = 0;
        if constexpr (stretch == 1) {
            stage[n++] = static_cast<std::byte>(*first);
        } else {
            auto const most = std::clamp<std::size_t>(endpoint.writable(), 1, stretch);
            for (auto at = first; n < most && at != last; ++at) stage[n++] = static_cast<std::byte>(*at);
        }
        auto const t = endpoint.send(octets_in{stage.data(), n});
        for (bytes i = 0; i < t.count; ++i) ++first;
        total += t.count;
        if (t.status != error::none) return {total, t.status, std::move(first)};
        if (t.count < n) return {total, error::would_block, std::move(first)};
    }
    return {total, error::none, std::move(first)};
}

}  // namespace detail

// [first, last) into the send buffer. Status none: all of it; would_block: send [rest, last) when there is room again.
template <takes_octets E, ranges::input_iterator I, ranges::sentinel_for<I> S>
    requires octet_like<ranges::iter_value_t<I>>
sent_range<I> send(E& endpoint, I first, S last) {
    if constexpr (ranges::contiguous_iterator<I> && ranges::sized_sentinel_for<S, I>)
        return detail::send_contiguous(endpoint, std::move(first), last);
    else
        return detail::send_staged(endpoint, std::move(first), last);
}

template <takes_octets E, octet_range R>
auto send(E& endpoint, R&& range) -> sent_range<ranges::borrowed_iterator_t<R>> {
    auto done = tenon::send(endpoint, ranges::begin(range), ranges::end(range));
    return {done.count, done.status, std::move(done.rest)};
}

// ---- receiving

// Octets that lie in at most Pieces places, as one forward range of known size.
template <std::size_t Pieces>
class joined_octets : public ranges::view_facade<joined_octets<Pieces>, ranges::finite> {
    friend ranges::range_access;

    class cursor {
    public:
        cursor() = default;
        explicit cursor(joined_octets const& over) noexcept : over_{&over} {}

        std::byte const& read() const noexcept { return over_->pieces_[piece_][offset_]; }
        void next() noexcept {
            ++position_;
            if (++offset_ != over_->pieces_[piece_].size()) return;
            ++piece_;
            offset_ = 0;
        }
        bool equal(cursor const& other) const noexcept { return position_ == other.position_; }
        bool equal(ranges::default_sentinel_t) const noexcept { return position_ == over_->size_; }
        std::ptrdiff_t distance_to(cursor const& other) const noexcept {
            return static_cast<std::ptrdiff_t>(other.position_) - static_cast<std::ptrdiff_t>(position_);
        }
        std::ptrdiff_t distance_to(ranges::default_sentinel_t) const noexcept {
            return static_cast<std::ptrdiff_t>(over_->size_) - static_cast<std::ptrdiff_t>(position_);
        }

    private:
        joined_octets const* over_{};
        std::size_t piece_{}, offset_{}, position_{};
    };

    cursor begin_cursor() const noexcept { return cursor{*this}; }
    ranges::default_sentinel_t end_cursor() const noexcept { return {}; }

public:
    joined_octets() = default;
    explicit joined_octets(std::array<octets_in, Pieces> const& pieces) noexcept : pieces_{pieces} {
        while (count_ < Pieces && !pieces_[count_].empty()) size_ += pieces_[count_++].size();
    }

    std::size_t size() const noexcept { return size_; }
    // For who can take a whole piece at once.
    std::span<octets_in const> pieces() const noexcept { return std::span{pieces_}.first(count_); }

private:
    std::array<octets_in, Pieces> pieces_{};
    std::size_t count_{}, size_{};
};

// What has arrived in order, neither copied nor consumed: valid until the next consume, receive or poll. A buffer in more
// than Pieces places shows the first of them: consume those, and look again. A ring has two.
template <std::size_t Pieces = 8, class E>
joined_octets<Pieces> received(E const& endpoint) {
    static_assert(Pieces >= 2, "a ring that turns lies in two places");
    std::array<octets_in, Pieces> pieces{};
    endpoint.peek(pieces);
    return joined_octets<Pieces>{pieces};
}

// ---- headers

// Malformed options end the range early (RFC 9293, MUST-7).
class options_view : public ranges::view_facade<options_view, ranges::finite> {
    friend ranges::range_access;

    class cursor {
    public:
        cursor() = default;
        explicit cursor(octets_in options) noexcept : reader_{options} { next(); }

        wire::option read() const noexcept { return current_; }
        void next() noexcept {
            if (!reader_.next(current_)) current_ = {};
        }
        bool equal(cursor const& other) const noexcept { return current_.body.data() == other.current_.body.data(); }
        bool equal(ranges::default_sentinel_t) const noexcept { return current_.body.data() == nullptr; }

    private:
        wire::option_reader reader_{octets_in{}};
        wire::option        current_{};  // a body without an address: the end
    };

    cursor begin_cursor() const noexcept { return cursor{options_}; }
    ranges::default_sentinel_t end_cursor() const noexcept { return {}; }

public:
    options_view() = default;
    explicit options_view(octets_in options) noexcept : options_{options} {}

private:
    octets_in options_{};
};

inline options_view options_of(wire::segment const& s) noexcept { return options_view{s.options}; }

class sack_blocks_view : public ranges::view_facade<sack_blocks_view, ranges::finite> {
    friend ranges::range_access;

    class cursor {
    public:
        cursor() = default;
        explicit cursor(std::byte const* at) noexcept : at_{at} {}

        wire::sack_block read() const noexcept { return {{wire::get32(at_)}, {wire::get32(at_ + 4)}}; }
        void next() noexcept { at_ += octets; }
        void prev() noexcept { at_ -= octets; }
        void advance(std::ptrdiff_t n) noexcept { at_ += n * octets; }
        bool equal(cursor const& other) const noexcept { return at_ == other.at_; }
        std::ptrdiff_t distance_to(cursor const& other) const noexcept { return (other.at_ - at_) / octets; }

    private:
        static constexpr std::ptrdiff_t octets = 8;
        std::byte const* at_{};
    };

    cursor begin_cursor() const noexcept { return cursor{body_.data()}; }
    cursor end_cursor() const noexcept { return cursor{body_.data() + body_.size()}; }

public:
    sack_blocks_view() = default;
    explicit sack_blocks_view(octets_in body) noexcept : body_{body.size() % 8 == 0 ? body : octets_in{}} {}

private:
    octets_in body_{};
};

// In the order of the option: the first block holds what arrived last (RFC 2018, 4). Of two options the first counts.
inline sack_blocks_view sack_blocks_of(wire::segment const& s) noexcept {
    for (wire::option const o : options_of(s))
        if (o.kind == wire::option_kind::sack && o.body.size() % 8 == 0) return sack_blocks_view{o.body};
    return {};
}

}  // namespace tenon
