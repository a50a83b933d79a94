// SPDX-License-Identifier: BSL-1.0
// UDP: each IP packet is the content of one datagram, to one peer: a tunnel that needs no privilege. POSIX sockets with
// Linux's recvmmsg. One system call per packet sent, one per burst received. One reservation at a time, forgotten by the
// next reserve. There is no authentication: with a learned peer, whoever sends the first IP packet is the peer.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <tenon/transport/concept.hpp>

namespace tenon::transport {

struct udp_options {
    bytes       mtu{1400};         // the largest packet within a datagram; leaves room for the outer headers
    std::size_t slots{32};         // arrivals per burst, and out at once
    bool        trust_checksum{};  // UDP's checksum stands in for TCP's on arrival; UDP over IPv4 may lack one (RFC 768)
};

template <udp_options O = udp_options{}>
class udp {
    static_assert(O.slots >= 1 && O.slots <= 32, "free slots are the bits of one word");
    static_assert(O.mtu >= 68 && O.mtu <= 65507, "a packet must fit into a datagram");

    static constexpr std::size_t most_pieces = 16;
    static constexpr std::uint32_t all_free = O.slots == 32 ? ~0u : (1u << O.slots) - 1;

public:
    static constexpr capabilities most{.mtu = O.mtu, .pieces = most_pieces,
                                       .check = O.trust_checksum ? checksums::transport : checksums::stack};

    udp() noexcept {}
    udp(udp const&) = delete;
    udp& operator=(udp const&) = delete;
    ~udp() { close(); }

    // Addresses are numeric, both of one family. Without a peer the sender of the first IP packet becomes the peer.
    // Port 0 takes any local port. 0, or the errno value of what failed.
    [[nodiscard]] int open(char const* local, std::uint16_t local_port, char const* peer = nullptr,
                           std::uint16_t peer_port = 0) noexcept {
        address here, there;
        if (!parse(local, local_port, here) || (peer && !parse(peer, peer_port, there))) return EINVAL;
        if (peer && here.any.sa_family != there.any.sa_family) return EAFNOSUPPORT;
        close();
        int const fd = ::socket(here.any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd < 0) return errno;
        socklen_t size = length(here);
        if (::bind(fd, &here.any, size) < 0 || ::getsockname(fd, &here.any, &size) < 0) {
            int const failed = errno;
            ::close(fd);
            return failed;
        }
        descriptor_ = fd;
        // The ports of both families lie at the same place.
        local_port_ = ntohs(here.v4.sin_port);
        peer_ = there;
        return 0;
    }

    void close() noexcept {
        if (descriptor_ >= 0) ::close(descriptor_);
        descriptor_ = -1;
        peer_ = {};
    }

    int descriptor() const noexcept { return descriptor_; }  // for poll and epoll; -1: not open
    std::uint16_t local_port() const noexcept { return local_port_; }
    bool has_peer() const noexcept { return peer_.any.sa_family != AF_UNSPEC; }
    int last_error() const noexcept { return last_error_; }   // errno of the last packet that was lost; 0: none was

    capabilities limits() const noexcept { return most; }

    // Empty while there is no peer.
    octets_out reserve(bytes n) noexcept {
        if (!has_peer() || n > O.mtu) return {};
        return {frame_.data(), n};
    }

    void cancel(octets_out) noexcept {}

    // A full socket buffer refuses. Any other failure loses the packet, as a wire would: trying again could not help.
    ticket commit(octets_out frame, std::span<octets_in const> body, departure const&) noexcept {
        if (body.size() > most_pieces || !has_peer()) return 0;
        std::array<iovec, most_pieces + 1> parts;
        std::size_t count = 0;
        std::size_t total = frame.size();
        parts[count++] = {frame.data(), frame.size()};
        for (auto piece : body) {
            parts[count++] = {const_cast<std::byte*>(piece.data()), piece.size()};
            total += piece.size();
        }
        msghdr message{};
        message.msg_name = &peer_;
        message.msg_namelen = length(peer_);
        message.msg_iov = parts.data();
        message.msg_iovlen = count;
        int const failed = total > O.mtu ? EMSGSIZE : send(message);
        if (failed == EAGAIN || failed == ENOBUFS || failed == ENOMEM) return 0;
        if (failed != 0) last_error_ = failed;
        if (++last_ == 0) last_ = 1;
        return last_;
    }

