// SPDX-License-Identifier: BSL-1.0
// Ready: what became possible during a call. Bits only; the caller looks at the connection for the rest.
#pragma once
#include <cstdint>

namespace tenon {

enum class ready : std::uint16_t {
    none          = 0,
    opened        = 1u << 0,  // the handshake is complete
    readable      = 1u << 1,
    writable      = 1u << 2,  // octets were acknowledged: there is room to write again
    end_of_stream = 1u << 3,  // the peer has closed its direction; what came before it may still be readable
    closed        = 1u << 4,  // the connection is gone; failure() says why, or none for a regular end
    stalled       = 1u << 5,  // R1 is reached (RFC 9293, 3.8.3): the peer has not answered for some time
    urgent        = 1u << 6,  // the peer has sent urgent data (RFC 9293, 3.8.5); it is delivered in line
    answer_reset  = 1u << 7,  // to the driver of the connection: answer the segment with a RST
    acceptable    = 1u << 8,  // of a host's listener: connections wait to be accepted
    troubled      = 1u << 9,  // ICMP reports trouble on the way (RFC 9293, 3.9.2.2, SHLD-25); the connection goes on, trouble() says which
};
constexpr ready operator|(ready a, ready b) noexcept {
    return static_cast<ready>(static_cast<std::uint16_t>(a) | static_cast<std::uint16_t>(b));
}
constexpr ready operator&(ready a, ready b) noexcept {
    return static_cast<ready>(static_cast<std::uint16_t>(a) & static_cast<std::uint16_t>(b));
}
constexpr ready without(ready a, ready b) noexcept {
    return static_cast<ready>(static_cast<std::uint16_t>(static_cast<unsigned>(a) & ~static_cast<unsigned>(b)));
}
constexpr ready& operator|=(ready& a, ready b) noexcept { return a = a | b; }
constexpr bool has(ready set, ready one) noexcept { return (set & one) != ready::none; }

}  // namespace tenon
