// SPDX-License-Identifier: BSL-1.0
// Options: which TCP options a connection offers and understands. MSS is always sent (RFC 9293, SHLD-5). What is not
// offered leaves no field and no code, and is ignored when a peer sends it (RFC 9293, MUST-6).
#pragma once
#include <concepts>
#include <cstdint>

namespace tenon::options {

struct offer {
    bool window_scale{};  // RFC 7323, 2
    bool timestamps{};    // RFC 7323, 3: round trips of what was sent again, and protection against wrapped sequence numbers
    bool sack{};          // RFC 2018: what arrived out of order is told, and (RFC 2883) what arrived twice

    friend constexpr bool operator==(offer, offer) noexcept = default;
};

template <class O> concept says_what_it_offers = requires { { O::offered } -> std::convertible_to<offer>; };
template <class O> concept policy = says_what_it_offers<O>;

}  // namespace tenon::options
