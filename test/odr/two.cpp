// SPDX-License-Identifier: BSL-1.0
#include <tenon/tenon.hpp>

int two();

int two() { return tenon::sequence{5} - tenon::sequence{3} == 2 ? 0 : 1; }
