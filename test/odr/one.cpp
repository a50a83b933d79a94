// SPDX-License-Identifier: BSL-1.0
#include <tenon/tenon.hpp>

int two();

int main() { return two(); }
