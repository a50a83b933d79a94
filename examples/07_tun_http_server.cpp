// SPDX-License-Identifier: BSL-1.0
// 07: a web server whose TCP is ours, for the kernel's curl and browsers: files under a root, uploads answered with a SHA-256.
// New here: a host, which holds many connections at once, and its queue of events; nothing looks at an idle connection.
//
//   tun_http_server --tun tun0 --address 10.77.0.2 --port 80 --root /srv/www &
//   curl http://10.77.0.2/file; curl --data-binary @file http://10.77.0.2/upload
#include <array>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tenon/host.hpp>

#include "support/http_session.hpp"
#include "support/tun_program.hpp"

namespace {

struct policies : tenon::default_policies {
    using send_buffer    = tenon::buffer::ring<262144>;
    using receive_buffer = tenon::buffer::ring<262144>;
    using reassembly     = tenon::reassembly::interval_list<16>;
    // A server meets its clients' next connections: a short TIME-WAIT, and no waiting for ever for a FIN.
    static constexpr tenon::time_wait::parameters waits{.msl = tenon::from_s(1), .fin_wait_2 = tenon::from_s(60)};
    using time_wait = tenon::time_wait::rfc9293<waits>;
    static constexpr unsigned burst = 32;
};
constexpr tenon::host_size size{.connections = 256, .listeners = 1, .half_open = 256, .time_wait = 1024};

struct options : support::tun_options {
    std::uint16_t port{80};
    std::string root{"."};
};

template <class Path>
class server {
    using transport = std::remove_reference_t<decltype(std::declval<Path&>().transport())>;
    using host_type = tenon::host<policies, transport, size>;

    // A connection of the host with its session.
    struct client {
        tenon::connection_handle handle{};
        std::optional<support::http_session> session{};
        tenon::instant moved{};  // when octets last did
    };
    // What session reads from: the host, by handle.
    struct link {
        host_type& host;
        tenon::connection_handle handle;
        tenon::bytes peek(std::span<tenon::octets_in> pieces) const { return host.peek(handle, pieces); }
    };

public:
    server(support::file_root const& root, Path& path) : root_{root}, path_{path}, clients_(size.connections) {}

    int run(tenon::ipv6_address const& address, std::uint16_t port, support::tun_device& device) {
        host_->keep_secret(support::random_secret());
        auto const opened = host_->listen({address, port}, {.backlog = 64});
        if (!opened) {
            std::fprintf(stderr, "cannot listen: %s\n", message(opened.status));
            return 1;
        }
        listener_ = *opened;
        while (!support::stop_signals::asked()) {
            auto const now = support::now();
            path_.advance(now);
            host_->poll(path_.transport(), now);
            now_ = now;
            while (auto const e = host_->next_event()) heed(*e);
            if (now >= next_sweep_) end_the_idle(now);
            support::rest(signals_, device, path_, support::earliest(host_->next_deadline(now), next_sweep_));
        }
        std::printf("%llu connections, %llu octets sent, %llu octets received\n", accepted_, sent_, received_);
        return 0;
    }

private:
    void heed(tenon::event_of_host const& e) {
        if (has(e.bits, tenon::ready::acceptable)) {
            while (auto const h = host_->accept(listener_)) {
                ++accepted_;
                client& c = clients_[h.handle.index];
                c.handle  = *h;
                c.session.emplace(root_);
                c.moved = now_;
                serve(c);
            }
            return;
        }
        client& c = clients_[e.connection.index];
        if (c.handle == e.connection) serve(c);
    }

    // Moves what can be moved, in both directions.
    void serve(client& c) {
        for (bool moved = true; moved;) {
            auto const received = take(c), sent = give(c);
            received_ += received;
            sent_ += sent;
            moved = received != 0 || sent != 0;
            if (moved) c.moved = now_;
        }
        if (c.session->broken()) (void)host_->abort(c.handle);
        else if (c.session->finished()) (void)host_->shutdown(c.handle);
        // Ours to end once the peer has: before that, unread octets would turn our end into a reset (RFC 9293, 3.6.1).
        auto const state = host_->state(c.handle);
        using enum tenon::state;
        bool const peer_is_done = state == close_wait || state == closing || state == last_ack;
        bool const over = state == closed || state == time_wait;
        if (over || (peer_is_done && (c.session->finished() || c.session->idle()))) end(c);
    }

    std::size_t take(client& c) {
        if (host_->readable(c.handle) == 0) return 0;
        auto const used = c.session->take(support::readable_pieces(link{*host_, c.handle}));
        (void)host_->consume(c.handle, static_cast<tenon::bytes>(used));
        return used;
    }
    std::size_t give(client& c) {
        auto const next = c.session->output();
        if (next.empty()) return 0;
        auto const sent = host_->send(c.handle, next);
        c.session->sent(sent.count);
        return sent.count;
    }
    // A client that moves nothing for a minute holds a place that others may want. Looked for every ten seconds.
    void end_the_idle(tenon::instant now) {
        next_sweep_ = now + tenon::from_s(10);
        for (auto& c : clients_)
            if (c.session && now - c.moved > tenon::from_s(60)) {
                (void)host_->abort(c.handle);
                end(c);
            }
    }
    void end(client& c) {
        (void)host_->close(c.handle);
        c.handle = {};
        c.session.reset();
    }

    support::file_root const& root_;
    Path& path_;
    support::stop_signals signals_{};
    std::unique_ptr<host_type> host_{std::make_unique<host_type>()};
    tenon::listener_handle listener_{};
    std::vector<client> clients_;  // by the index in the handle
    tenon::instant now_{}, next_sweep_{};
    unsigned long long accepted_{}, sent_{}, received_{};
};

}  // namespace

int main(int argc, char** argv) {
    options o;
    CLI::App app{"Serves files over HTTP through a TUN device"};
    o.add_to(app);
    support::add_port(app, o.port);
    app.add_option("--root", o.root, "The folder whose files are served")->capture_default_str();
    CLI11_PARSE(app, argc, argv);

    auto const address = support::own_address(o);
    if (!address) return 1;
    support::file_root const root{o.root.c_str()};
    if (!root) {
        std::fprintf(stderr, "not a folder: %s\n", o.root.c_str());
        return 1;
    }
    return support::over_tun(o, [&](auto& device, auto& path) {
        return server<std::remove_reference_t<decltype(path)>>{root, path}.run(*address, o.port, device);
    });
}
