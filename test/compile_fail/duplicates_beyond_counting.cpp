// SPDX-License-Identifier: BSL-1.0
// Duplicates are counted in an octet.
// expect: a threshold that can be counted to
#include <tenon/policy/recovery/dup_ack.hpp>

#ifndef MUST_FAIL
template class tenon::recovery::dup_ack<tenon::recovery::dup_ack_parameters{.threshold = 254}>;
#else
template class tenon::recovery::dup_ack<tenon::recovery::dup_ack_parameters{.threshold = 255}>;
#endif
