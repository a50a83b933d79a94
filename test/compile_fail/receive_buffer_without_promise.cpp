// SPDX-License-Identifier: BSL-1.0
// A window is computed from what a receive buffer promises.
// expect: has_a_receive_buffer.*promises_room|promises_room.*has_a_receive_buffer
#include <tenon/policies.hpp>

struct chosen : tenon::buffer::ring<512> {
#ifdef MUST_FAIL
    tenon::bytes promise(home const&) const noexcept = delete;
#endif
};
struct policies : tenon::default_policies {
    using receive_buffer = chosen;
};
static_assert(tenon::complete_policies<policies>);
