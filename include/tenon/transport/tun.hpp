// SPDX-License-Identifier: BSL-1.0
// TUN: IP packets to and from the Linux kernel. Opt-in, Linux only, needs CAP_NET_ADMIN or a descriptor from who has it.
// One system call per packet; nothing blocks, nothing is allocated after construction. One reservation at a time, forgotten
// by the next reserve. Not for firmware: with virtual-network headers the object holds buffers of 64 KB each.
//
// `virtual_network_header` (virtio's header before each packet) makes the kernel finish TCP checksums, cut super-segments
// and hand over merged ones: one packet then carries up to 44 segments of 1460 octets.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <tenon/transport/concept.hpp>

namespace tenon::transport {

struct tun_options {
    bytes       mtu{1500};                 // the largest packet, or segment of a super-segment
    std::size_t slots{16};                 // arrivals that can be out at once
    bool        virtual_network_header{};  // checksums and segmentation by the kernel
};

// The header before each packet, in the host's order of octets (virtio 1.2, 5.1.6). The kernel's own header is no C++.
struct virtio_header {
    static constexpr std::uint8_t needs_checksum = 1, checksum_is_right = 2;  // flags
    static constexpr std::uint8_t tcp_over_ipv4 = 1, tcp_over_ipv6 = 4, with_cwr = 0x80;  // segmentation

    std::uint8_t  flags{};
    std::uint8_t  segmentation{};
    std::uint16_t header{};           // octets before the payload
    std::uint16_t cut{};              // payload octets per segment
    std::uint16_t checksum_start{};   // the sum goes from here to the end
    std::uint16_t checksum_offset{};  // and is stored this far behind checksum_start
};
static_assert(sizeof(virtio_header) == 10);

template <tun_options O = tun_options{}>
class tun {
    static_assert(O.slots >= 1 && O.slots <= 32, "free slots are the bits of one word");
    static_assert(O.mtu >= 68 && O.mtu <= 65535, "an IP packet of a size that exists");

    static constexpr bool headed = O.virtual_network_header;
    static constexpr bytes largest = headed ? 65535 : O.mtu;
    static constexpr std::size_t most_pieces = 16;
    static constexpr std::uint32_t all_free = O.slots == 32 ? ~0u : (1u << O.slots) - 1;

public:
    static constexpr capabilities most{.mtu = O.mtu, .pieces = most_pieces, .segments = headed ? 44 : 1,
                                       .send = headed ? checksums::partial : checksums::stack};

    tun() noexcept {}  // buffers are not zeroed: a static object costs no start-up time
    tun(tun const&) = delete;
    tun& operator=(tun const&) = delete;
    ~tun() { close(); }

    // Creates or attaches to the interface `name` ("tun%d" for any). 0, or the errno value of what failed.
    [[nodiscard]] int open(char const* name) noexcept {
        if (std::strlen(name) >= IFNAMSIZ) return ENAMETOOLONG;
        int const fd = ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
        if (fd < 0) return errno;
        ifreq request{};
        std::strcpy(request.ifr_name, name);
        request.ifr_flags = static_cast<short>(IFF_TUN | IFF_NO_PI | (headed ? IFF_VNET_HDR : 0));
        int failed = ::ioctl(fd, TUNSETIFF, &request) < 0 ? errno : 0;
        if (failed == 0 && headed) failed = ask_for_offloads(fd);
        bytes mtu = O.mtu;
        if (failed == 0) failed = read_mtu(request.ifr_name, mtu);
        if (failed != 0) {
            ::close(fd);
            return failed;
        }
        adopt(fd, mtu);
        std::memcpy(name_.data(), request.ifr_name, IFNAMSIZ);
        return 0;
    }

    // Takes over a non-blocking descriptor that was set up elsewhere with the flags and offloads of O.
    void adopt(int fd, bytes mtu = O.mtu) noexcept {
        close();
        descriptor_ = fd;
        mtu_ = std::min(mtu, O.mtu);
    }

    void close() noexcept {
        if (descriptor_ >= 0) ::close(descriptor_);
        descriptor_ = -1;
    }

    int descriptor() const noexcept { return descriptor_; }  // for poll and epoll; -1: not open
    char const* name() const noexcept { return name_.data(); }
    int last_error() const noexcept { return last_error_; }   // errno of the last packet that was lost; 0: none was

    // Asks the interface again, after somebody has changed its MTU.
    [[nodiscard]] int refresh_mtu() noexcept {
        bytes mtu = O.mtu;
        int const failed = read_mtu(name_.data(), mtu);
        if (failed == 0) mtu_ = std::min(mtu, O.mtu);
        return failed;
    }

    capabilities limits() const noexcept {
        auto now = most;
        now.mtu = mtu_;
        return now;
    }

    octets_out reserve(bytes n) noexcept {
        if (descriptor_ < 0 || n > largest) return {};
        return {frame_.data(), n};
    }

    void cancel(octets_out) noexcept {}

