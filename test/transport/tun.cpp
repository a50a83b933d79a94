// SPDX-License-Identifier: BSL-1.0
// TUN: over a pair of datagram sockets in place of the device, and against the kernel in a network namespace of its own.
#include <tenon/transport/tun.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>

namespace {

using namespace tenon;
using namespace tenon::transport;

using packet = std::vector<std::byte>;
using packets = std::vector<packet>;
using plain = tun<>;
using offloading = tun<tun_options{.virtual_network_header = true}>;

packet numbered(std::size_t n, std::size_t first = 0) {
    packet made(n);
    for (std::size_t i = 0; i < n; ++i) made[i] = static_cast<std::byte>((first + i) * 7 + (first + i) / 256);
    return made;
}

template <class T>
ticket sends(T& by, packet const& frame, std::span<octets_in const> body = {}, departure how = {}) {
    auto const room = by.reserve(static_cast<bytes>(frame.size()));
    BOOST_TEST_REQUIRE(!room.empty());
    std::copy(frame.begin(), frame.end(), room.begin());
    return by.commit(room, body, how);
}

// The device's far end: one end of a socket pair is adopted, the other is ours.
template <class T>
struct wire {
    std::unique_ptr<T> end = std::make_unique<T>();
    int far{-1};

    wire() {
        int both[2];
        BOOST_TEST_REQUIRE(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, both) == 0);
        end->adopt(both[0]);
        far = both[1];
    }
    ~wire() { ::close(far); }

