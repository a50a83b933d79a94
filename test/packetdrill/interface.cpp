// SPDX-License-Identifier: BSL-1.0
// Interface: what packetdrill loads. The state is made once and never destroyed: a thread may still wait in it when the process ends.
#include <errno.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "contract.hpp"
#include "settings.hpp"

namespace tenon::packetdrill {
namespace {

sockets* made;

sockets& of(void* self) { return *static_cast<sockets*>(self); }
iovec one(void const* p, size_t n) { return {const_cast<void*>(p), n}; }

// packetdrill does not notice packets that no script line asks for; run.sh wants to know.
void on_free(void* self) {
    auto& w = of(self).surroundings();
    auto const l = w.enter();
    if (!w.net.out.empty()) of(self).note("unread " + std::to_string(w.net.out.size()) + " packets");
    if (w.net.wrong_checksums == 0) return;
    std::fprintf(stderr, "tenon: %u packets left with a wrong TCP checksum\n", w.net.wrong_checksums);
    std::_Exit(1);
}

int on_fcntl(void* self, int fd, int command, ...) {
    va_list more;
    va_start(more, command);
    long const argument = va_arg(more, int);
    va_end(more);
    return of(self).fcntl(fd, command, argument);
}
int on_ioctl(void* self, int fd, unsigned long request, ...) {
    va_list more;
    va_start(more, request);
    auto* const result = va_arg(more, int*);
    va_end(more);
    return of(self).ioctl(fd, request, result);
}

ssize_t on_recv(void* self, int fd, void* p, size_t n, int flags) {
    auto const v = one(p, n);
    return of(self).receive(fd, &v, 1, flags);
}
ssize_t on_send(void* self, int fd, void const* p, size_t n, int flags) {
    auto const v = one(p, n);
    return of(self).send(fd, &v, 1, flags);
}
ssize_t on_recvmsg(void* self, int fd, msghdr* m, int flags) {
    m->msg_flags = 0;
    m->msg_controllen = 0;
    return of(self).receive(fd, m->msg_iov, static_cast<int>(m->msg_iovlen), flags);
}
ssize_t on_sendmsg(void* self, int fd, msghdr const* m, int flags) {
    if (m->msg_controllen != 0) {
        of(self).note("sendmsg with control data");
        errno = EOPNOTSUPP;
        return -1;
    }
    return of(self).send(fd, m->msg_iov, static_cast<int>(m->msg_iovlen), flags);
}

int on_netdev_send(void* self, void const* p, size_t n) {
    auto& w = of(self).surroundings();
    auto l = w.enter();
    w.send(l, {static_cast<std::byte const*>(p), n});
    return 0;
}
int on_netdev_receive(void* self, void* to, size_t* n, long long* at) {
    auto& w = of(self).surroundings();
    auto l = w.enter();
    auto const p = w.receive(l);
    auto const size = p ? std::min(*n, p->octets.size()) : 0;  // 0: packetdrill calls it an error, and ends
    if (p) std::memcpy(to, p->octets.data(), size);
    *at = p ? p->at : w.microseconds();
    *n = size;
    return 0;
}
int on_usleep(void* self, useconds_t us) {
    auto& w = of(self).surroundings();
    auto l = w.enter();
    w.sleep(l, us);
    return 0;
}
int on_gettimeofday(void* self, timeval* tv, struct timezone*) {
    auto& w = of(self).surroundings();
    auto l = w.enter();
    auto const us = w.read_clock(l);
    *tv = {us / 1'000'000, us % 1'000'000};
    return 0;
}

int unsupported(void* self, char const* what) {
    of(self).note(what);
    errno = ENOSYS;
    return -1;
}

function_table const table{
    .self = nullptr,
    .free = on_free,
    .socket = [](void* s, int domain, int type, int protocol) { return of(s).socket(domain, type, protocol); },
    .bind = [](void* s, int fd, sockaddr const* a, socklen_t n) { return of(s).bind(fd, a, n); },
    .listen = [](void* s, int fd, int backlog) { return of(s).listen(fd, backlog); },
    .accept = [](void* s, int fd, sockaddr* a, socklen_t* n) { return of(s).accept(fd, a, n); },
    .connect = [](void* s, int fd, sockaddr const* a, socklen_t n) { return of(s).connect(fd, a, n); },
    .read = [](void* s, int fd, void* p, size_t n) { return on_recv(s, fd, p, n, 0); },
    .readv = [](void* s, int fd, iovec const* v, int n) { return of(s).receive(fd, v, n, 0); },
    .recv = on_recv,
    .recvfrom = [](void* s, int fd, void* p, size_t n, int flags, sockaddr*, socklen_t*) { return on_recv(s, fd, p, n, flags); },
    .recvmsg = on_recvmsg,
    .write = [](void* s, int fd, void const* p, size_t n) { return on_send(s, fd, p, n, 0); },
    .writev = [](void* s, int fd, iovec const* v, int n) { return of(s).send(fd, v, n, 0); },
    .send = on_send,
    .sendto = [](void* s, int fd, void const* p, size_t n, int flags, sockaddr const*, socklen_t) { return on_send(s, fd, p, n, flags); },
    .sendmsg = on_sendmsg,
    .fcntl = on_fcntl,
    .ioctl = on_ioctl,
    .close = [](void* s, int fd) { return of(s).close(fd); },
    .shutdown = [](void* s, int fd, int how) { return of(s).shutdown(fd, how); },
    .getsockopt = [](void* s, int fd, int level, int name, void* v, socklen_t* n) { return of(s).getsockopt(fd, level, name, v, n); },
    .setsockopt = [](void* s, int fd, int level, int name, void const* v, socklen_t n) { return of(s).setsockopt(fd, level, name, v, n); },
    .poll = [](void* s, pollfd* fds, nfds_t n, int timeout) { return of(s).poll(fds, n, timeout); },
    .netdev_send = on_netdev_send,
    .netdev_receive = on_netdev_receive,
    .usleep = on_usleep,
    .gettimeofday = on_gettimeofday,
    .epoll_create = [](void* s, int size) { return of(s).epoll_create(size); },
    .epoll_ctl = [](void* s, int epfd, int op, int fd, epoll_event* e) { return of(s).epoll_ctl(epfd, op, fd, e); },
    .epoll_wait = [](void* s, int epfd, epoll_event* e, int most, int timeout) { return of(s).epoll_wait(epfd, e, most, timeout); },
    .pipe = [](void* s, int*) { return unsupported(s, "pipe"); },
    .splice = [](void* s, int, loff_t*, int, loff_t*, size_t, unsigned) { return ssize_t{unsupported(s, "splice")}; },
};

}  // namespace
}  // namespace tenon::packetdrill

extern "C" __attribute__((visibility("default"))) void packetdrill_interface_init(char const* text, tenon::packetdrill::function_table* to) {
    using namespace tenon::packetdrill;
    auto const f = read_flags(text);
    made = new sockets{f.settings};
    made->surroundings().net.neutral = f.neutral;
    *to = table;
    to->self = made;
}

// What a script asserts about TCP_INFO is asked of libc, not of the table: with this library preloaded, libc's name is ours.
extern "C" __attribute__((visibility("default"))) int getsockopt(int fd, int level, int name, void* value, socklen_t* length) noexcept {
    using tenon::packetdrill::made;
    if (made != nullptr && made->owns(fd)) return made->getsockopt(fd, level, name, value, length);
    return static_cast<int>(::syscall(SYS_getsockopt, fd, level, name, value, length));
}