    // A full queue refuses. Any other failure loses the packet, as a wire would: trying again could not help.
    ticket commit(octets_out frame, std::span<octets_in const> body, departure const& how) noexcept {
        if (body.size() > most_pieces) return 0;
        std::array<iovec, most_pieces + 2> parts;
        std::size_t count = 0;
        std::size_t total = frame.size();
        for (auto piece : body) total += piece.size();
        virtio_header header{};
        if constexpr (headed) {
            describe(header, frame, total, how);
            parts[count++] = {&header, sizeof header};
        }
        parts[count++] = {frame.data(), frame.size()};
        for (auto piece : body) parts[count++] = {const_cast<std::byte*>(piece.data()), piece.size()};
        ssize_t done;
        do done = ::writev(descriptor_, parts.data(), static_cast<int>(count));
        while (done < 0 && errno == EINTR);
        if (done < 0) {
            if (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM) return 0;
            last_error_ = errno;
        }
        if (++last_ == 0) last_ = 1;
        return last_;
    }

    ticket flush() noexcept { return last_; }

    std::span<arrival> arrivals(std::span<arrival> burst) noexcept {
        std::size_t n = 0;
        // Packets that are dropped here count too: the work per call stays bounded.
        for (std::size_t reads = burst.size(); reads > 0 && free_ != 0; --reads) {
            auto const slot = static_cast<std::size_t>(std::countr_zero(free_));
            virtio_header header{};
            std::array<iovec, 2> parts{{{&header, sizeof header}, {slots_[slot].data(), slots_[slot].size()}}};
            ssize_t got;
            do got = ::readv(descriptor_, headed ? parts.data() : parts.data() + 1, headed ? 2 : 1);
            while (got < 0 && errno == EINTR);
            if (got < 0) break;
            auto const packet = static_cast<std::size_t>(got) - (headed ? sizeof header : 0);
            // A longer packet than fits was cut off by the kernel and fills the slot's extra octet; a shorter one than its
            // header wraps below zero.
            if (packet == 0 || packet > largest) continue;
            free_ &= ~(1u << slot);
            burst[n++] = {.octets = {slots_[slot].data(), packet}, .cut = cut_of(header),
                          .verified = (header.flags & (virtio_header::needs_checksum | virtio_header::checksum_is_right)) != 0,
                          .cookie = slot};
        }
        return burst.first(n);
    }

    void give_back(arrival const& one) noexcept { free_ |= (1u << one.cookie) & all_free; }

private:
    static int ask_for_offloads(int fd) noexcept {
        int size = sizeof(virtio_header);
        // Not TUN_F_TSO_ECN: CWR belongs on the first segment of a cut packet only (RFC 3168, 6.1.2), so the kernel cuts those.
        if (::ioctl(fd, TUNSETVNETHDRSZ, &size) < 0 || ::ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6) < 0)
            return errno;
        return 0;
    }

    static int read_mtu(char const* name, bytes& mtu) noexcept {
        int const any = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (any < 0) return errno;
        ifreq request{};
        std::memcpy(request.ifr_name, name, IFNAMSIZ);
        int const failed = ::ioctl(any, SIOCGIFMTU, &request) < 0 ? errno : 0;
        if (failed == 0) mtu = static_cast<bytes>(request.ifr_mtu);
        ::close(any);
        return failed;
    }

    static std::uint16_t cut_of(virtio_header const& header) noexcept {
        auto const kind = header.segmentation & ~virtio_header::with_cwr;
        return kind == virtio_header::tcp_over_ipv4 || kind == virtio_header::tcp_over_ipv6 ? header.cut : std::uint16_t{0};
    }

    static void describe(virtio_header& header, octets_out frame, std::size_t total, departure const& how) noexcept {
        constexpr std::size_t flags_in_tcp = 13, checksum_in_tcp = 16;
        if (how.tcp_offset == 0 || how.tcp_offset + checksum_in_tcp + 2 > frame.size()) return;  // not TCP: complete as it is
        header.flags = virtio_header::needs_checksum;
        header.checksum_start = how.tcp_offset;
        header.checksum_offset = checksum_in_tcp;
        if (how.cut == 0 || total <= std::size_t{how.header} + how.cut) return;
        header.segmentation = (frame[0] >> 4) == std::byte{6} ? virtio_header::tcp_over_ipv6 : virtio_header::tcp_over_ipv4;
        constexpr std::byte cwr{0x80};
        if ((frame[how.tcp_offset + flags_in_tcp] & cwr) != std::byte{}) header.segmentation |= virtio_header::with_cwr;
        header.header = how.header;
        header.cut = how.cut;
    }

    int           descriptor_{-1};
    int           last_error_{};
    bytes         mtu_{O.mtu};
    ticket        last_{};
    std::uint32_t free_{all_free};
    std::array<char, IFNAMSIZ> name_{};
    std::array<std::byte, largest> frame_;
    std::array<std::array<std::byte, largest + 1>, O.slots> slots_;
};

static_assert(packet_io<tun<>>);
static_assert(packet_io<tun<tun_options{.virtual_network_header = true}>>);

}  // namespace tenon::transport
