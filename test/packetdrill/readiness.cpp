// SPDX-License-Identifier: BSL-1.0
// poll and epoll.
#include <errno.h>
#include <unistd.h>

#include "sockets.hpp"

namespace tenon::packetdrill {
namespace {

int fails(int e) {
    errno = e;
    return -1;
}

std::int64_t microseconds(int timeout_ms) { return timeout_ms < 0 ? -1 : std::int64_t{timeout_ms} * 1000; }

constexpr unsigned in_bits  = POLLIN | POLLRDNORM | POLLRDHUP;
constexpr unsigned out_bits = POLLOUT | POLLWRNORM;

}  // namespace

short sockets::readiness(int fd) {
    auto const i = sockets_.find(fd);
    if (i == sockets_.end()) return POLLNVAL;
    auto& s = i->second;
    if (s.is == tcp_socket::role::fresh) return POLLOUT | POLLWRNORM | POLLHUP;
    if (s.is == tcp_socket::role::listening) {
        if (!s.waiting) s.waiting = next_waiting(s);
        return s.waiting ? POLLIN | POLLRDNORM : 0;
    }
    take_over_failure(s);
    auto const now = world_.tcp().look(s.connection).state;
    if (now == state::syn_sent || now == state::syn_received) return 0;
    int bits = 0;
    bool const over  = s.failed || now == state::closed;
    bool const ended = s.peer_finished || s.read_shut || over;
    if (ended || world_.tcp().readable(s.connection) != 0) bits |= POLLIN | POLLRDNORM;
    if (ended) bits |= POLLRDHUP;
    if (over || (ended && s.write_shut)) bits |= POLLHUP;
    if (s.pending_error != 0) bits |= POLLERR;
    if (over || s.write_shut || room_to_send(s) != 0) bits |= POLLOUT | POLLWRNORM;
    return static_cast<short>(bits);
}

int sockets::poll(pollfd* fds, nfds_t n, int timeout_ms) {
    auto l = world_.enter();
    int found = 0;
    auto const attempt = [&] {
        found = 0;
        for (nfds_t i = 0; i < n; ++i) {
            fds[i].revents = static_cast<short>(readiness(fds[i].fd) & (fds[i].events | POLLERR | POLLHUP | POLLNVAL));
            if (fds[i].revents != 0) ++found;
        }
        return found != 0;
    };
    world_.wait(l, attempt, microseconds(timeout_ms));
    return found;
}

int sockets::epoll_create(int size) {
    auto const l = world_.enter();
    if (size <= 0) return fails(EINVAL);
    int const fd = new_descriptor();
    if (fd >= 0) epolls_[fd] = {};
    return fd;
}

int sockets::epoll_ctl(int epfd, int op, int fd, epoll_event* e) {
    auto const l = world_.enter();
    auto const set = epolls_.find(epfd);
    if (set == epolls_.end() || !sockets_.contains(fd)) return fails(EBADF);
    auto& items = set->second.items;
    bool const there = items.contains(fd);
    switch (op) {
        case EPOLL_CTL_ADD:
            if (there) return fails(EEXIST);
            items[fd] = {.wants = *e};
            return 0;
        case EPOLL_CTL_MOD:
            if (!there) return fails(ENOENT);
            items[fd] = {.wants = *e};
            return 0;
        case EPOLL_CTL_DEL:
            if (!there) return fails(ENOENT);
            items.erase(fd);
            return 0;
        default: return fails(EINVAL);
    }
}

// Edge-triggered: told when what is wanted was announced again since it was last told, or has never been told.
int sockets::collect(epoll_set& set, epoll_event* events, int most) {
    int found = 0;
    for (auto& [fd, item] : set.items) {
        if (found == most) break;
        std::uint32_t const wants = item.wants.events;
        if ((wants & ~(EPOLLET | EPOLLONESHOT)) == 0) continue;
        auto const bits = static_cast<std::uint32_t>(readiness(fd)) & (wants | EPOLLERR | EPOLLHUP);
        auto const& s = sockets_[fd];
        bool const fresh = ((bits & in_bits) != 0 && item.in_seen != s.in_edges + 1) || ((bits & out_bits) != 0 && item.out_seen != s.out_edges + 1) ||
                           (bits & ~item.last & ~(in_bits | out_bits)) != 0;
        item.last = bits;
        if (bits == 0 || ((wants & EPOLLET) != 0 && !fresh)) continue;
        item.in_seen  = s.in_edges + 1;
        item.out_seen = s.out_edges + 1;
        events[found++] = {.events = bits, .data = item.wants.data};
        if ((wants & EPOLLONESHOT) != 0) item.wants.events = EPOLLONESHOT;
    }
    return found;
}

int sockets::epoll_wait(int epfd, epoll_event* events, int most, int timeout_ms) {
    auto l = world_.enter();
    auto const set = epolls_.find(epfd);
    if (set == epolls_.end()) return fails(EBADF);
    if (most <= 0) return fails(EINVAL);
    int found = 0;
    world_.wait(l, [&] { return (found = collect(set->second, events, most)) != 0; }, microseconds(timeout_ms));
    return found;
}

}  // namespace tenon::packetdrill
