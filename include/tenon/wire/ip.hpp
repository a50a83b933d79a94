// SPDX-License-Identifier: BSL-1.0
// Both versions of IP.
#pragma once
#include <tenon/wire/ipv4.hpp>
#include <tenon/wire/ipv6.hpp>
