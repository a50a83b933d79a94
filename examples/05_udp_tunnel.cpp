// SPDX-License-Identifier: BSL-1.0
// 05: two processes, TCP between them, each IP packet in a UDP datagram: no root, no device, no kernel TCP. Like nc: what comes
// in at one end comes out at the other, both ways at once, until both have ended.
// New here: an endpoint over real packets and real time, which sleeps between them.
//
//   udp_tunnel --listen 5000 > copy &
//   udp_tunnel --peer 127.0.0.1:5000 < file
//
// ctest: --self-test
// ctest: --self-test --octets 1000000 --loss 0.01 --delay 2ms --reorder 0.01 --duplicate 0.01
#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tenon/endpoint.hpp>
#include <tenon/policy/network/ipv4.hpp>
#include <tenon/transport/udp.hpp>

#include "support/address.hpp"
#include "support/path.hpp"
#include "support/sha256.hpp"

namespace {

using device = support::watched<tenon::transport::udp<>>;

struct policies : tenon::default_policies {
    using network        = tenon::network::ipv4;
    using send_buffer    = tenon::buffer::ring<131072>;
    using receive_buffer = tenon::buffer::ring<131072>;
    static constexpr unsigned burst = 32;
};

// Addresses within the tunnel; nobody else sees them.
using inner = tenon::socket_address<tenon::ipv4_address>;
constexpr inner server_address{tenon::ipv4(10, 0, 0, 1), 7}, client_address{tenon::ipv4(10, 0, 0, 2), 49152};

// One end: a TCP connection between a way and two descriptors.
template <class Path>
class end {
    using transport = std::remove_reference_t<decltype(std::declval<Path&>().transport())>;

public:
    end(Path& path, int input, int output) : path_{path}, input_{input}, output_{output} {
        link_->keep_secret(support::random_secret());
    }

    void listen() { (void)link_->listen(server_address); }
    void connect() { (void)link_->connect(path_.transport(), support::now(), client_address, server_address); }

    // False once the connection is over.
    bool step() {
        auto const now = support::now();
        path_.advance(now);
        auto const events = link_->poll(path_.transport(), now);
        open_ |= has(events, tenon::ready::opened);
        write_out();
        if (open_) read_in();
        if (has(events, tenon::ready::end_of_stream)) peer_ended_ = true;
        if (peer_ended_ && input_ended_ && link_->readable() == 0) (void)link_->close();
        deadline_ = link_->next_deadline(now);
        auto const state = link_->state();
        return state != tenon::state::closed && !(state == tenon::state::time_wait && !path_.next_event());
    }

    std::optional<tenon::instant> deadline() const { return support::earliest(deadline_, path_.next_event()); }
    // The descriptor to wait for, while there is room for what it gives.
    pollfd input() const {
        return {.fd = open_ && !input_ended_ && link_->writable() != 0 ? input_ : -1, .events = POLLIN, .revents = 0};
    }
    tenon::error failure() const { return link_->failure(); }
    unsigned long long sent() const { return sent_; }
    unsigned long long received() const { return received_; }

private:
    void read_in() {
        std::array<std::byte, 65536> octets;
        pollfd one = input();
        if (one.fd < 0 || ::poll(&one, 1, 0) != 1) return;
        auto const got = ::read(input_, octets.data(), std::min<std::size_t>(octets.size(), link_->writable()));
        if (got > 0) sent_ += link_->send(std::span{octets}.first(static_cast<std::size_t>(got))).count;
        if (got > 0) return;
        input_ended_ = true;
        (void)link_->shutdown();
    }
    void write_out() {
        std::array<tenon::octets_in, 2> pieces;
        while (link_->readable() != 0) {
            std::size_t const held = link_->peek(pieces);
            auto const put = ::write(output_, pieces[0].data(), std::min(held, pieces[0].size()));
            if (put <= 0) return (void)link_->abort();
            link_->consume(static_cast<tenon::bytes>(put));
            received_ += static_cast<unsigned long long>(put);
        }
    }

