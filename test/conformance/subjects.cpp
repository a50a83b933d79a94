// SPDX-License-Identifier: BSL-1.0
// The compositions of the endpoint's conversations, for those of this folder.
#include "endpoint/subjects.cpp"
