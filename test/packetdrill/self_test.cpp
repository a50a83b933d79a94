// SPDX-License-Identifier: BSL-1.0
// The shim's own test, without packetdrill: loads the shared object as packetdrill does and plays its part: a passive open with
// accept, read and write that block on a second thread, errors, TCP_INFO, the clock, and the sign for "never".
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include "contract.hpp"

namespace {

using table = tenon::packetdrill::function_table;

int failures = 0;
void check(bool holds, char const* what) {
    if (holds) return;
    std::printf("FAILED: %s\n", what);
    ++failures;
}

constexpr std::uint32_t here = 0xc0a80001, there = 0xc0000201;  // 192.168.0.1, 192.0.2.1
constexpr std::uint16_t port = 8080, peer_port = 40'000;
enum flag : std::uint8_t { fin = 1, syn = 2, rst = 4, psh = 8, ack = 16 };

struct segment {
    std::uint32_t seq{}, acknowledged{};
    std::uint8_t  flags{};
    std::uint16_t source{}, destination{};
    std::size_t   length{};
};

using octets = std::vector<unsigned char>;

void put(octets& o, std::size_t at, std::uint32_t value, int n) {
    for (int i = 0; i < n; ++i) o[at + static_cast<std::size_t>(i)] = static_cast<unsigned char>(value >> 8 * (n - 1 - i));
}
std::uint32_t get(octets const& o, std::size_t at, int n) {
    std::uint32_t v = 0;
    for (int i = 0; i < n; ++i) v = v << 8 | o[at + static_cast<std::size_t>(i)];
    return v;
}
std::uint16_t sum_of(octets const& o, std::size_t from, std::uint32_t sum) {
    for (std::size_t i = from; i < o.size(); ++i) sum += (i - from) % 2 == 0 ? std::uint32_t{o[i]} << 8 : std::uint32_t{o[i]};
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

// A packet of the peer's; a SYN carries an MSS of 1000 (RFC 9293, 3.2).
octets packet(segment const& s, std::size_t payload = 0) {
    std::size_t const header = (s.flags & syn) != 0 ? 24 : 20;
    octets o(20 + header + payload);
    put(o, 0, 0x4500, 2);
    put(o, 2, static_cast<std::uint32_t>(o.size()), 2);
    put(o, 8, 0x4006, 2);
    put(o, 12, there, 4);
    put(o, 16, here, 4);
    octets const ip(o.begin(), o.begin() + 20);
    put(o, 10, sum_of(ip, 0, 0), 2);
    put(o, 20, peer_port, 2);
    put(o, 22, s.destination != 0 ? s.destination : port, 2);
    put(o, 24, s.seq, 4);
    put(o, 28, s.acknowledged, 4);
    put(o, 32, static_cast<std::uint32_t>(header / 4 << 12 | s.flags), 2);
    put(o, 34, 30'000, 2);
    if (header == 24) put(o, 40, 0x020403e8, 4);
    std::uint32_t const pseudo = (there >> 16) + (there & 0xffff) + (here >> 16) + (here & 0xffff) + 6 + static_cast<std::uint32_t>(o.size() - 20);
    put(o, 36, sum_of(o, 20, pseudo), 2);
    return o;
}

class player {
public:
    explicit player(table& t) : t_{t} {}

    void send(segment const& s, std::size_t payload = 0) {
        auto const o = packet(s, payload);
        t_.netdev_send(t_.self, o.data(), o.size());
    }
    // Length 0 and no flags: nothing will ever come.
    segment receive() {
        octets o(2000);
        std::size_t n = o.size();
        t_.netdev_receive(t_.self, o.data(), &n, &at);
        if (n == 0) return {};
        auto const header = 20 + (get(o, 32, 2) >> 12) * 4;
        return {get(o, 24, 4), get(o, 28, 4), static_cast<std::uint8_t>(get(o, 32, 2) & 0x3f), static_cast<std::uint16_t>(get(o, 20, 2)),
                static_cast<std::uint16_t>(get(o, 22, 2)), n - header};
    }
    long long now() {
        timeval tv{};
        t_.gettimeofday(t_.self, &tv, nullptr);
        return tv.tv_sec * 1'000'000LL + tv.tv_usec;
    }

    long long at{};

private:
    table& t_;
};

// A call on the second thread, which reads the clock when it has come back, as packetdrill does.
template <class Call>
struct blocking {
    std::atomic<bool> done{};
    ssize_t   result{};
    long long ended{};
    std::thread thread;

    blocking(player& p, Call call)
        : thread{[this, &p, call] {
              result = call();
              ended = p.now();
              done = true;
          }} {
        std::this_thread::sleep_for(std::chrono::milliseconds{20});  // real time, for it to fall asleep
    }
    ~blocking() { thread.join(); }
};

void passive(table& t, player& p) {
    int const listener = t.socket(t.self, AF_INET, SOCK_STREAM, IPPROTO_TCP);
    sockaddr_in name{.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(here)}, .sin_zero = {}};
    check(listener >= 0 && ::fcntl(listener, F_GETFD) >= 0, "a descriptor is a real one");
    check(t.bind(t.self, listener, reinterpret_cast<sockaddr*>(&name), sizeof name) == 0, "bind");
    check(t.listen(t.self, listener, 1) == 0, "listen");

    auto const start = p.now();
    int made = -1;
    sockaddr_in from{};
    std::uint32_t iss = 0;
    {
        socklen_t n = sizeof from;
        blocking b{p, [&] { return ssize_t{made = t.accept(t.self, listener, reinterpret_cast<sockaddr*>(&from), &n)}; }};
        check(!b.done, "accept blocks");
        p.send({.seq = 1000, .flags = syn});
        auto const answer = p.receive();
        iss = answer.seq;
        check(answer.flags == (syn | ack) && answer.acknowledged == 1001, "a SYN is answered");
        t.usleep(t.self, 100'000);
        check(!b.done, "accept goes on blocking");
        p.send({.seq = 1001, .acknowledged = iss + 1, .flags = ack});
        b.thread.join();
        b.thread = std::thread{[] {}};
        check(b.done && made >= 0, "accept returns");
        check(b.ended - start >= 100'000 && b.ended - start < 101'000, "accept returns at its moment");
    }
    check(ntohl(from.sin_addr.s_addr) == there && ntohs(from.sin_port) == peer_port, "accept names the peer");

    char text[3000]{};
    check(t.fcntl(t.self, made, F_SETFL, O_RDWR | O_NONBLOCK) == 0, "fcntl");
    check(t.read(t.self, made, text, sizeof text) == -1 && errno == EAGAIN, "nothing to read is EAGAIN");
    p.send({.seq = 1001, .acknowledged = iss + 1, .flags = ack | psh}, 500);
    check(p.receive().acknowledged == 1501, "text is acknowledged");
    check(t.read(t.self, made, text, sizeof text) == 500, "text is read");

    check(t.write(t.self, made, text, 2000) == 2000, "write");
    auto const first = p.receive(), second = p.receive();
    check(first.length == 1000 && (first.flags & psh) == 0 && second.length == 1000 && (second.flags & psh) != 0, "two segments, PSH on the last");
    p.send({.seq = 1501, .acknowledged = iss + 2001, .flags = ack});
    tcp_info info{};
    socklen_t n = sizeof info;
    check(t.getsockopt(t.self, made, IPPROTO_TCP, TCP_INFO, &info, &n) == 0 && info.tcpi_state == TCP_ESTABLISHED && info.tcpi_snd_mss == 1000, "TCP_INFO");
    int one = 1;
    check(t.setsockopt(t.self, made, IPPROTO_TCP, TCP_CORK, &one, sizeof one) == -1 && errno == ENOPROTOOPT, "what is not there is ENOPROTOOPT");

    check(t.close(t.self, made) == 0, "close");
    check((p.receive().flags & fin) != 0, "a FIN leaves");
    auto const before = p.at;
    auto const again = p.receive();
    check((again.flags & fin) != 0 && p.at - before >= 190'000, "it is sent again when time has passed");
    p.send({.seq = 1501, .acknowledged = iss + 2002, .flags = rst | ack});
    check(p.receive().flags == 0, "nothing more, ever: a packet of no octets");
    check(t.read(t.self, made, text, 1) == -1 && errno == EBADF, "a closed descriptor is EBADF");
}

void refused(table& t, player& p) {
    int const s = t.socket(t.self, AF_INET, SOCK_STREAM, IPPROTO_TCP);
    sockaddr_in name{.sin_family = AF_INET, .sin_port = htons(peer_port), .sin_addr = {htonl(there)}, .sin_zero = {}};
    t.fcntl(t.self, s, F_SETFL, O_RDWR | O_NONBLOCK);
    check(t.connect(t.self, s, reinterpret_cast<sockaddr*>(&name), sizeof name) == -1 && errno == EINPROGRESS, "connect is in progress");
    auto const first = p.receive();
    check(first.flags == syn, "a SYN leaves");
    p.send({.acknowledged = first.seq + 1, .flags = rst | ack, .destination = first.source});
    pollfd one{s, POLLOUT, 0};
    check(t.poll(t.self, &one, 1, 0) == 1 && (one.revents & POLLERR) != 0, "poll tells the error");
    int e = 0;
    socklen_t n = sizeof e;
    check(t.getsockopt(t.self, s, SOL_SOCKET, SO_ERROR, &e, &n) == 0 && e == ECONNREFUSED, "SO_ERROR says refused");
    check(t.poll(t.self, &one, 1, 50) == 1, "poll after the error");
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) return 2;
    void* const library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE | RTLD_DEEPBIND);
    if (library == nullptr) {
        std::printf("%s\n", dlerror());
        return 1;
    }
    table t{};
    using init = void (*)(char const*, table*);
    auto const begin = reinterpret_cast<init>(dlsym(library, "packetdrill_interface_init"));
    if (begin == nullptr) return 1;
    begin("timers=linux,local=192.168.0.1", &t);
    player p{t};
    passive(t, p);
    refused(t, p);
    t.free(t.self);
    std::printf(failures == 0 ? "no failures\n" : "%d failures\n", failures);
    std::fflush(stdout);
    std::_Exit(failures == 0 ? 0 : 1);
}
