// SPDX-License-Identifier: BSL-1.0
// Sockets: what POSIX calls a socket, over the stack: descriptors, errors as errno, blocking and not, readiness. Every function
// returns what the call does, with errno set. What the library cannot do is noted (TENON_NOTES names the file), so that run.sh can
// tell "not applicable" from "fails".
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "contract.hpp"
#include "world.hpp"

namespace tenon::packetdrill {

struct tcp_socket {
    enum class role : std::uint8_t { fresh, listening, connected };

    role is{};
    bool v6{};
    bool nonblocking{};
    std::optional<address> bound;
    listener_handle   listener{};
    connection_handle connection{};

    bool connecting{};     // by connect, and connect has not yet said how it ended
    bool failed{};         // failure() has been taken over into `pending_error`
    bool peer_finished{};
    bool read_shut{}, write_shut{};
    int  pending_error{};  // Linux's sk_err: told once

    bool no_delay{}, keep_alive{};
    int  user_timeout_ms{}, max_segment{};
    int  send_buffer{}, receive_buffer{};
    bool lingers{};
    int  linger_seconds{};
    unsigned in_edges{}, out_edges{};  // how often readiness was announced
    std::shared_ptr<tcp_socket> waiting;  // taken from the listener by poll, which asks whether there is one
};

struct epoll_item {
    epoll_event wants{};
    unsigned in_seen{}, out_seen{};  // edges reported (EPOLLET)
    std::uint32_t last{};
};
struct epoll_set {
    std::map<int, epoll_item> items;
};

struct configuration {
    wanted stack;
    std::string timers, congestion;  // what the views in `stack` refer to
    std::optional<address> local_v4, local_v6;
    bytes mtu{1500};
    int ecn{};  // 0: off; 1: offered and accepted; 2: accepted
};

class sockets {
public:
    explicit sockets(configuration c);

    int socket(int domain, int type, int protocol);
    int bind(int fd, sockaddr const*, socklen_t);
    int listen(int fd, int backlog);
    int accept(int fd, sockaddr*, socklen_t*);
    int connect(int fd, sockaddr const*, socklen_t);
    ssize_t receive(int fd, iovec const*, int count, int flags);
    ssize_t send(int fd, iovec const*, int count, int flags);
    int fcntl(int fd, int command, long argument);
    int ioctl(int fd, unsigned long request, int* result);
    int close(int fd);
    int shutdown(int fd, int how);
    int getsockopt(int fd, int level, int name, void* value, socklen_t* length);
    int setsockopt(int fd, int level, int name, void const* value, socklen_t length);
    int poll(pollfd*, nfds_t, int timeout_ms);
    int epoll_create(int size);
    int epoll_ctl(int epfd, int op, int fd, epoll_event*);
    int epoll_wait(int epfd, epoll_event*, int most, int timeout_ms);

    bool owns(int fd);  // for those who come without the lock
    world& surroundings() { return world_; }
    void note(std::string const& what);

private:
    void start(bool passive);
    tcp_socket* find(int fd);
    void take_events();
    void hear(tcp_socket&, event_of_host const&);
    void take_over_failure(tcp_socket&);
    std::shared_ptr<tcp_socket> next_waiting(tcp_socket&);
    void apply_options(tcp_socket&);
    void limit_packets(tcp_socket const&, bool v4);
    int  new_descriptor();
    int  take_error(tcp_socket&);
    bool try_connected(tcp_socket&, int& result);
    bool try_receive(tcp_socket&, iovec const*, int count, bool peeks, ssize_t& result);
    bool try_send(tcp_socket&, std::vector<std::byte> const&, std::size_t& done, ssize_t& result);
    bytes room_to_send(tcp_socket&);
    short readiness(int fd);
    int  get_tcp(tcp_socket&, int name, void* value, socklen_t* length);
    int  get_general(tcp_socket&, int name, void* value, socklen_t* length);
    int  set_tcp(tcp_socket&, int name, int value);
    int  set_general(tcp_socket&, int name, void const* value, socklen_t length);
    int  fill_info(tcp_socket&, void* value, socklen_t* length);
    int  collect(epoll_set&, epoll_event*, int most);

    configuration configuration_;
    world world_;
    std::map<int, tcp_socket> sockets_;
    std::map<int, epoll_set> epolls_;
    std::uint16_t next_port_{49'152};
};

int errno_of(error) noexcept;
std::optional<address> read_address(sockaddr const*, socklen_t);
void write_address(address const&, bool v6, sockaddr*, socklen_t*);

}  // namespace tenon::packetdrill
