// SPDX-License-Identifier: BSL-1.0
// By reference: a send store that copies nothing. It keeps up to Entries references to the application's memory, which must
// not change until `released` has returned its cookie. For large sends from memory that lives long; small pieces use up
// entries, so for those a ring is better. read walks at most Entries <= 64 references; the peer cannot lengthen the walk.
#pragma once
#include <algorithm>
#include <array>
#include <optional>

#include <tenon/core/bounded_vector.hpp>
#include <tenon/core/contract.hpp>
#include <tenon/core/time.hpp>
#include <tenon/policy/buffer/concept.hpp>

namespace tenon::buffer {

template <std::size_t Entries>
class by_reference {
    static_assert(Entries >= 1 && Entries <= 64, "references are walked one by one");

public:
    using home = nothing;

    // As long as an entry is free a reference of any size fits, so the promise is the largest window.
    constexpr bytes promise(home const&) const noexcept { return released_ + live_ < Entries ? largest : held_; }

    // Copying is not what this store is for: nothing is stored.
    constexpr bytes write(home&, bytes, octets_in) noexcept { return 0; }

    // All of `in` or nothing: 0 when `in` is empty, when no entry is free (collect `released` ones), or beyond 2^30 octets.
    constexpr bytes refer(home&, octets_in in, std::uintptr_t cookie) noexcept {
        if (in.empty() || released_ + live_ == Entries || in.size() > largest - held_) return 0;
        auto const size = static_cast<bytes>(in.size());
        entries_[slot(released_ + live_)] = {in.data(), size, cookie};
        ++live_;
        held_ += size;
        return size;
    }

    // The cookie of the oldest reference that is no longer needed and was not returned yet.
    constexpr std::optional<std::uintptr_t> released(home&) noexcept {
        if (released_ == 0) return std::nullopt;
        auto const cookie = entries_[first_].cookie;
        entries_[first_] = {};
        first_ = static_cast<index>(slot(1));
        --released_;
        return cookie;
    }

    constexpr bytes read(home const&, bytes at, bytes n, std::span<octets_in> out) const noexcept {
        if (at >= held_) return 0;
        n = std::min(n, held_ - at);
        bytes skip = gone_ + at;
        bytes lent = 0;
        std::size_t filled = 0;
        for (std::size_t i = released_; lent < n && filled < out.size(); ++i) {
            auto const& e = entries_[slot(i)];
            if (skip >= e.size) {
                skip -= e.size;
                continue;
            }
            bytes const part = std::min(n - lent, e.size - skip);
            out[filled++] = {e.data + skip, part};
            lent += part;
            skip = 0;
        }
        return lent;
    }

    constexpr void drop(home&, bytes n) noexcept {
        TENON_EXPECTS(n <= held_);
        n = std::min(n, held_);
        held_ -= n;
        gone_ += n;
        while (live_ > 0 && gone_ >= entries_[slot(released_)].size) {
            gone_ -= entries_[slot(released_)].size;
            ++released_;
            --live_;
        }
    }

    // The memory goes back to the application: every cookie can be collected from now on.
    constexpr void release(home& h) noexcept { drop(h, held_); }

    // Cookies as the user chose them; the octets are read by who visits.
    template <class F>
    constexpr void visit(instant, F&& f) const {
        f("released", released_);
        f("referred", live_);
        f("dropped of the first", gone_);
        for (std::size_t i = 0; i < std::size_t{released_} + live_; ++i) {
            f("cookie", entries_[slot(i)].cookie);
            if (i >= released_) f("octets referred", entries_[slot(i)].size);
        }
    }

    friend constexpr bool operator==(by_reference const&, by_reference const&) noexcept = default;

private:
    using index = smallest_count<Entries>;
    static constexpr bytes largest = bytes{1} << 30;

    struct entry {
        std::byte const* data{};
        bytes            size{};
        std::uintptr_t   cookie{};
        friend constexpr bool operator==(entry, entry) noexcept = default;
    };

    constexpr std::size_t slot(std::size_t i) const noexcept { return first_ + i < Entries ? first_ + i : first_ + i - Entries; }

    bytes held_{};     // octets referred to and not dropped
    bytes gone_{};     // octets of the oldest live entry that were dropped
    index first_{};    // the oldest entry whose cookie was not returned
    index released_{}; // entries no longer needed, from first_ on; the live ones follow
    index live_{};
    std::array<entry, Entries> entries_{};
};

static_assert(refers_to_octets<by_reference<16>>);

}  // namespace tenon::buffer
