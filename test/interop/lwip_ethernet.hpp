// SPDX-License-Identifier: BSL-1.0
// A small Ethernet adaptor, for the test with lwIP: a packet device on an interface of the kernel's that has no address of its own,
// with exactly one neighbour. It answers ARP (RFC 826) and neighbour solicitations (RFC 4861) for its one IP address, learns the
// neighbour's hardware address from whatever it sends, and asks by ARP before that. Packets sent earlier are lost.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <span>

#include <linux/if_ether.h>
#include <linux/if.h>
#include <linux/if_packet.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <tenon/core/address.hpp>
#include <tenon/transport/concept.hpp>
#include <tenon/wire/checksum.hpp>

namespace support {

class ethernet {
    static constexpr std::size_t slots = 32, header = 14, longest = 1500;
    using hardware = std::array<std::byte, 6>;

public:
    static constexpr tenon::transport::capabilities most{.mtu = longest};

    ethernet() noexcept {}
    ethernet(ethernet const&) = delete;
    ethernet& operator=(ethernet const&) = delete;
    ~ethernet() { if (descriptor_ >= 0) ::close(descriptor_); }

    // 0, or the errno value of what failed.
    [[nodiscard]] int open(char const* interface, tenon::ipv6_address const& ours, tenon::ipv6_address const& peer) noexcept {
        std::ranges::copy(std::as_bytes(std::span{ours.octets}), ours_.begin());
        std::ranges::copy(std::as_bytes(std::span{peer.octets}), peer_.begin());
        descriptor_ = ::socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (descriptor_ < 0) return errno;
        int const one = 1;
        ::setsockopt(descriptor_, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one);
        sockaddr_ll at{};
        at.sll_family   = AF_PACKET;
        at.sll_protocol = std::endian::native == std::endian::little ? std::uint16_t{ETH_P_ALL << 8 & 0xff00} : std::uint16_t{ETH_P_ALL};
        ifreq request{};
        std::strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
        if (::ioctl(descriptor_, SIOCGIFINDEX, &request) < 0) return errno;
        at.sll_ifindex = request.ifr_ifindex;
        return ::bind(descriptor_, reinterpret_cast<sockaddr*>(&at), sizeof at) < 0 ? errno : 0;
    }

    int descriptor() const noexcept { return descriptor_; }
    static tenon::transport::capabilities limits() noexcept { return most; }
    tenon::octets_out reserve(tenon::bytes n) noexcept {
        if (n > longest) return {};
        return std::span{frame_}.subspan(header, n);
    }
    static void cancel(tenon::octets_out) noexcept {}
    tenon::transport::ticket commit(tenon::octets_out packet, std::span<tenon::octets_in const>,
                                    tenon::transport::departure const&) noexcept {
        bool const v6 = (packet[0] & std::byte{0xf0}) == std::byte{0x60};
        if (!known_) {
            if (!v6) ask();
            return 1;
        }
        write_header(frame_, neighbour_, v6 ? ETH_P_IPV6 : ETH_P_IP);
        return put({frame_.data(), header + packet.size()}) ? 1 : 0;
    }
    static tenon::transport::ticket flush() noexcept { return 1; }

    std::span<tenon::transport::arrival> arrivals(std::span<tenon::transport::arrival> burst) noexcept {
        std::size_t n = 0;
        for (std::size_t reads = burst.size(); reads > 0 && free_ != 0; --reads) {
            auto const slot = static_cast<std::size_t>(std::countr_zero(free_));
            auto const got  = ::recv(descriptor_, slots_[slot].data(), slots_[slot].size(), 0);
            if (got < 0) break;
            auto const packet = take({slots_[slot].data(), static_cast<std::size_t>(got)});
            if (packet.empty()) continue;
            free_ &= ~(1u << slot);
            burst[n++] = {.octets = packet, .cookie = slot};
        }
        return burst.first(n);
    }
    void give_back(tenon::transport::arrival const& one) noexcept { free_ |= 1u << one.cookie; }

private:
    // The packet within a frame for us; nothing if there is none.
    tenon::octets_in take(tenon::octets_in frame) noexcept {
        if (frame.size() < header) return {};
        auto const kind = std::to_integer<unsigned>(frame[12]) << 8 | std::to_integer<unsigned>(frame[13]);
        std::ranges::copy(frame.subspan(6, 6), neighbour_.begin());
        known_ = true;
        if (kind == ETH_P_ARP) answer_arp(frame.subspan(header));
        if (kind == ETH_P_IPV6 && answer_solicitation(frame.subspan(header))) return {};
        bool const group = (frame[0] & std::byte{1}) != std::byte{0};
        return !group && (kind == ETH_P_IP || kind == ETH_P_IPV6) ? frame.subspan(header) : tenon::octets_in{};
    }

