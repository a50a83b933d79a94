// SPDX-License-Identifier: BSL-1.0
// Settings: what --so_flags and a script's sysctls ask of the stack.
#pragma once
#include <string>

#include "sockets.hpp"

namespace tenon::packetdrill {

// `key=value,...`: timers=linux|rfc|delayed, congestion=reno|cubic, options=standard|no_timestamps|no_sack|none, network=both|ipv6, local=ADDRESS,
// mtu=N, ecn=0|1|2 (off, offered, only accepted), neutral=0|1 (wire.hpp).
struct flags {
    configuration settings;
    bool neutral{};
};
flags read_flags(char const* text);

// The stand-in for sysctl (stubs/) writes `name=value` lines to the file that TENON_SYSCTLS names. Read when the stack is made, at the
// first connect or listen; run.sh looks for names that are not known here.
void read_settings(configuration&);

}  // namespace tenon::packetdrill
