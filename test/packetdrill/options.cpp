// SPDX-License-Identifier: BSL-1.0
// getsockopt and setsockopt. What the library has no way to do is ENOPROTOOPT, and noted.
#include <errno.h>
#include <linux/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "sockets.hpp"

namespace tenon::packetdrill {
namespace {

constexpr int sol_tcp = 6;

int fails(int e) {
    errno = e;
    return -1;
}
int answer(void const* from, std::size_t size, void* value, socklen_t* length) {
    auto const n = std::min<std::size_t>(*length, size);
    std::memcpy(value, from, n);
    *length = static_cast<socklen_t>(n);
    return 0;
}
// TCP_INFO grows with Linux's versions: packetdrill wants its own size, and what is not known here is 0.
int answer(tcp_info const& i, void* value, socklen_t* length) {
    constexpr socklen_t most = 280;
    *length = std::min(*length, most);
    std::memset(value, 0, *length);
    std::memcpy(value, &i, std::min<std::size_t>(*length, sizeof i));
    return 0;
}
int answer(int n, void* value, socklen_t* length) { return answer(&n, sizeof n, value, length); }

// Linux's numbers for the states.
std::uint8_t number_of(state s) {
    switch (s) {
        case state::closed: return 7;
        case state::listen: return 10;
        case state::syn_sent: return 2;
        case state::syn_received: return 3;
        case state::established: return 1;
        case state::fin_wait_1: return 4;
        case state::fin_wait_2: return 5;
        case state::close_wait: return 8;
        case state::closing: return 11;
        case state::last_ack: return 9;
        case state::time_wait: return 6;
    }
    return 0;
}

// For the table of results.
std::string name_of(int level, int option) {
    if (level == sol_tcp) {
        switch (option) {
            case TCP_CORK: return "TCP_CORK";
            case TCP_KEEPIDLE: return "TCP_KEEPIDLE";
            case TCP_KEEPINTVL: return "TCP_KEEPINTVL";
            case TCP_KEEPCNT: return "TCP_KEEPCNT";
            case TCP_SYNCNT: return "TCP_SYNCNT";
            case TCP_LINGER2: return "TCP_LINGER2";
            case TCP_DEFER_ACCEPT: return "TCP_DEFER_ACCEPT";
            case TCP_CONGESTION: return "TCP_CONGESTION";
            case TCP_MD5SIG: return "TCP_MD5SIG";
            case TCP_FASTOPEN: return "TCP_FASTOPEN";
            case TCP_NOTSENT_LOWAT: return "TCP_NOTSENT_LOWAT";
            case TCP_FASTOPEN_CONNECT: return "TCP_FASTOPEN_CONNECT";
            case TCP_FASTOPEN_KEY: return "TCP_FASTOPEN_KEY";
            case TCP_ZEROCOPY_RECEIVE: return "TCP_ZEROCOPY_RECEIVE";
            case TCP_INQ: return "TCP_INQ";
            default: return "TCP option " + std::to_string(option);
        }
    }
    if (level == SOL_SOCKET) {
        switch (option) {
            case SO_ZEROCOPY: return "SO_ZEROCOPY";
            case SO_TIMESTAMPING: return "SO_TIMESTAMPING";
            case SO_RCVBUF: return "SO_RCVBUF";
            case SO_MARK: return "SO_MARK";
            default: return "SOL_SOCKET option " + std::to_string(option);
        }
    }
    return "option " + std::to_string(option) + " of level " + std::to_string(level);
}

std::uint32_t segments(bytes octets, bytes mss) { return mss == 0 ? 0 : (octets + mss - 1) / mss; }

}  // namespace

int sockets::getsockopt(int fd, int level, int name, void* value, socklen_t* length) {
    auto const l = world_.enter();
    auto* const s = find(fd);
    if (s == nullptr) return -1;
    if (level == sol_tcp) return get_tcp(*s, name, value, length);
    if (level == SOL_SOCKET) return get_general(*s, name, value, length);
    note(name_of(level, name));
    return fails(ENOPROTOOPT);
}

int sockets::get_tcp(tcp_socket& s, int name, void* value, socklen_t* length) {
    bool const open = s.is == tcp_socket::role::connected;
    switch (name) {
        case TCP_INFO: return fill_info(s, value, length);
        case TCP_CC_INFO: std::memset(value, 0, *length); return 0;
        case TCP_NODELAY: return answer(s.no_delay, value, length);
        case TCP_USER_TIMEOUT: return answer(s.user_timeout_ms, value, length);
        case TCP_MAXSEG: {
            auto const mss = open ? world_.tcp().look(s.connection).mss : bytes{536};
            return answer(s.max_segment != 0 && !open ? s.max_segment : static_cast<int>(mss), value, length);
        }
        default: break;
    }
    note(name_of(sol_tcp, name));
    return fails(ENOPROTOOPT);
}

int sockets::get_general(tcp_socket& s, int name, void* value, socklen_t* length) {
    switch (name) {
        case SO_ERROR: return answer(s.is == tcp_socket::role::connected ? take_error(s) : 0, value, length);
        case SO_TYPE: return answer(SOCK_STREAM, value, length);
        case SO_ACCEPTCONN: return answer(s.is == tcp_socket::role::listening, value, length);
        case SO_KEEPALIVE: return answer(s.keep_alive, value, length);
        case SO_SNDBUF: return answer(s.send_buffer != 0 ? s.send_buffer : 1 << 22, value, length);
        case SO_RCVBUF: return answer(s.receive_buffer != 0 ? s.receive_buffer : 65'536 << 7, value, length);
        case SO_REUSEADDR: return answer(1, value, length);
        case SO_MEMINFO: std::memset(value, 0, *length); return 0;
        case SO_LINGER: {
            linger const now{s.lingers, s.linger_seconds};
            return answer(&now, sizeof now, value, length);
        }
        default: break;
    }
    note(name_of(SOL_SOCKET, name));
    return fails(ENOPROTOOPT);
}

int sockets::setsockopt(int fd, int level, int name, void const* value, socklen_t length) {
    auto l = world_.enter();
    auto* const s = find(fd);
    if (s == nullptr) return -1;
    int result = -1;
    if (level == sol_tcp) {
        int n = 0;
        if (value == nullptr) return fails(EFAULT);
        if (length < sizeof n) return fails(EINVAL);
        std::memcpy(&n, value, sizeof n);
        result = set_tcp(*s, name, n);
    } else if (level == SOL_SOCKET) {
        result = set_general(*s, name, value, length);
    } else {
        note(name_of(level, name));
        return fails(ENOPROTOOPT);
    }
    int const e = errno;
    if (world_.started()) world_.settle(l);
    errno = e;
    return result;
}

int sockets::set_tcp(tcp_socket& s, int name, int value) {
    bool const open = s.is == tcp_socket::role::connected;
    switch (name) {
        case TCP_NODELAY:
            s.no_delay = value != 0;
            if (open && !world_.tcp().no_delay(s.connection, s.no_delay)) break;
            return 0;
        case TCP_USER_TIMEOUT:
            if (value < 0) return fails(EINVAL);
            s.user_timeout_ms = value;
            if (open && !world_.tcp().user_timeout(s.connection, from_ms(value))) break;
            return 0;
        case TCP_MAXSEG:
            if (value < 88 || value > 32'767) return fails(EINVAL);
            if (open) break;  // the library agrees on the MSS with the SYNs
            s.max_segment = value;
            if (s.is == tcp_socket::role::listening) limit_packets(s, is_mapped(s.bound->address) || !s.v6);
            return 0;
        case TCP_QUICKACK: return 0;
        default: break;
    }
    note(name_of(sol_tcp, name));
    return fails(ENOPROTOOPT);
}

int sockets::set_general(tcp_socket& s, int name, void const* value, socklen_t length) {
    int n = 0;
    if (value == nullptr) return fails(EFAULT);
    if (length < sizeof n) return fails(EINVAL);
    std::memcpy(&n, value, sizeof n);
    switch (name) {
        case SO_REUSEADDR: case SO_REUSEPORT: return 0;
        case SO_KEEPALIVE:
            s.keep_alive = n != 0;
            if (s.is == tcp_socket::role::connected && !world_.tcp().keep_alive(s.connection, s.keep_alive)) break;
            return 0;
        // Linux doubles what it is asked for.
        case SO_SNDBUF: s.send_buffer = std::max(2 * n, 4608); return 0;
        case SO_RCVBUF: s.receive_buffer = std::max(2 * n, 2304); break;  // the window would have to follow
        case SO_LINGER: {
            if (length < sizeof(linger)) return fails(EINVAL);
            linger wanted{};
            std::memcpy(&wanted, value, sizeof wanted);
            s.lingers = wanted.l_onoff != 0;
            s.linger_seconds = wanted.l_linger;
            return 0;
        }
        default: break;
    }
    note(name_of(SOL_SOCKET, name));
    return fails(ENOPROTOOPT);
}

int sockets::fill_info(tcp_socket& s, void* value, socklen_t* length) {
    tcp_info i{};
    if (s.is == tcp_socket::role::listening) i.tcpi_state = number_of(state::listen);
    if (s.is != tcp_socket::role::connected) return answer(i, value, length);
    auto const f = world_.tcp().look(s.connection);
    constexpr std::uint8_t linux_phase[] = {0, 3, 4};  // TCP_CA_Open, Recovery, Loss
    i.tcpi_state          = number_of(f.state);
    i.tcpi_ca_state       = f.phase < 3 ? linux_phase[f.phase] : 0;
    i.tcpi_retransmits    = static_cast<std::uint8_t>(f.retries);
    i.tcpi_backoff        = static_cast<std::uint8_t>(f.retries);
    i.tcpi_options        = static_cast<std::uint8_t>((f.timestamps ? TCPI_OPT_TIMESTAMPS : 0) | (f.sack ? TCPI_OPT_SACK : 0));
    i.tcpi_rto            = static_cast<std::uint32_t>(f.timeout);
    i.tcpi_snd_mss        = f.mss;
    i.tcpi_advmss         = world_.net.mtu - (is_mapped(world_.tcp().local(s.connection).address) ? 40 : 60) - (f.timestamps ? 12 : 0);
    i.tcpi_pmtu           = world_.net.mtu;
    i.tcpi_unacked        = segments(f.outstanding, f.mss);
    i.tcpi_snd_cwnd       = f.window / std::max<bytes>(f.mss, 1);
    i.tcpi_snd_ssthresh   = f.threshold >= 1u << 30 ? 0x7fff'ffff : f.threshold / std::max<bytes>(f.mss, 1);
    i.tcpi_rtt            = static_cast<std::uint32_t>(f.smoothed);
    i.tcpi_rttvar         = static_cast<std::uint32_t>(f.variation);
    i.tcpi_reordering     = 3;
    i.tcpi_rcv_space      = f.receive_space;
    i.tcpi_total_retrans  = f.resent;
    i.tcpi_notsent_bytes  = f.unsent;
    i.tcpi_segs_in        = f.segments_in;
    i.tcpi_segs_out       = f.segments_out;
    i.tcpi_data_segs_in   = f.data_segments_in;
    i.tcpi_data_segs_out  = f.data_segments_out;
    i.tcpi_bytes_received = f.data_octets_in;
    i.tcpi_bytes_sent     = f.data_octets_out;
    i.tcpi_bytes_retrans  = f.octets_resent;
    i.tcpi_bytes_acked    = f.data_octets_out - f.octets_resent - f.outstanding;
    return answer(i, value, length);
}

}  // namespace tenon::packetdrill