    void write_header(std::span<std::byte> frame, hardware const& to, unsigned kind) noexcept {
        std::ranges::copy(to, frame.begin());
        std::ranges::copy(own_, frame.begin() + 6);
        frame[12] = static_cast<std::byte>(kind >> 8);
        frame[13] = static_cast<std::byte>(kind);
    }
    bool put(tenon::octets_in frame) noexcept {
        auto const done = ::send(descriptor_, frame.data(), frame.size(), 0);
        return done >= 0 || (errno != EAGAIN && errno != ENOBUFS);
    }

    void write_arp(unsigned operation, hardware const& to, tenon::octets_in target) noexcept {
        std::array<std::byte, header + 28> f{};
        write_header(f, to, ETH_P_ARP);
        constexpr unsigned char start[] = {0, 1, 8, 0, 6, 4, 0};  // Ethernet, IPv4, lengths of addresses
        std::memcpy(f.data() + header, start, sizeof start);
        f[header + 7] = static_cast<std::byte>(operation);
        std::ranges::copy(own_, f.begin() + header + 8);
        std::ranges::copy(std::span{ours_}.last(4), f.begin() + header + 14);
        if (operation == 2) std::ranges::copy(to, f.begin() + header + 18);
        std::ranges::copy(target, f.begin() + header + 24);
        put(f);
    }
    void ask() noexcept {
        hardware everybody;
        everybody.fill(std::byte{0xff});
        write_arp(1, everybody, std::span{peer_}.last(4));
    }
    void answer_arp(tenon::octets_in arp) noexcept {
        if (arp.size() < 28 || arp[7] != std::byte{1} || !std::ranges::equal(arp.subspan(24, 4), std::span{ours_}.last(4))) return;
        write_arp(2, neighbour_, arp.subspan(14, 4));
    }

    // RFC 4861, 4.3 and 4.4. True if the packet was a solicitation.
    bool answer_solicitation(tenon::octets_in p) noexcept {
        if (p.size() < 64 || p[6] != std::byte{58} || p[40] != std::byte{135}) return false;
        if (!std::ranges::equal(p.subspan(48, 16), ours_)) return true;
        std::array<std::byte, header + 72> f{};
        write_header(f, neighbour_, ETH_P_IPV6);
        auto* const ip = f.data() + header;
        ip[0] = std::byte{0x60}, ip[5] = std::byte{32}, ip[6] = std::byte{58}, ip[7] = std::byte{255};
        std::ranges::copy(ours_, ip + 8);
        std::ranges::copy(p.subspan(8, 16), ip + 24);
        ip[40] = std::byte{136}, ip[44] = std::byte{0x60};  // solicited, override
        std::ranges::copy(ours_, ip + 48);
        ip[64] = std::byte{2}, ip[65] = std::byte{1};       // the target's hardware address
        std::ranges::copy(own_, ip + 66);
        auto sum = tenon::wire::sum(tenon::octets_in{ip + 8, 64});
        sum += tenon::wire::sum_of(32), sum += tenon::wire::sum_of(58);
        auto const check = tenon::wire::finish(sum);
        ip[42] = static_cast<std::byte>(check >> 8), ip[43] = static_cast<std::byte>(check);
        put(f);
        return true;
    }

    static constexpr hardware own_{std::byte{2}, {}, {}, {}, {}, std::byte{2}};  // administered locally
    int descriptor_{-1};
    std::array<std::byte, 16> ours_{}, peer_{};
    hardware neighbour_{};
    bool known_{};
    std::uint32_t free_{~0u};
    std::array<std::byte, header + longest> frame_{};
    std::array<std::array<std::byte, header + longest + 4>, slots> slots_;
};

static_assert(tenon::transport::packet_io<ethernet>);

}  // namespace support
