// SPDX-License-Identifier: BSL-1.0
// A send buffer must lend what it stores.
// expect: has_a_send_buffer.*lends_stored_octets|lends_stored_octets.*has_a_send_buffer
#include <tenon/policies.hpp>

struct chosen : tenon::buffer::ring<512> {
#ifdef MUST_FAIL
    tenon::bytes read(home const&, tenon::bytes, tenon::bytes, std::span<tenon::octets_in>) const noexcept = delete;
#endif
};
struct policies : tenon::default_policies {
    using send_buffer = chosen;
};
static_assert(tenon::complete_policies<policies>);
