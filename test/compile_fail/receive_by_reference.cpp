// SPDX-License-Identifier: BSL-1.0
// What arrives must be copied somewhere: a store of references cannot receive.
// expect: it is for sending
#include <tenon/policies.hpp>
#include <tenon/policy/buffer/by_reference.hpp>

struct policies : tenon::default_policies {
#ifndef MUST_FAIL
    using send_buffer = tenon::buffer::by_reference<8>;
#else
    using receive_buffer = tenon::buffer::by_reference<8>;
#endif
};
static_assert(tenon::complete_policies<policies>);
