// SPDX-License-Identifier: BSL-1.0
// The smallest reassembly that keeps anything: one interval.
#pragma once
#include <tenon/policy/reassembly/concept.hpp>

namespace tenon::archetype {

struct reassembly {
    static constexpr std::size_t capacity = 1;

    tenon::reassembly::interval missing(sequence from, sequence to) const noexcept {
        if (held.empty()) return {from, to};
        if (held.from <= from && from < held.to) from = earlier(held.to, to);
        return {from, from < held.from && held.from < to ? held.from : to};
    }
    bool admits(sequence nxt, sequence from, sequence to) const noexcept {
        return tenon::reassembly::out_of_order(nxt, from, to) && (held.empty() || (held.from <= to && from <= held.to));
    }
    bool accept(sequence nxt, sequence from, sequence to) noexcept {
        if (!admits(nxt, from, to)) return false;
        held = held.empty() ? tenon::reassembly::interval{from, to} : tenon::reassembly::interval{earlier(from, held.from), later(to, held.to)};
        return true;
    }
    sequence advance(sequence nxt) noexcept {
        if (held.empty() || nxt < held.from) return nxt;
        sequence const edge = later(nxt, held.to);
        clear();
        return edge;
    }
    void clear() noexcept { held = {}; }
    std::size_t count() const noexcept { return held.empty() ? 0 : 1; }
    tenon::reassembly::interval block(std::size_t) const noexcept { return held; }
    friend bool operator==(reassembly const&, reassembly const&) = default;

    tenon::reassembly::interval held{};
};
static_assert(tenon::reassembly::policy<reassembly>);

}  // namespace tenon::archetype
