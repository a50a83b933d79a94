// SPDX-License-Identifier: BSL-1.0
// Settings: what --so_flags and a script's sysctls ask of the stack.
#pragma once
#include <string>

#include "sockets.hpp"

namespace tenon::packetdrill {

// `key=value,...`: timers=linux|rfc|delayed, congestion=reno|cubic, options=standard|no_timestamps|no_sack|none, network=both|ipv6, local=ADDRESS,
// mtu=N, push=kept|left_out.
struct flags {
    configuration settings;
    bool without_push{};
};
flags read_flags(char const* text);

// The stand-in for sysctl (stubs/) writes `name=value` lines to the file that TENON_SYSCTLS names. Read when the stack is made, at the
// script's first socket; run.sh looks for names that are not known here.
void read_settings(configuration&);

}  // namespace tenon::packetdrill
