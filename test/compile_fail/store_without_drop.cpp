// SPDX-License-Identifier: BSL-1.0
// A store that cannot forget octets never gets room again.
// expect: forgets_octets
#include <tenon/policy/buffer/concept.hpp>

struct store {
    using home = tenon::buffer::nothing;
    tenon::bytes write(home&, tenon::bytes, tenon::octets_in) noexcept { return 0; }
    tenon::bytes read(home&, tenon::bytes, tenon::bytes, std::span<tenon::octets_in>) const noexcept { return 0; }
    tenon::bytes promise(home const&) const noexcept { return 0; }
#ifndef MUST_FAIL
    void drop(home&, tenon::bytes) noexcept {}
#endif
    void release(home&) noexcept {}
};
static_assert(tenon::buffer::octet_store<store>);
