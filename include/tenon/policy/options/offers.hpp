// SPDX-License-Identifier: BSL-1.0
// `offers<offer{.window_scale = true}>`, and two names for the common sets.
#pragma once
#include <tenon/policy/options/concept.hpp>

namespace tenon::options {

template <offer Offered>
struct offers { static constexpr offer offered = Offered; };

using minimal  = offers<offer{}>;  // MSS alone
using standard = offers<offer{.window_scale = true, .timestamps = true, .sack = true}>;

static_assert(policy<minimal> && policy<standard>);

}  // namespace tenon::options