    packet read() {
        packet p(70'000);
        auto const n = ::read(far, p.data(), p.size());
        p.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
        return p;
    }
    void write(packet const& p) { BOOST_TEST_REQUIRE(::write(far, p.data(), p.size()) == static_cast<ssize_t>(p.size())); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(transport_tun)

BOOST_AUTO_TEST_CASE(frames_and_pieces_leave_as_one_packet) {
    wire<plain> w;
    auto const whole = numbered(1500);
    std::array<octets_in, 16> body;
    for (std::size_t i = 0; i < 16; ++i) body[i] = octets_in{whole}.subspan(60 + i * 90, 90);
    BOOST_TEST(sends(*w.end, {whole.begin(), whole.begin() + 60}, body) == 1u);
    BOOST_TEST((w.read() == whole));
    BOOST_TEST(w.end->reserve(1501).empty());
}

BOOST_AUTO_TEST_CASE(a_full_queue_refuses_and_takes_the_packet_later) {
    wire<plain> w;
    ticket last = 0;
    unsigned taken = 0;
    while (auto const t = sends(*w.end, numbered(100, taken))) {
        last = t;
        BOOST_TEST_REQUIRE(++taken < 100'000u);
    }
    BOOST_TEST(last == taken);
    BOOST_TEST((w.read() == numbered(100, 0)));
    BOOST_TEST(sends(*w.end, numbered(100, taken)) == last + 1);
    BOOST_TEST(w.end->last_error() == 0);
}

BOOST_AUTO_TEST_CASE(a_failure_that_would_not_pass_loses_the_packet) {
    wire<plain> w;
    ::shutdown(w.far, SHUT_RD);
    ::signal(SIGPIPE, SIG_IGN);
    BOOST_TEST(sends(*w.end, numbered(100)) == 1u);
    BOOST_TEST(w.end->last_error() != 0);
}

BOOST_AUTO_TEST_CASE(arrivals_stay_until_given_back_and_long_ones_are_dropped) {
    wire<plain> w;
    w.write(numbered(1501));
    w.write(numbered(1500));
    std::array<arrival, 40> burst;
    auto got = w.end->arrivals(burst);
    BOOST_TEST_REQUIRE(got.size() == 1u);
    BOOST_TEST((packet{got[0].octets.begin(), got[0].octets.end()} == numbered(1500)));
    BOOST_TEST(!got[0].verified);
    w.end->give_back(got[0]);
    for (std::size_t round = 0; round < 3; ++round) {
        for (std::size_t i = 0; i < 4; ++i) w.write(numbered(100, i));
        got = w.end->arrivals(burst);
        BOOST_TEST_REQUIRE(got.size() == 4u);
        for (std::size_t i = 4; i-- > 0;) {
            BOOST_TEST((packet{got[i].octets.begin(), got[i].octets.end()} == numbered(100, i)));
            w.end->give_back(got[i]);
        }
    }
    BOOST_TEST(w.end->arrivals(burst).empty());
}

BOOST_AUTO_TEST_CASE(no_more_arrivals_than_slots) {
    auto end = std::make_unique<tun<tun_options{.slots = 2}>>();
    int both[2];
    BOOST_TEST_REQUIRE(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, both) == 0);
    end->adopt(both[0]);
    for (std::size_t i = 0; i < 3; ++i) BOOST_TEST_REQUIRE(::write(both[1], numbered(50, i).data(), 50) == 50);
    std::array<arrival, 8> burst, more;
    auto const got = end->arrivals(burst);
    BOOST_TEST_REQUIRE(got.size() == 2u);
    BOOST_TEST(end->arrivals(more).empty());
    end->give_back(got[1]);
    auto const third = end->arrivals(more);
    BOOST_TEST_REQUIRE(third.size() == 1u);
    BOOST_TEST((packet{third[0].octets.begin(), third[0].octets.end()} == numbered(50, 2)));
    BOOST_TEST((packet{got[0].octets.begin(), got[0].octets.end()} == numbered(50, 0)));
    ::close(both[1]);
}

BOOST_AUTO_TEST_CASE(the_virtual_network_header_tells_what_is_left_to_do) {
    wire<offloading> w;
    auto frame = numbered(40);
    frame[0] = std::byte{0x45};
    frame[33] = std::byte{0x98};  // CWR, ACK, PSH
    auto const payload = numbered(3000);
    std::array<octets_in, 1> const body{payload};
    auto const header = [&] {
        auto const p = w.read();
        virtio_header h;
        BOOST_TEST_REQUIRE(p.size() >= sizeof h);
        std::memcpy(&h, p.data(), sizeof h);
        return h;
    };
    BOOST_TEST(sends(*w.end, frame, body, {.cut = 1000, .tcp_offset = 20, .header = 40}) == 1u);
    auto h = header();
    BOOST_TEST(h.flags == 1);
    BOOST_TEST(h.segmentation == (1 | 0x80));
    BOOST_TEST(h.cut == 1000);
    BOOST_TEST(h.header == 40);
    BOOST_TEST(h.checksum_start == 20);
    BOOST_TEST(h.checksum_offset == 16);
    BOOST_TEST(sends(*w.end, frame, body, {.cut = 3000, .tcp_offset = 20, .header = 40}) == 2u);
    h = header();
    BOOST_TEST(h.segmentation == 0, "one segment needs no cutting");
    BOOST_TEST(h.flags == 1);
    BOOST_TEST(sends(*w.end, frame) == 3u);  // not TCP
    h = header();
    BOOST_TEST(h.flags == 0);

    // And inwards: shorter than its own header, empty behind it, merged with the checksum left out.
    w.write(numbered(9));
    w.write(packet(10));
    virtio_header const merged{.flags = 1, .segmentation = 4, .header = 60, .cut = 1400, .checksum_start = 40, .checksum_offset = 16};
    packet in(10 + 5000);
    std::memcpy(in.data(), &merged, 10);
    w.write(in);
    std::array<arrival, 8> burst;
    auto const got = w.end->arrivals(burst);
    BOOST_TEST_REQUIRE(got.size() == 1u);
    BOOST_TEST(got[0].octets.size() == 5000u);
    BOOST_TEST(got[0].cut == 1400);
    BOOST_TEST(got[0].verified);
}

BOOST_AUTO_TEST_SUITE_END()

// ---- against the kernel

namespace {

// Needs the privilege to make a network namespace and a TUN; without it these tests count as skipped, not as passed.
boost::test_tools::assertion_result privileged(boost::unit_test::test_unit_id) {
    int error = 0;
    std::thread([&] {  // the namespace ends with the thread
        auto device = std::make_unique<plain>();
        if (::unshare(CLONE_NEWNET) != 0) error = errno;
        else error = device->open("tenon%d");
    }).join();
    boost::test_tools::assertion_result result{error == 0};
    if (!result) BOOST_TEST_MESSAGE("SKIPPED: no network namespace or no TUN here (" << std::strerror(error) << ")");
    result.message() << "needs CAP_SYS_ADMIN, CAP_NET_ADMIN and /dev/net/tun: " << std::strerror(error);
    return result;
}

// The thread of the test moves to a new network namespace, and back at the end.
class own_network {
public:
    own_network() : before_{::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)} { BOOST_TEST_REQUIRE(::unshare(CLONE_NEWNET) == 0); }
    ~own_network() {
        ::setns(before_, CLONE_NEWNET);
        ::close(before_);
    }

private:
    int before_;
};

constexpr std::uint32_t kernel = 0x0a090001, ours = 0x0a090002;  // 10.9.0.1/24 and .2

sockaddr_in address(std::uint32_t ip, std::uint16_t port) {
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(ip);
    a.sin_port = htons(port);
    return a;
}
template <class A> sockaddr* any(A& a) { return reinterpret_cast<sockaddr*>(&a); }

void configure(char const* name, int mtu = 0) {
    int const s = ::socket(AF_INET, SOCK_DGRAM, 0);
    ifreq r{};
    std::strcpy(r.ifr_name, name);
    auto a = address(kernel, 0), mask = address(0xffffff00, 0);
    std::memcpy(&r.ifr_addr, &a, sizeof a);
    BOOST_TEST_REQUIRE(::ioctl(s, SIOCSIFADDR, &r) == 0);
    std::memcpy(&r.ifr_netmask, &mask, sizeof mask);
    BOOST_TEST_REQUIRE(::ioctl(s, SIOCSIFNETMASK, &r) == 0);
    if (mtu != 0) {
        r.ifr_mtu = mtu;
        BOOST_TEST_REQUIRE(::ioctl(s, SIOCSIFMTU, &r) == 0);
    }
    r.ifr_flags = IFF_UP | IFF_RUNNING;
    BOOST_TEST_REQUIRE(::ioctl(s, SIOCSIFFLAGS, &r) == 0);
    ::close(s);
}

void put16(packet& p, std::size_t at, unsigned v) { p[at] = std::byte(v >> 8), p[at + 1] = std::byte(v); }
void put32(packet& p, std::size_t at, std::uint32_t v) { put16(p, at, v >> 16), put16(p, at + 2, v & 0xffff); }
unsigned get16(packet const& p, std::size_t at) { return std::to_integer<unsigned>(p[at]) << 8 | std::to_integer<unsigned>(p[at + 1]); }
std::uint32_t get32(packet const& p, std::size_t at) { return std::uint32_t{get16(p, at)} << 16 | get16(p, at + 2); }

unsigned folded(packet const& p, std::size_t from, std::size_t to, std::uint64_t sum = 0) {
    for (std::size_t i = from; i < to; ++i) sum += std::to_integer<unsigned>(p[i]) << (((i - from) & 1) ? 0 : 8);
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<unsigned>(sum);
}

// An IPv4 header from us to the kernel, for `total` octets.
packet ipv4(std::uint8_t protocol, std::size_t header, std::size_t total) {
    packet p(header);
    p[0] = std::byte{0x45};
    put16(p, 2, static_cast<unsigned>(total));
    p[8] = std::byte{64};
    p[9] = std::byte{protocol};
    put32(p, 12, ours);
    put32(p, 16, kernel);
    put16(p, 10, ~folded(p, 0, 20) & 0xffff);
    return p;
}

// The next packet of a protocol from the kernel (it also sends router solicitations and the like).
template <class T>
std::pair<packet, arrival> next(T& device, std::uint8_t protocol) {
    for (int tries = 0; tries < 40; ++tries) {
        pollfd wait{device.descriptor(), POLLIN, 0};
        ::poll(&wait, 1, 100);
        std::array<arrival, 1> burst;
        for (auto const& one : device.arrivals(burst)) {
            packet p{one.octets.begin(), one.octets.end()};
            device.give_back(one);
            if (p.size() >= 20 && (p[0] >> 4) == std::byte{4} && p[9] == std::byte{protocol}) return {p, one};
        }
    }
    BOOST_FAIL("nothing came from the kernel");
    return {};
}

struct tcp {
    static constexpr std::uint8_t syn = 2, ack = 16;
    unsigned from, to;
    std::uint32_t seq, acknowledgement;
    // The header with the folded pseudo-header sum in place of the checksum, as `partial` asks.
    packet header(std::uint8_t flags, std::size_t payload) const {
        auto p = ipv4(6, 40, 40 + payload);
        put16(p, 20, from), put16(p, 22, to);
        put32(p, 24, seq), put32(p, 28, acknowledgement);
        p[32] = std::byte{0x50}, p[33] = std::byte{flags};
        put16(p, 34, 65535);
        put16(p, 36, folded(p, 12, 20, 6 + 20 + payload));
        return p;
    }
};
constexpr departure one_segment{.tcp_offset = 20, .header = 40};

}  // namespace

BOOST_AUTO_TEST_SUITE(transport_tun_and_kernel, *boost::unit_test::precondition(privileged))

BOOST_AUTO_TEST_CASE(the_kernel_answers_an_echo_request) {
    own_network const here;
    auto device = std::make_unique<plain>();
    BOOST_TEST_REQUIRE(device->open("tenon%d") == 0);
    BOOST_TEST(std::strncmp(device->name(), "tenon", 5) == 0);
    configure(device->name(), 1280);
    BOOST_TEST(device->limits().mtu == 1500u);
    BOOST_TEST(device->refresh_mtu() == 0);
    BOOST_TEST(device->limits().mtu == 1280u);
    auto request = ipv4(1, 28, 28 + 100);
    auto const data = numbered(100);
    request[20] = std::byte{8};
    put16(request, 24, 77);
    packet whole = request;
    whole.insert(whole.end(), data.begin(), data.end());
    put16(request, 22, ~folded(whole, 20, whole.size()) & 0xffff);
    std::array<octets_in, 2> const body{octets_in{data}.first(33), octets_in{data}.subspan(33)};
    BOOST_TEST(sends(*device, request, body) == 1u);
    auto const [reply, how] = next(*device, 1);
    BOOST_TEST_REQUIRE(reply.size() == 128u);
    BOOST_TEST((reply[20] == std::byte{0}));
    BOOST_TEST(get16(reply, 24) == 77u);
    BOOST_TEST((packet{reply.begin() + 28, reply.end()} == data));
}

BOOST_AUTO_TEST_CASE(the_name_of_a_device_in_use_is_refused_with_errno) {
    own_network const here;
    auto a = std::make_unique<plain>(), b = std::make_unique<plain>();
    BOOST_TEST(a->open("tenon0") == 0);
    BOOST_TEST(b->open("tenon0") == EBUSY);
    BOOST_TEST(b->open("a_name_longer_than_any") == ENAMETOOLONG);
    BOOST_TEST(b->descriptor() == -1);
}

// A kernel connection through offloads: partial checksums and super-segments in both directions.
BOOST_AUTO_TEST_CASE(super_segments_and_partial_checksums_reach_a_kernel_socket) {
    own_network const here;
    auto device = std::make_unique<offloading>();
    BOOST_TEST_REQUIRE(device->open("tenon%d") == 0);
    configure(device->name());
    int const s = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    auto peer = address(ours, 4242);
    BOOST_TEST((::connect(s, any(peer), sizeof peer) == -1 && errno == EINPROGRESS));
    auto const [syn, how] = next(*device, 6);
    BOOST_TEST(how.verified, "the kernel leaves the checksum of its SYN to us");
    BOOST_TEST(folded(syn, 20, syn.size(), folded(syn, 12, 20, 6 + syn.size() - 20)) != 0xffffu, "and did not make it");
    tcp us{4242, get16(syn, 20), 1000, get32(syn, 24) + 1};
    BOOST_TEST(sends(*device, us.header(tcp::syn | tcp::ack, 0), {}, one_segment) != 0u);
    pollfd wait{s, POLLOUT, 0};
    BOOST_TEST_REQUIRE(::poll(&wait, 1, 2000) == 1, "our SYN+ACK was not accepted: wrong checksum?");
    us.seq += 1;

    auto const data = numbered(20'000);
    std::array<octets_in, 3> const body{octets_in{data}.first(1), octets_in{data}.subspan(1, 9999), octets_in{data}.subspan(10'000)};
    auto cut = one_segment;
    cut.cut = 1000;
    BOOST_TEST(sends(*device, us.header(tcp::ack, data.size()), body, cut) != 0u);
    packet got;
    while (got.size() < data.size()) {
        pollfd in{s, POLLIN, 0};
        BOOST_TEST_REQUIRE(::poll(&in, 1, 2000) == 1);
        packet part(30'000);
        auto const n = ::read(s, part.data(), part.size());
        BOOST_TEST_REQUIRE(n > 0);
        got.insert(got.end(), part.begin(), part.begin() + n);
    }
    BOOST_TEST((got == data));
    us.seq += static_cast<std::uint32_t>(data.size());

    BOOST_TEST_REQUIRE(::write(s, data.data(), data.size()) > 0);
    std::size_t longest = 0;
    for (std::size_t received = 0; received < 5000;) {
        auto const [p, in] = next(*device, 6);
        std::size_t const offset = 20 + std::to_integer<std::size_t>(p[32] >> 4) * 4, payload = p.size() - offset;
        if (payload == 0 || get32(p, 24) != us.acknowledgement + received) continue;
        BOOST_TEST(in.verified);
        if (payload > 536) BOOST_TEST(in.cut == 536, "we named no MSS, so 536 (RFC 9293, 3.7.1)");
        BOOST_TEST((packet{p.begin() + std::ptrdiff_t(offset), p.end()} ==
                    packet{data.begin() + std::ptrdiff_t(received), data.begin() + std::ptrdiff_t(received + payload)}));
        received += payload;
        longest = std::max(longest, payload);
    }
    BOOST_TEST(longest > 536u);
    ::close(s);
}

BOOST_AUTO_TEST_SUITE_END()
