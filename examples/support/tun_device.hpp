// SPDX-License-Identifier: BSL-1.0
// Opens a TUN device for an example, and says in a sentence why if it cannot.
#pragma once
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include <tenon/transport/tun.hpp>

#include "path.hpp"

namespace support {

using tun_device = watched<tenon::transport::tun<tenon::transport::tun_options{.slots = 32}>>;

inline bool open_tun(tun_device& device, std::string const& name) {
    int const failed = device.open(name.c_str());
    if (failed == 0) return true;
    std::fprintf(stderr, "cannot open the TUN device %s: %s\n", name.c_str(), std::strerror(failed));
    if (failed == EPERM || failed == EACCES) std::fprintf(stderr, "root (CAP_NET_ADMIN) is needed\n");
    if (failed == ENOENT || failed == ENODEV) std::fprintf(stderr, "/dev/net/tun does not exist here: modprobe tun\n");
    if (failed == EBUSY) std::fprintf(stderr, "another program holds it\n");
    return false;
}

// The kernel answers EIO while the interface is down.
inline void explain_lost_packets(tun_device const& device) {
    if (device.last_error() == 0) return;
    std::fprintf(stderr, "packets were lost on %s: %s%s\n", device.name(), std::strerror(device.last_error()),
                 device.last_error() == EIO ? " (is the interface up?)" : "");
}

}  // namespace support
