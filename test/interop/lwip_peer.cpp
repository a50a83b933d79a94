// SPDX-License-Identifier: BSL-1.0
// lwIP's end of one conversation with the library: Debian's lwIP on a TAP device, driven by its sockets from one thread, with the
// scripts of the matrix (matrix_script.hpp). It ends when everything went well and lwIP has no connection left but in TIME-WAIT.
//
//   lwip_peer client|server WORKLOAD SIZE COUNT OWN-ADDRESS PEER-ADDRESS
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>
extern "C" {  // not all of these say so themselves
#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/init.h>
#include <lwip/netif.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/sockets.h>
#include <lwip/tcpip.h>
}

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string_view>
#include <unistd.h>

#include "matrix_script.hpp"

namespace {

constexpr std::uint16_t port = 7000;
constexpr int patience = 60;  // seconds

[[noreturn]] void fail(char const* what, long long n = 0) {
    std::printf("lwIP's end: %s (%lld, errno %d)\n", what, n, errno);
    std::fflush(stdout);
    std::_Exit(1);
}

void check_time() {
    static time_t const start = ::time(nullptr);
    if (::time(nullptr) > start + patience) fail("out of time");
}

void rest() {
    check_time();
    ::usleep(200);
}

union socket_address {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
};

struct address {
    bool is_v6{};
    ip_addr_t value{};

    explicit address(char const* text) : is_v6{std::strchr(text, ':') != nullptr} {
        if (!ipaddr_aton(text, &value)) fail("not an address");
    }
    socket_address with_port(std::uint16_t p, socklen_t& size) const {
        socket_address a{};
        if (is_v6) {
            a.v6.sin6_family = AF_INET6;
            a.v6.sin6_port   = htons(p);
            std::memcpy(&a.v6.sin6_addr, ip_2_ip6(&value)->addr, 16);
            size = sizeof a.v6;
        } else {
            a.v4.sin_family      = AF_INET;
            a.v4.sin_port        = htons(p);
            a.v4.sin_addr.s_addr = ip_2_ip4(&value)->addr;
            size                 = sizeof a.v4;
        }
        return a;
    }
};

// The TAP device. The package has a driver of its own, tapif, but with it (2.1.3) lwIP's heap is damaged by the first long frame.
int tap = -1;

err_t send_frame(netif*, pbuf* p) {
    std::array<std::byte, 1600> frame;
    auto const n = pbuf_copy_partial(p, frame.data(), frame.size(), 0);
    return ::write(tap, frame.data(), n) == n ? ERR_OK : ERR_IF;
}

void receive_frames(void* device) {
    auto* const to = static_cast<netif*>(device);
    std::array<std::byte, 1600> frame;
    for (ssize_t n; (n = ::read(tap, frame.data(), frame.size())) > 0;) {
        auto* const p = pbuf_alloc(PBUF_RAW, static_cast<u16_t>(n), PBUF_RAM);
        if (p == nullptr) continue;
        pbuf_take(p, frame.data(), static_cast<u16_t>(n));
        if (to->input(p, to) != ERR_OK) pbuf_free(p);
    }
}

err_t start_device(netif* device) {
    ifreq request{};
    std::strcpy(request.ifr_name, "tap0");
    request.ifr_flags = IFF_TAP | IFF_NO_PI;
    tap               = ::open("/dev/net/tun", O_RDWR);
    if (tap < 0 || ::ioctl(tap, TUNSETIFF, &request) < 0) return ERR_IF;
    device->name[0] = 't', device->name[1] = 'p';
    device->mtu        = 1500;
    device->hwaddr_len = 6;
    device->hwaddr[0] = 2, device->hwaddr[5] = 1;  // administered locally
    device->flags      = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP | NETIF_FLAG_MLD6;
    device->output     = etharp_output;
    device->output_ip6 = ethip6_output;
    device->linkoutput = send_frame;
    sys_thread_new("tap", receive_frames, device, 0, 0);
    return ERR_OK;
}

void start_stack(address const& own) {
    static netif device;
    tcpip_init(nullptr, nullptr);
    LOCK_TCPIP_CORE();
    ip4_addr_t mask{}, gateway{}, v4{};
    IP4_ADDR(&mask, 255, 255, 255, 0);
    if (!own.is_v6) v4 = *ip_2_ip4(&own.value);
    if (!netif_add(&device, &v4, &mask, &gateway, nullptr, start_device, tcpip_input)) fail("no TAP device");
    netif_set_default(&device);
    netif_set_up(&device);
    netif_create_ip6_linklocal_address(&device, 1);
    if (own.is_v6) {
        s8_t at = -1;
        netif_add_ip6_address(&device, ip_2_ip6(&own.value), &at);
        if (at < 0) fail("no room for an IPv6 address");
        netif_ip6_addr_set_state(&device, at, IP6_ADDR_PREFERRED);
    }
    UNLOCK_TCPIP_CORE();
}

// One connection. What goes wrong ends the program.
class talk {
public:
    talk(int s, matrix::workload w, std::uint64_t size, bool client, unsigned number) : socket_{s} {
        socket_address a{};
        socklen_t length = sizeof a;
        if ((client ? lwip_getsockname(s, &a.any, &length) : lwip_getpeername(s, &a.any, &length)) != 0) fail("no name");
        auto const client_port = ntohs(a.any.sa_family == AF_INET6 ? a.v6.sin6_port : a.v4.sin_port);
        plan_ = matrix::script_for(w, size, false, client, number, client_port);
        out_  = {client_port, client};
        in_   = {client_port, !client};
        int const one = 1;
        lwip_setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    }

