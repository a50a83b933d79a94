// SPDX-License-Identifier: BSL-1.0
// A store that refers to the application's memory must say when it has finished with it.
// expect: refers_to_octets
#include <tenon/policy/buffer/by_reference.hpp>

struct store : tenon::buffer::by_reference<4> {
#ifdef MUST_FAIL
    std::optional<std::uintptr_t> released(home&) noexcept = delete;
#endif
};
static_assert(tenon::buffer::refers_to_octets<store>);
