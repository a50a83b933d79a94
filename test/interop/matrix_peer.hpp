// SPDX-License-Identifier: BSL-1.0
// The compositions among which matrix_peer chooses at run time: one function for each set of options, in a translation unit of
// its own (matrix_composition.cpp), so that they compile side by side.
#pragma once
#include "examples/support/tun_device.hpp"
#include "matrix_session.hpp"

namespace matrix {

enum option : unsigned { window_scale = 1, timestamps = 2, sack = 4, ecn = 8 };
inline constexpr unsigned compositions = MATRIX_COMPOSITIONS;  // sets below this are compiled

using path = support::worse_path<support::tun_device>;

template <unsigned Options>
int run(cell const&, support::tun_device&, path&);

}  // namespace matrix
