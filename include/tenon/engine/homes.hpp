// SPDX-License-Identifier: BSL-1.0
// Homes: where the octets of connections live (policy/buffer/concept.hpp), and how a driver keeps what the user lent.
#pragma once
#include <type_traits>

#include <tenon/policy/buffer/concept.hpp>

namespace tenon {

// Passed to every call of a connection that touches octets.
template <class P>
struct homes {
    typename P::send_buffer::home&    send;
    typename P::receive_buffer::home& receive;
};

namespace engine {

// Homes that need memory are lent by the user; the others do not exist.
template <class P>
struct lent_homes {
    typename P::send_buffer::home* send{};
    typename P::receive_buffer::home* receive{};

    constexpr void set(typename P::send_buffer::home& s, typename P::receive_buffer::home& r) noexcept {
        send = &s;
        receive = &r;
    }
    constexpr bool complete() const noexcept { return send != nullptr && receive != nullptr; }
    constexpr homes<P> view() const noexcept { return {*send, *receive}; }
};

template <class P>
struct no_homes {
    static constexpr void set(typename P::send_buffer::home&, typename P::receive_buffer::home&) noexcept {}
    static constexpr bool complete() noexcept { return true; }
    constexpr homes<P> view() const noexcept { return {none, none}; }

    [[no_unique_address]] mutable buffer::nothing none{};
};

template <class P>
using kept_homes = std::conditional_t<std::is_same_v<typename P::send_buffer::home, buffer::nothing> &&
                                          std::is_same_v<typename P::receive_buffer::home, buffer::nothing>,
                                      no_homes<P>, lent_homes<P>>;

}  // namespace engine

}  // namespace tenon
