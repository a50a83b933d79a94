// SPDX-License-Identifier: BSL-1.0
// Opening, naming and ending of sockets.
#include "sockets.hpp"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "settings.hpp"

namespace tenon::packetdrill {

int errno_of(error e) noexcept {
    switch (e) {
        case error::none: return 0;
        case error::would_block: return EAGAIN;
        case error::end_of_stream: return 0;
        case error::not_open: return ENOTCONN;
        case error::already_open: return EISCONN;
        case error::closing: return EPIPE;
        case error::invalid_address: return EINVAL;
        case error::address_in_use: return EADDRINUSE;
        case error::no_memory_lent: return ENOMEM;
        case error::invalid_option: return EINVAL;
        case error::refused: return ECONNREFUSED;
        case error::reset: return ECONNRESET;
        case error::aborted: return ECONNABORTED;
        case error::timed_out: return ETIMEDOUT;
        case error::unreachable: return EHOSTUNREACH;
        case error::no_ports: return EADDRNOTAVAIL;
        case error::no_room: return ENOBUFS;
    }
    return EIO;
}

namespace {
int fails(int e) {
    errno = e;
    return -1;
}
}  // namespace

std::optional<address> read_address(sockaddr const* a, socklen_t n) {
    if (a == nullptr) return std::nullopt;
    if (a->sa_family == AF_INET && n >= sizeof(sockaddr_in)) {
        sockaddr_in in{};
        std::memcpy(&in, a, sizeof in);
        return address{to_mapped({ntohl(in.sin_addr.s_addr)}), ntohs(in.sin_port)};
    }
    if (a->sa_family == AF_INET6 && n >= sizeof(sockaddr_in6)) {
        sockaddr_in6 in{};
        std::memcpy(&in, a, sizeof in);
        address result{.port = ntohs(in.sin6_port)};
        std::memcpy(result.address.octets.data(), &in.sin6_addr, 16);
        return result;
    }
    return std::nullopt;
}

void write_address(address const& a, bool v6, sockaddr* to, socklen_t* n) {
    if (to == nullptr || n == nullptr) return;
    sockaddr_in in4{};
    sockaddr_in6 in6{};
    void const* from = &in6;
    socklen_t size = sizeof in6;
    if (v6) {
        in6.sin6_family = AF_INET6;
        in6.sin6_port   = htons(a.port);
        std::memcpy(&in6.sin6_addr, a.address.octets.data(), 16);
    } else {
        in4.sin_family      = AF_INET;
        in4.sin_port        = htons(a.port);
        in4.sin_addr.s_addr = htonl(from_mapped(a.address).value);
        from = &in4;
        size = sizeof in4;
    }
    std::memcpy(to, from, std::min<std::size_t>(*n, size));
    *n = size;
}

sockets::sockets(configuration c) : configuration_{std::move(c)} {
    world_.net.mtu   = configuration_.mtu;
    world_.on_events = [this] { take_events(); };
}

void sockets::note(std::string const& what) {
    auto const* path = std::getenv("TENON_NOTES");
    if (path == nullptr) return;
    if (auto* f = std::fopen(path, "a")) {
        std::fprintf(f, "%s\n", what.c_str());
        std::fclose(f);
    }
}

tcp_socket* sockets::find(int fd) {
    auto const i = sockets_.find(fd);
    if (i != sockets_.end()) return &i->second;
    errno = epolls_.contains(fd) ? ENOTSOCK : EBADF;
    return nullptr;
}

bool sockets::owns(int fd) {
    auto const l = world_.enter();
    return sockets_.contains(fd);
}

// packetdrill closes every descriptor itself when the script is over: they have to be real ones.
int sockets::new_descriptor() { return ::open("/dev/null", O_RDWR | O_CLOEXEC); }

// Not before it is known who opens, since a host may accept ECN without offering it (as Linux's tcp_ecn=2).
void sockets::start(bool passive) {
    if (world_.started()) return;
    read_settings(configuration_);
    configuration_.stack.timers     = configuration_.timers;
    configuration_.stack.congestion = configuration_.congestion;
    configuration_.stack.ecn        = configuration_.ecn == 1 || (configuration_.ecn == 2 && passive);
    world_.net.mtu = configuration_.mtu;
    world_.start(configuration_.stack);
}

int sockets::socket(int domain, int type, int protocol) {
    auto const l = world_.enter();
    if ((domain != AF_INET && domain != AF_INET6) || (type & 0xff) != SOCK_STREAM || (protocol != 0 && protocol != IPPROTO_TCP)) {
        note("socket: not TCP");
        return fails(EPROTONOSUPPORT);
    }
    int const fd = new_descriptor();
    if (fd >= 0) {
        auto& s = sockets_[fd];
        s.v6 = domain == AF_INET6;
        s.nonblocking = (type & SOCK_NONBLOCK) != 0;
    }
    return fd;
}

int sockets::bind(int fd, sockaddr const* a, socklen_t n) {
    auto const l = world_.enter();
    auto* const s = find(fd);
    if (s == nullptr) return -1;
    auto const local = read_address(a, n);
    if (!local || s->bound) return fails(EINVAL);
    s->bound = *local;
    return 0;
}

int sockets::listen(int fd, int backlog) {
    auto l = world_.enter();
    auto* const s = find(fd);
    if (s == nullptr) return -1;
    if (s->is == tcp_socket::role::listening) return 0;
    if (s->is != tcp_socket::role::fresh) return fails(EINVAL);
    if (!s->bound || s->bound->port == 0) return fails(EINVAL);
    // As Linux counts: one more than the backlog may wait.
    start(true);
    limit_packets(*s, is_mapped(s->bound->address) || !s->v6);
    auto const places = static_cast<std::uint16_t>(backlog < 0 || backlog > 4000 ? 4000 : backlog + 1);
    auto const opened = world_.tcp().listen(*s->bound, places);
    if (!opened) return fails(errno_of(opened.status));
    s->listener = *opened;
    s->is = tcp_socket::role::listening;
    world_.settle(l);
    return 0;
}

int sockets::accept(int fd, sockaddr* a, socklen_t* n) {
    auto l = world_.enter();
    auto* const s = find(fd);
    if (s == nullptr) return -1;
    if (s->is != tcp_socket::role::listening) return fails(EINVAL);
    std::shared_ptr<tcp_socket> child;
    auto const attempt = [&] { return (child = std::exchange(s->waiting, nullptr)) || (child = next_waiting(*s)); };
    if (!world_.wait(l, attempt, s->nonblocking ? 0 : -1)) return fails(EAGAIN);
    int const made = new_descriptor();
    if (made < 0) return -1;
    auto& kept = sockets_[made] = *child;
    apply_options(kept);
    write_address(world_.tcp().remote(kept.connection), s->v6, a, n);
    world_.settle(l);
    return made;
}

// It begins with the options of its listener.
std::shared_ptr<tcp_socket> sockets::next_waiting(tcp_socket& s) {
    auto const got = world_.tcp().accept(s.listener);
    if (!got) return nullptr;
    auto child = std::make_shared<tcp_socket>(s);
    child->is = tcp_socket::role::connected;
    child->nonblocking = false;
    child->connection = *got;
    child->waiting = nullptr;
    child->in_edges = child->out_edges = 1;
    return child;
}

int sockets::connect(int fd, sockaddr const* a, socklen_t n) {
    auto l = world_.enter();
    auto* const s = find(fd);
    if (s == nullptr) return -1;
    auto const remote = read_address(a, n);
    if (!remote) return fails(EINVAL);
    int result = 0;
    if (s->is == tcp_socket::role::listening) return fails(EISCONN);
    if (s->is == tcp_socket::role::connected && !s->connecting) return fails(EISCONN);
    if (s->is == tcp_socket::role::connected) {
        if (try_connected(*s, result)) return result;
        if (s->nonblocking) return fails(EALREADY);
    } else {
        auto local = s->bound ? *s->bound : *(is_mapped(remote->address) ? configuration_.local_v4 : configuration_.local_v6);
        if (local.port == 0) local.port = next_port_++;
        start(false);
        limit_packets(*s, is_mapped(remote->address));
        auto const opened = world_.tcp().connect(world_.net, world_.now(), local, *remote);
        if (!opened) return fails(errno_of(opened.status));
        s->is = tcp_socket::role::connected;
        s->connection = *opened;
        s->connecting = true;
        apply_options(*s);
        if (s->nonblocking) {
            world_.settle(l);
            return fails(EINPROGRESS);
        }
    }
    if (!world_.wait(l, [&] { return try_connected(*s, result); })) return fails(EDEADLK);
    return result;
}

// TCP_MAXSEG, as the MTU of the wire: the MSS option says what the link carries (RFC 9293, 3.7.1).
void sockets::limit_packets(tcp_socket const& s, bool v4) {
    if (s.max_segment != 0) world_.net.mtu = std::min(world_.net.mtu, static_cast<bytes>(s.max_segment) + (v4 ? 40u : 60u));
}

bool sockets::try_connected(tcp_socket& s, int& result) {
    auto const now = world_.tcp().look(s.connection).state;
    if (now == state::syn_sent || now == state::syn_received) return false;
    s.connecting = false;
    int const e = take_error(s);
    result = e == 0 ? 0 : fails(e);
    return true;
}

void sockets::apply_options(tcp_socket& s) {
    auto& tcp = world_.tcp();
    if (s.no_delay) tcp.no_delay(s.connection, true);
    if (s.keep_alive) tcp.keep_alive(s.connection, true);
    if (s.user_timeout_ms != 0) tcp.user_timeout(s.connection, from_ms(s.user_timeout_ms));
}

int sockets::fcntl(int fd, int command, long argument) {
    auto const l = world_.enter();
    auto* const s = find(fd);
    if (s == nullptr) return -1;
    if (command == F_GETFL) return O_RDWR | (s->nonblocking ? O_NONBLOCK : 0);
    if (command == F_SETFL) {
        s->nonblocking = (argument & O_NONBLOCK) != 0;
        return 0;
    }
    note("fcntl " + std::to_string(command));
    return fails(EINVAL);
}

int sockets::ioctl(int fd, unsigned long request, int* result) {
    auto const l = world_.enter();
    auto* const s = find(fd);
    if (s == nullptr) return -1;
    bool const open = s->is == tcp_socket::role::connected;
    auto const f = open ? world_.tcp().look(s->connection) : facts{};
    constexpr unsigned long siocoutqnsd = 0x894b;
    switch (request) {
        case FIONREAD: *result = open ? static_cast<int>(world_.tcp().readable(s->connection)) : 0; return 0;
        case TIOCOUTQ: *result = static_cast<int>(f.outstanding + f.unsent); return 0;
        case siocoutqnsd: *result = static_cast<int>(f.unsent); return 0;
        default: break;
    }
    note("ioctl " + std::to_string(request));
    return fails(ENOTTY);
}

int sockets::close(int fd) {
    auto l = world_.enter();
    if (epolls_.erase(fd) != 0) return ::close(fd);
    auto* const s = find(fd);
    if (s == nullptr) return -1;
    auto const gone = *s;
    sockets_.erase(fd);
    for (auto& [epfd, set] : epolls_) set.items.erase(fd);
    ::close(fd);
    if (gone.waiting) world_.tcp().abort(gone.waiting->connection);
    if (gone.waiting) world_.tcp().close(gone.waiting->connection);
    if (gone.is == tcp_socket::role::listening) world_.tcp().close(gone.listener);
    if (gone.is == tcp_socket::role::connected) {
        // RFC 9293, 3.10.4 leaves SO_LINGER with no time to the system; it has come to mean ABORT.
        if (gone.lingers && gone.linger_seconds == 0) world_.tcp().abort(gone.connection);
        world_.tcp().close(gone.connection);
    }
    world_.settle(l);
    return 0;
}

int sockets::shutdown(int fd, int how) {
    auto l = world_.enter();
    auto* const s = find(fd);
    if (s == nullptr) return -1;
    if (how < SHUT_RD || how > SHUT_RDWR) return fails(EINVAL);
    if (s->is == tcp_socket::role::listening) {
        world_.tcp().close(s->listener);
        s->is = tcp_socket::role::fresh;
        world_.settle(l);
        return 0;
    }
    if (s->is != tcp_socket::role::connected || world_.tcp().look(s->connection).state == state::closed) return fails(ENOTCONN);
    if (how != SHUT_WR) {
        s->read_shut = true;
        ++s->in_edges;
    }
    if (how != SHUT_RD && !s->write_shut) {
        s->write_shut = true;
        ++s->out_edges;
        auto const e = world_.tcp().shutdown(s->connection);
        if (e != error::none) return fails(errno_of(e));
    }
    world_.settle(l);
    return 0;
}

}  // namespace tenon::packetdrill
