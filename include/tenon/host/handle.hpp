// SPDX-License-Identifier: BSL-1.0
// Handles: how an application names what lies in a host. A handle whose connection or listener is gone is stale and is
// told so (error::not_open); it never means another one that has taken the place. A handle of zeros is never valid.
#pragma once
#include <cstdint>

#include <tenon/core/error.hpp>
#include <tenon/engine/ready.hpp>

namespace tenon {

struct connection_handle {
    std::uint32_t index{};
    std::uint32_t generation{};

    friend constexpr bool operator==(connection_handle, connection_handle) noexcept = default;
};

struct listener_handle {
    std::uint32_t index{};
    std::uint32_t generation{};

    friend constexpr bool operator==(listener_handle, listener_handle) noexcept = default;
};

// A handle, or the reason why there is none.
template <class Handle>
struct [[nodiscard]] opened {
    Handle handle{};
    error  status{};

    explicit constexpr operator bool() const noexcept { return status == error::none; }
    constexpr Handle const& operator*() const noexcept { return handle; }
};

// What became possible. ready::acceptable: `listener` has connections to accept; everything else is about `connection`.
struct event_of_host {
    connection_handle connection{};
    listener_handle   listener{};
    ready             bits{};
};

namespace detail {

// Odd while the application holds the handle.
constexpr bool in_use(std::uint32_t generation) noexcept { return (generation & 1u) != 0; }

}  // namespace detail

}  // namespace tenon
