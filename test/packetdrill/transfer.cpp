// SPDX-License-Identifier: BSL-1.0
// Octets and errors of sockets, and what the stack reports.
#include <errno.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "sockets.hpp"

namespace tenon::packetdrill {
namespace {

ssize_t fails(int e) {
    errno = e;
    return -1;
}

std::size_t length_of(iovec const* v, int count) {
    std::size_t n = 0;
    for (int i = 0; i < count; ++i) n += v[i].iov_len;
    return n;
}
std::string name_of(int flags) {
    if ((flags & 0x2000'0000) != 0) return "MSG_FASTOPEN";
    if ((flags & 0x0400'0000) != 0) return "MSG_ZEROCOPY";
    if ((flags & MSG_MORE) != 0) return "MSG_MORE";
    if ((flags & MSG_OOB) != 0) return "MSG_OOB";
    if ((flags & MSG_EOR) != 0) return "MSG_EOR";
    if ((flags & MSG_ERRQUEUE) != 0) return "MSG_ERRQUEUE";
    return "flags " + std::to_string(flags);
}
bool has_null(iovec const* v, int count) {
    return std::any_of(v, v + count, [](iovec const& one) { return one.iov_base == nullptr && one.iov_len != 0; });
}

}  // namespace

void sockets::take_events() {
    while (auto const e = world_.tcp().next_event()) {
        for (auto& [fd, s] : sockets_) {
            hear(s, *e);
            if (s.waiting) hear(*s.waiting, *e);
        }
    }
}

void sockets::hear(tcp_socket& s, event_of_host const& e) {
    if (s.is == tcp_socket::role::listening && has(e.bits, ready::acceptable) && s.listener == e.listener) ++s.in_edges;
    if (s.is != tcp_socket::role::connected || s.connection != e.connection) return;
    bool const over = has(e.bits, ready::closed);
    if (has(e.bits, ready::end_of_stream)) s.peer_finished = true;
    if (over || has(e.bits, ready::readable) || has(e.bits, ready::end_of_stream)) ++s.in_edges;
    if (over || has(e.bits, ready::writable) || has(e.bits, ready::opened)) ++s.out_edges;
    take_over_failure(s);
}

// A failure becomes an error that the next call tells, once.
void sockets::take_over_failure(tcp_socket& s) {
    if (s.is != tcp_socket::role::connected || s.failed) return;
    auto const why = world_.tcp().look(s.connection).failure;
    if (why == error::none || why == error::aborted) return;
    s.failed = true;
    s.pending_error = errno_of(why);
    if (why == error::reset && s.peer_finished) s.pending_error = EPIPE;
}

int sockets::take_error(tcp_socket& s) {
    take_over_failure(s);
    return std::exchange(s.pending_error, 0);
}

ssize_t sockets::receive(int fd, iovec const* v, int count, int flags) {
    auto l = world_.enter();
    auto* const s = find(fd);
    if (s == nullptr) return -1;
    constexpr int known = MSG_DONTWAIT | MSG_PEEK | MSG_WAITALL | MSG_NOSIGNAL;
    if ((flags & ~known) != 0) {
        note("recv with " + name_of(flags & ~known));
        return fails((flags & MSG_ERRQUEUE) != 0 ? EAGAIN : EOPNOTSUPP);
    }
    if (s->is != tcp_socket::role::connected) return fails(ENOTCONN);
    if (has_null(v, count) && world_.tcp().readable(s->connection) != 0) return fails(EFAULT);
    ssize_t result = 0;
    auto const attempt = [&] { return try_receive(*s, v, count, (flags & MSG_PEEK) != 0, result); };
    bool const waits = !s->nonblocking && (flags & MSG_DONTWAIT) == 0;
    if (!world_.wait(l, attempt, waits ? -1 : 0)) return fails(EAGAIN);
    return result;
}

bool sockets::try_receive(tcp_socket& s, iovec const* v, int count, bool peeks, ssize_t& result) {
    auto& tcp = world_.tcp();
    result = 0;
    if (length_of(v, count) == 0) return true;
    for (int i = 0; i < count; ++i) {
        octets_out const to{static_cast<std::byte*>(v[i].iov_base), v[i].iov_len};
        if (to.empty()) continue;
        if (peeks) {
            result = static_cast<ssize_t>(tcp.peek(s.connection, to));
            if (result != 0) return true;
            break;
        }
        auto const got = tcp.receive(s.connection, to);
        result += static_cast<ssize_t>(got.count);
        if (got.count < to.size()) break;
    }
    if (result != 0) return true;
    if (int const e = take_error(s); e != 0) {
        result = fails(e);
        return true;
    }
    auto const now = tcp.look(s.connection).state;
    return s.read_shut || s.peer_finished || s.failed || now == state::closed;
}

// What SO_SNDBUF asks for, since the buffers of a composition have one size.
bytes sockets::room_to_send(tcp_socket& s) {
    bytes const room = world_.tcp().writable(s.connection);
    if (s.send_buffer == 0) return room;
    auto const f = world_.tcp().look(s.connection);
    auto const held = f.outstanding + f.unsent;
    auto const most = static_cast<bytes>(s.send_buffer);
    return std::min(room, held < most ? most - held : bytes{0});
}

ssize_t sockets::send(int fd, iovec const* v, int count, int flags) {
    auto l = world_.enter();
    auto* const s = find(fd);
    if (s == nullptr) return -1;
    constexpr int known = MSG_DONTWAIT | MSG_NOSIGNAL;
    if ((flags & ~known) != 0) {
        note("send with " + name_of(flags & ~known));
        return fails(EOPNOTSUPP);
    }
    if (s->is != tcp_socket::role::connected) return fails(s->is == tcp_socket::role::fresh ? EPIPE : ENOTCONN);
    std::vector<std::byte> octets;
    if (has_null(v, count)) return fails(EFAULT);
    for (int i = 0; i < count; ++i) {
        auto const* from = static_cast<std::byte const*>(v[i].iov_base);
        octets.insert(octets.end(), from, from + v[i].iov_len);
    }
    std::size_t done = 0;
    ssize_t result = 0;
    bool const waits = !s->nonblocking && (flags & MSG_DONTWAIT) == 0;
    if (!world_.wait(l, [&] { return try_send(*s, octets, done, result); }, waits ? -1 : 0)) {
        if (done == 0) return fails(EAGAIN);
        world_.settle(l);
        return static_cast<ssize_t>(done);
    }
    return result;
}

bool sockets::try_send(tcp_socket& s, std::vector<std::byte> const& octets, std::size_t& done, ssize_t& result) {
    auto& tcp = world_.tcp();
    if (int const e = done == 0 ? take_error(s) : 0; e != 0) {
        result = fails(e);
        return true;
    }
    if (s.write_shut || s.failed || (tcp.look(s.connection).state == state::closed)) {
        result = done != 0 ? static_cast<ssize_t>(done) : fails(EPIPE);
        return true;
    }
    auto const n = std::min<std::size_t>(octets.size() - done, room_to_send(s));
    if (n != 0) done += tcp.send(s.connection, octets_in{octets}.subspan(done, n)).count;
    result = static_cast<ssize_t>(done);
    return done == octets.size();
}

}  // namespace tenon::packetdrill