    Path& path_;
    int input_, output_;
    std::unique_ptr<tenon::endpoint<policies, transport>> link_{std::make_unique<tenon::endpoint<policies, transport>>()};
    std::optional<tenon::instant> deadline_{};
    bool open_{}, input_ended_{}, peer_ended_{};
    unsigned long long sent_{}, received_{};
};

void report(char const* who, auto const& e, tenon::duration took) {
    auto const s = static_cast<double>(took.nanoseconds) * 1e-9;
    std::fprintf(stderr, "%s: %llu octets sent, %llu received in %.3f s (%.1f Mbit/s): %s\n", who, e.sent(), e.received(), s,
                 static_cast<double>(e.sent() + e.received()) * 8e-6 / s, message(e.failure()));
}

int run_one(device& d, bool server, int input, int output, support::path_options const& o) {
    return support::over_path(d, o, [&](auto& path) {
        support::stop_signals const signals;
        end e{path, input, output};
        if (server) e.listen();
        else e.connect();
        auto const start = support::now();
        while (!support::stop_signals::asked() && e.step()) {
            std::array waited{d.interest(), e.input()};
            signals.wait(waited, e.deadline());
        }
        report(server ? "server" : "client", e, support::now() - start);
        return e.failure() == tenon::error::none && !support::stop_signals::asked() ? 0 : 3;
    });
}

// A file in memory: `octets` random ones, or none.
int memory_file(std::size_t octets) {
    int const file = ::memfd_create("udp_tunnel", MFD_CLOEXEC);
    tenon::simulation::random random{octets};
    std::vector<std::byte> content(octets);
    for (auto& octet : content) octet = static_cast<std::byte>(random.below(256));
    if (::write(file, content.data(), octets) != static_cast<ssize_t>(octets)) std::perror("memfd");
    ::lseek(file, 0, SEEK_SET);
    return file;
}
std::string digest_of(int file) {
    support::sha256 digest;
    std::array<std::byte, 65536> octets;
    ::lseek(file, 0, SEEK_SET);
    for (ssize_t n; (n = ::read(file, octets.data(), octets.size())) > 0;)
        digest.add(std::span{octets}.first(static_cast<std::size_t>(n)));
    return digest.hexadecimal();
}

// Both ends in this process, through the loopback interface; different octets each way.
int self_test(std::size_t octets, support::path_options const& o) {
    device one, other;
    if (one.open("127.0.0.1", 0) != 0 || other.open("127.0.0.1", 0, "127.0.0.1", one.local_port()) != 0) return 2;
    int const there = memory_file(octets), back = memory_file(octets / 2 + 1);
    int const came_there = memory_file(0), came_back = memory_file(0);
    return support::over_path(other, o, [&](auto& path) {
        support::stop_signals const signals;
        support::straight_path straight{one};
        end server{straight, back, came_there};
        end client{path, there, came_back};
        server.listen();
        client.connect();
        auto const start = support::now();
        // Until both are over, or one waits in TIME-WAIT for a peer that has heard everything.
        for (bool a = true, b = true; (a || b) && !support::stop_signals::asked();) {
            a = server.step();
            b = client.step();
            std::array waited{one.interest(), other.interest()};
            auto const inputs_wait = server.input().fd >= 0 || client.input().fd >= 0;
            if ((a || b) && !inputs_wait) signals.wait(waited, support::earliest(server.deadline(), client.deadline()));
            if (support::now() - start > tenon::from_s(50)) break;
        }
        report("server", server, support::now() - start);
        report("client", client, support::now() - start);
        bool const same = digest_of(there) == digest_of(came_there) && digest_of(back) == digest_of(came_back);
        std::printf("%s\n", same ? "the octets that came are those that were sent" : "FAILED: other octets came than were sent");
        return same ? 0 : 1;
    });
}

}  // namespace

int main(int argc, char** argv) {
    std::string local{"127.0.0.1"}, peer, input{"-"}, output{"-"};
    std::uint16_t port{};
    bool test{};
    std::size_t octets{20'000'000};
    support::path_options path;
    CLI::App app{"Moves octets both ways between two processes: TCP in UDP datagrams"};
    app.add_option("--listen", port, "Wait for a peer at this UDP port");
    app.add_option("--local", local, "The address of this end, outside the tunnel")->capture_default_str();
    app.add_option("--peer", peer, "ADDRESS:PORT of the end that listens (IPv4)");
    app.add_option("--input", input, "What to send; - is standard input")->capture_default_str();
    app.add_option("--output", output, "Where to put what comes; - is standard output")->capture_default_str();
    app.add_flag("--self-test", test, "Run both ends here and compare");
    app.add_option("--octets", octets, "For the self-test")->capture_default_str();
    path.add_to(app);
    CLI11_PARSE(app, argc, argv);

    if (test) return self_test(octets, path);
    if (peer.empty() == (port == 0)) return std::fprintf(stderr, "either --listen or --peer is needed\n"), 1;
    device d;
    auto const colon = std::min(peer.rfind(':'), peer.size());
    auto const there = support::parse_port(std::string_view{peer}.substr(std::min(colon + 1, peer.size()))).value_or(0);
    int const failed = port != 0 ? d.open(local.c_str(), port) : d.open(local.c_str(), 0, peer.substr(0, colon).c_str(), there);
    if (failed != 0) return std::fprintf(stderr, "cannot open the UDP socket: %s\n", std::strerror(failed)), 2;
    int const from = input == "-" ? STDIN_FILENO : ::open(input.c_str(), O_RDONLY | O_CLOEXEC);
    int const to   = output == "-" ? STDOUT_FILENO : ::open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (from < 0 || to < 0) return std::perror(from < 0 ? input.c_str() : output.c_str()), 1;
    return run_one(d, port != 0, from, to, path);
}
