// SPDX-License-Identifier: BSL-1.0
// A user's program: exits 0 when the headers arrived with C++20.
#if __has_include(<tenon/tenon.hpp>)
#include <tenon/tenon.hpp>
#endif
#include <tenon/core/sequence.hpp>

int main() { return tenon::sequence{2} - tenon::sequence{0xffffffff} == 3 ? 0 : 1; }
