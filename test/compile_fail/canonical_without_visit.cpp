// SPDX-License-Identifier: BSL-1.0
// A policy with state and no visit works; only the connection cannot be hashed.
// expect: a policy with state takes part in connection::visit
#include <tenon/canonical.hpp>

struct silent {
    static constexpr bool delays = false;
    std::uint8_t count{};

    constexpr tenon::acknowledgement::when on_segment(tenon::acknowledgement::facts const&) noexcept {
        ++count;
        return tenon::acknowledgement::when::now;
    }
    constexpr void on_sent() noexcept { count = 0; }
    friend constexpr bool operator==(silent const&, silent const&) noexcept = default;
};

struct policies : tenon::default_policies {
    using acknowledgement = silent;
};

template class tenon::connection<policies>;

#ifdef MUST_FAIL
auto const hash = tenon::canonical_hash(tenon::connection<policies>{}, {});
#endif
