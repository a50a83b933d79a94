// SPDX-License-Identifier: BSL-1.0
// A field that exists only if a composition needs it: `[[no_unique_address]] only_if<needed, T, struct its_name> field{};`
// Each absent field is a type of its own: two empty members of one type need two addresses, and so would cost octets.
#pragma once
#include <type_traits>

namespace tenon {

template <class Name>
struct absent {
    friend constexpr bool operator==(absent, absent) noexcept = default;
};

template <bool Exists, class T, class Name>
using only_if = std::conditional_t<Exists, T, absent<Name>>;

}  // namespace tenon