    ticket flush() noexcept { return last_; }

    std::span<arrival> arrivals(std::span<arrival> burst) noexcept {
        std::array<mmsghdr, O.slots> messages{};
        std::array<iovec, O.slots> parts;
        std::array<address, O.slots> from;
        std::array<std::uint8_t, O.slots> slot;
        unsigned count = 0;
        for (auto left = free_; left != 0 && count < burst.size(); left &= left - 1, ++count) {
            slot[count] = static_cast<std::uint8_t>(std::countr_zero(left));
            parts[count] = {slots_[slot[count]].data(), slots_[slot[count]].size()};
            auto& header = messages[count].msg_hdr;
            header.msg_name = &from[count];
            header.msg_namelen = sizeof(address);
            header.msg_iov = &parts[count];
            header.msg_iovlen = 1;
        }
        int got;
        do got = count == 0 ? 0 : ::recvmmsg(descriptor_, messages.data(), count, 0, nullptr);
        while (got < 0 && errno == EINTR);
        std::size_t n = 0;
        for (int i = 0; i < got; ++i) {
            auto const k = static_cast<std::size_t>(i);
            octets_in const packet{slots_[slot[k]].data(), messages[k].msg_len};
            if ((messages[k].msg_hdr.msg_flags & MSG_TRUNC) != 0 || !is_ip(packet) || !from_peer(from[k])) continue;
            free_ &= ~(1u << slot[k]);
            burst[n++] = {.octets = packet, .verified = O.trust_checksum, .cookie = slot[k]};
        }
        return burst.first(n);
    }

    void give_back(arrival const& one) noexcept { free_ |= (1u << one.cookie) & all_free; }

private:
    union address {
        sockaddr any;
        sockaddr_in v4;
        sockaddr_in6 v6;
        address() noexcept : v6{} {}
    };

    static bool parse(char const* text, std::uint16_t port, address& a) noexcept {
        a = {};
        if (::inet_pton(AF_INET, text, &a.v4.sin_addr) == 1) a.v4.sin_family = AF_INET;
        else if (::inet_pton(AF_INET6, text, &a.v6.sin6_addr) == 1) a.v6.sin6_family = AF_INET6;
        else return false;
        a.v4.sin_port = htons(port);
        return true;
    }

    static socklen_t length(address const& a) noexcept { return a.any.sa_family == AF_INET ? sizeof a.v4 : sizeof a.v6; }

    static bool same(address const& a, address const& b) noexcept {
        if (a.any.sa_family != b.any.sa_family || a.v4.sin_port != b.v4.sin_port) return false;
        if (a.any.sa_family == AF_INET) return a.v4.sin_addr.s_addr == b.v4.sin_addr.s_addr;
        return std::memcmp(&a.v6.sin6_addr, &b.v6.sin6_addr, sizeof a.v6.sin6_addr) == 0;
    }

    int send(msghdr const& message) const noexcept {
        ssize_t done;
        do done = ::sendmsg(descriptor_, &message, MSG_NOSIGNAL);
        while (done < 0 && errno == EINTR);
        return done < 0 ? errno : 0;
    }

    static bool is_ip(octets_in packet) noexcept {
        if (packet.size() < 20) return false;
        auto const version = packet[0] >> 4;
        return version == std::byte{4} || version == std::byte{6};
    }

    bool from_peer(address const& sender) noexcept {
        if (!has_peer()) peer_ = sender;
        return same(peer_, sender);
    }

    int           descriptor_{-1};
    int           last_error_{};
    ticket        last_{};
    std::uint32_t free_{all_free};
    std::uint16_t local_port_{};
    address       peer_{};
    std::array<std::byte, O.mtu> frame_;
    std::array<std::array<std::byte, O.mtu>, O.slots> slots_;
};

static_assert(packet_io<udp<>>);

}  // namespace tenon::transport
