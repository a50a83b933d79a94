// SPDX-License-Identifier: BSL-1.0
// The table of functions that packetdrill takes from a shared object: it looks up `packetdrill_interface_init` and calls what that
// has filled in. Declared from the order of the fields; nothing of packetdrill's own text is used.
#pragma once
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>

namespace tenon::packetdrill {

struct function_table {
    void* self;
    void (*free)(void*);
    int (*socket)(void*, int, int, int);
    int (*bind)(void*, int, sockaddr const*, socklen_t);
    int (*listen)(void*, int, int);
    int (*accept)(void*, int, sockaddr*, socklen_t*);
    int (*connect)(void*, int, sockaddr const*, socklen_t);
    ssize_t (*read)(void*, int, void*, size_t);
    ssize_t (*readv)(void*, int, iovec const*, int);
    ssize_t (*recv)(void*, int, void*, size_t, int);
    ssize_t (*recvfrom)(void*, int, void*, size_t, int, sockaddr*, socklen_t*);
    ssize_t (*recvmsg)(void*, int, msghdr*, int);
    ssize_t (*write)(void*, int, void const*, size_t);
    ssize_t (*writev)(void*, int, iovec const*, int);
    ssize_t (*send)(void*, int, void const*, size_t, int);
    ssize_t (*sendto)(void*, int, void const*, size_t, int, sockaddr const*, socklen_t);
    ssize_t (*sendmsg)(void*, int, msghdr const*, int);
    int (*fcntl)(void*, int, int, ...);
    int (*ioctl)(void*, int, unsigned long, ...);
    int (*close)(void*, int);
    int (*shutdown)(void*, int, int);
    int (*getsockopt)(void*, int, int, int, void*, socklen_t*);
    int (*setsockopt)(void*, int, int, int, void const*, socklen_t);
    int (*poll)(void*, pollfd*, nfds_t, int);
    int (*netdev_send)(void*, void const*, size_t);
    int (*netdev_receive)(void*, void*, size_t*, long long*);
    int (*usleep)(void*, useconds_t);
    int (*gettimeofday)(void*, timeval*, struct timezone*);
    int (*epoll_create)(void*, int);
    int (*epoll_ctl)(void*, int, int, int, epoll_event*);
    int (*epoll_wait)(void*, int, epoll_event*, int, int);
    int (*pipe)(void*, int[2]);
    ssize_t (*splice)(void*, int, loff_t*, int, loff_t*, size_t, unsigned);
};

}  // namespace tenon::packetdrill
