// SPDX-License-Identifier: BSL-1.0
// The conversations of this folder once more, in the surroundings that those of the endpoint are held in.
#include "endpoint/sweep.cpp"