    void run() {
        if (plan_.slow) ::usleep(600'000);
        while (!over_) {
            bool const moved = read() | write();
            if (plan_.resetting == matrix::resets::ours && received_ >= matrix::abort_after) return reset();
            if (ended_ && shut_) break;
            if (!moved) rest();
            if (plan_.slow) ::usleep(10'000);
        }
        if (lwip_close(socket_) != 0) fail("close");
    }

private:
    void reset() {
        linger const now{.l_onoff = 1, .l_linger = 0};
        if (lwip_setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now) != 0) fail("linger");
        if (lwip_close(socket_) != 0) fail("close with a reset");
    }

    // An error of a call: is it the RST that the script wants?
    bool met_reset() {
        if (errno == EAGAIN || errno == EWOULDBLOCK) return false;
        if (plan_.resetting != matrix::resets::theirs) fail("a call failed", static_cast<long long>(received_));
        if (errno != ECONNRESET && errno != ENOTCONN && errno != ECONNABORTED) fail("not a reset");
        over_ = true;
        return true;
    }

    bool read() {
        if (ended_) return false;
        std::array<std::byte, 16'384> room;
        auto const got = lwip_recv(socket_, room.data(), room.size(), MSG_DONTWAIT);
        if (got < 0) return met_reset();
        auto const piece = std::span{room}.first(static_cast<std::size_t>(got));
        if (!in_.matches(piece, received_)) fail("octets differ", static_cast<long long>(received_));
        received_ += piece.size();
        ended_ = got == 0;
        if (ended_ && received_ != plan_.receive) fail("the stream is too short", static_cast<long long>(received_));
        if (received_ > plan_.receive) fail("too much came", static_cast<long long>(received_));
        return true;
    }

    std::uint64_t reach() const {
        using matrix::speaks;
        switch (plan_.speaking) {
            case speaks::at_once: return plan_.send;
            case speaks::ping: return std::min(plan_.send, received_ + 1);
            case speaks::pong: return received_;
            case speaks::after_request: return received_ == plan_.receive ? plan_.send : 0;
            case speaks::after_end: return ended_ ? plan_.send : 0;
        }
        return 0;
    }

    bool write() {
        using matrix::shuts;
        if (over_ || shut_) return false;
        if (sent_ < reach()) {
            auto piece      = out_.at(sent_);
            piece           = piece.first(std::min<std::size_t>({piece.size(), 8'192, static_cast<std::size_t>(reach() - sent_)}));
            auto const took = lwip_send(socket_, piece.data(), piece.size(), MSG_DONTWAIT);
            if (took < 0) return met_reset();
            sent_ += static_cast<std::uint64_t>(took);
            return took != 0;
        }
        bool const may = plan_.shutting == shuts::when_sent || (plan_.shutting == shuts::when_received && received_ == plan_.receive) ||
                         (plan_.shutting == shuts::when_ended && ended_);
        if (sent_ != plan_.send || !may) return false;
        if (lwip_shutdown(socket_, SHUT_WR) != 0) fail("shutdown");
        return shut_ = true;
    }

    int socket_;
    matrix::script plan_{};
    matrix::stream out_{}, in_{};
    std::uint64_t sent_{}, received_{};
    bool ended_{}, shut_{}, over_{};
};

int new_socket(address const& own) {
    int const s = lwip_socket(own.is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
    if (s < 0) fail("socket");
    return s;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 7) return 2;
    bool const client = std::string_view{argv[1]} == "client";
    auto const what   = matrix::find_workload(argv[2]);
    auto const size   = std::strtoull(argv[3], nullptr, 10);
    auto const count  = static_cast<unsigned>(std::strtoul(argv[4], nullptr, 10));
    address const own{argv[5]}, peer{argv[6]};
    if (!what) return 2;
    check_time();
    start_stack(own);

    socklen_t length = 0;
    int listener     = -1;
    if (!client) {
        listener     = new_socket(own);
        auto const a = own.with_port(port, length);
        if (lwip_bind(listener, &a.any, length) != 0 || lwip_listen(listener, 8) != 0) fail("listen");
    }
    for (unsigned i = 0; i < count; ++i) {
        int s = -1;
        if (client) {
            s            = new_socket(own);
            auto const a = peer.with_port(port, length);
            if (lwip_connect(s, &a.any, length) != 0) fail("connect", i);
        } else if (s = lwip_accept(listener, nullptr, nullptr); s < 0) {
            fail("accept", i);
        }
        talk{s, *what, size, client, i}.run();
    }
    for (bool left = true; left; rest()) {
        LOCK_TCPIP_CORE();
        left = tcp_active_pcbs != nullptr;
        UNLOCK_TCPIP_CORE();
    }
    std::printf("lwIP's end is done\n");
    std::fflush(stdout);
    std::_Exit(0);  // lwIP's threads never end
}
