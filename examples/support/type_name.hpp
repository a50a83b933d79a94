// SPDX-License-Identifier: BSL-1.0
// A type as the compiler names it, without what the compilers write around it.
#pragma once
#include <cstddef>
#include <string_view>

namespace support {

// g++:   constexpr std::string_view support::type_name() [with T = X; std::string_view = ...]
// clang: std::string_view support::type_name() [T = X]
template <class T>
constexpr std::string_view type_name() noexcept {
    std::string_view name = __PRETTY_FUNCTION__;
    name.remove_prefix(name.find("T = ") + 4);
    int depth = 0;
    for (std::size_t i = 0; i < name.size(); ++i) {
        char const c = name[i];
        depth += (c == '<' || c == '{' || c == '(') - (c == '>' || c == '}' || c == ')');
        if (depth == 0 && (c == ';' || c == ']')) return name.substr(0, i);
    }
    return name;
}

static_assert(type_name<int>() == "int");
static_assert(type_name<std::char_traits<char>>() == "std::char_traits<char>");

}  // namespace support
