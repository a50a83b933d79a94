// SPDX-License-Identifier: BSL-1.0
// Delayed acknowledgments (RFC 9293, 3.8.6.3; RFC 5681, 4.2): at the latest with every second segment, or after `delay`.
#pragma once
#include <cstdint>

#include <tenon/policy/acknowledgement/concept.hpp>

namespace tenon::acknowledgement {

struct delayed_parameters {
    duration     delay{from_ms(200)};
    std::uint8_t segments{2};
};

template <delayed_parameters Parameters = delayed_parameters{}>
class delayed {
    static_assert(Parameters.delay < from_ms(500), "RFC 9293, MUST-40: the delay is below 0.5 seconds");
    static_assert(Parameters.segments >= 1, "an acknowledgment is owed at some time");

public:
    static constexpr bool     delays = true;
    static constexpr duration delay  = Parameters.delay;

    // Segments, not octets: a peer may send less than our MSS in each (options, path MTU) and is owed its ACKs all the same.
    constexpr when on_segment(facts const& f) noexcept {
        auto const total = static_cast<unsigned>(segments_) + f.segments;
        segments_ = static_cast<std::uint8_t>(total < Parameters.segments ? total : Parameters.segments);
        return segments_ >= Parameters.segments ? when::now : when::later;
    }
    constexpr void on_sent() noexcept { segments_ = 0; }

    template <class F>
    constexpr void visit(instant, F&& f) const { f("segments unacknowledged", segments_); }

    friend constexpr bool operator==(delayed const&, delayed const&) noexcept = default;

private:
    std::uint8_t segments_{};  // unacknowledged
};

static_assert(policy<delayed<>>);

}  // namespace tenon::acknowledgement
