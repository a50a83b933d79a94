// SPDX-License-Identifier: BSL-1.0
// 08: an HTTP client (RFC 9112) whose TCP is ours: it fetches a file from a server of the kernel's side and streams it to disk.
// New here: an active open with a random port, a protocol above, read in place from the receive buffer by Boost.Beast's parser,
// and a composition with larger buffers.
//
//   tun_fetch --tun tun0 --address 10.77.0.2 http://10.77.0.1:8000/file --output file
//
// Exit code: 0 fetched; 1 arguments or files; 2 no device; 3 the connection failed; 4 no valid HTTP; 5 an answer other than 200.
#include <array>
#include <cstdio>
#include <limits>
#include <memory>
#include <string>

#include <boost/beast/http/parser.hpp>
#include <tenon/endpoint.hpp>
#include <tenon/policy/observer/counters.hpp>

#include "support/http_sink.hpp"
#include "support/tun_program.hpp"

namespace {

namespace http = boost::beast::http;

struct policies : tenon::default_policies {
    using receive_buffer  = tenon::buffer::ring<1 << 20>;
    using send_buffer     = tenon::buffer::ring<4096>;
    using reassembly      = tenon::reassembly::interval_list<16>;
    using observer        = tenon::observer::counters;
    static constexpr unsigned burst = 32;
};

enum result { fetched, bad_argument, no_device = support::no_tun_device, no_connection, no_http, not_found };

struct options : support::tun_options {
    std::string url{};
    std::string output{"-"};
    unsigned patience{60};  // seconds without an octet
};

struct file_sink {
    std::FILE* file{};
    std::uint64_t octets{};

    bool take(void const* data, std::size_t n) {
        octets += n;
        return std::fwrite(data, 1, n, file) == n;
    }
};
using response_parser = http::response_parser<support::body_to<file_sink>>;

int complain(result r, char const* what, std::string const& why) {
    std::fprintf(stderr, "%s: %s\n", what, why.c_str());
    return r;
}

// Hands the parser what has arrived. It keeps nothing: what it does not use stays in the receive buffer.
template <class Link>
boost::beast::error_code parse(Link& link, response_parser& response) {
    boost::beast::error_code failed;
    while (!failed && !response.is_done() && link.readable() != 0) {
        auto const used = support::feed(response, support::readable_pieces(link), failed);
        if (used == 0) break;  // the header is not whole yet
        link.consume(static_cast<tenon::bytes>(used));
    }
    return failed;
}

template <class Path>
class fetch {
    using transport = std::remove_reference_t<decltype(std::declval<Path&>().transport())>;
    using link_type = tenon::endpoint<policies, transport>;

public:
    fetch(options const& o, support::url const& from, tenon::ipv6_address const& local, std::FILE* to)
        : options_{o}, url_{from}, local_{local} {
        response_.body_limit(std::numeric_limits<std::uint64_t>::max());
        response_.eager(true);
        response_.get().body().file = to;
        request_ = "GET " + url_.target + " HTTP/1.1\r\nHost: " + url_.host + "\r\nUser-Agent: tenon\r\n";
        request_ += "Connection: close\r\n\r\n";
    }

    int run(support::tun_device& device, Path& path) {
        link_->keep_secret(support::random_secret());
        auto const start = support::now();
        path.advance(start);
        auto const e = link_->connect(path.transport(), start, {local_, support::random_port()}, {url_.address, url_.port});
        if (e != tenon::error::none) return complain(bad_argument, "cannot connect", message(e));
        int const r = receive(device, path);
        report(support::now() - start);
        if (r != fetched) (void)link_->abort();
        else (void)link_->close();
        part(device, path);
        return r;
    }

private:
    int receive(support::tun_device& device, Path& path) {
        boost::beast::error_code failed;
        auto last = support::now();
        while (!response_.is_done()) {
            auto const now = support::now();
            path.advance(now);
            auto const events = link_->poll(path.transport(), now);
            if (has(events, tenon::ready::opened)) (void)link_->send(std::as_bytes(std::span{request_}));
            if (link_->readable() != 0) last = now;
            failed = parse(*link_, response_);
            // The end of the stream ends a body without a length, and tears any other (RFC 9112, 6.3).
            if (!failed && !response_.is_done() && has(events, tenon::ready::end_of_stream)) response_.put_eof(failed);
            if (failed) return complain(no_http, "cannot read the answer", failed.message());
            if (response_.is_done()) break;
            if (has(events, tenon::ready::closed)) return complain(no_connection, lost, message(link_->failure()));
            if (support::stop_signals::asked()) return complain(no_connection, "stopped", "by a signal");
            auto const patience = last + tenon::from_s(options_.patience);
            if (now > patience) return complain(no_connection, lost, "nothing came for too long");
            support::rest(signals_, device, path, support::earliest(link_->next_deadline(now), patience));
        }
        auto const status = response_.get().result_int();
        if (status == 200) return fetched;
        return complain(not_found, "the server answered", std::to_string(status) + ' ' + std::string{response_.get().reason()});
    }

    // The peer learns of the end: our FIN is acknowledged, or a moment has passed. Nobody waits for TIME-WAIT: the next run comes
    // from another port with another secret.
    void part(support::tun_device& device, Path& path) {
        auto const until = support::now() + tenon::from_s(3);
        for (auto now = support::now(); now < until && !support::stop_signals::asked(); now = support::now()) {
            path.advance(now);
            link_->poll(path.transport(), now);
            auto const s = link_->state();
            // What the impairment still holds has to get out too.
            if ((s == tenon::state::closed || s == tenon::state::time_wait) && !path.next_event()) break;
            support::rest(signals_, device, path, support::earliest(link_->next_deadline(now), until));
        }
    }

    void report(tenon::duration took) const {
        auto const octets = response_.get().body().octets;
        auto const s      = static_cast<double>(took.nanoseconds) * 1e-9;
        auto const& n     = link_->observer();
        std::fprintf(stderr, "HTTP %u: %llu octets in %.3f s, %.1f Mbit/s; %u segments in, %u out, %u duplicate ACKs sent\n",
                     response_.is_header_done() ? response_.get().result_int() : 0, static_cast<unsigned long long>(octets), s,
                     static_cast<double>(octets) * 8e-6 / s, n.SegsIn(), n.SegsOut(), n.DupAcksOut());
    }

    static constexpr char const* lost = "the connection failed";
    options const& options_;
    support::url const& url_;
    tenon::ipv6_address local_;
    support::stop_signals signals_{};
    std::unique_ptr<link_type> link_{std::make_unique<link_type>()};
    response_parser response_{};
    std::string request_{};
};

struct closes { void operator()(std::FILE* f) const noexcept { if (f != stdout) std::fclose(f); } };

}  // namespace

int main(int argc, char** argv) {
    options o;
    CLI::App app{"Fetches a file over HTTP through a TUN device"};
    o.add_to(app);
    app.add_option("url", o.url, "http://ADDRESS[:PORT]/PATH, the address numeric")->required();
    app.add_option("--output", o.output, "The file to write; - is standard output")->capture_default_str();
    app.add_option("--patience", o.patience, "Give up after so many seconds without an octet")->capture_default_str();
    CLI11_PARSE(app, argc, argv);

    auto const local = support::own_address(o);
    if (!local) return bad_argument;
    auto const from = support::parse_url(o.url);
    if (!from) return complain(bad_argument, "not a URL of the form http://ADDRESS[:PORT]/PATH", o.url);
    std::unique_ptr<std::FILE, closes> const to{o.output == "-" ? stdout : std::fopen(o.output.c_str(), "wb")};
    if (!to) return complain(bad_argument, o.output.c_str(), std::strerror(errno));
    int const r = support::over_tun(o, [&](auto& device, auto& path) {
        return fetch<std::remove_reference_t<decltype(path)>>{o, *from, *local, to.get()}.run(device, path);
    });
    if (r == fetched && std::fflush(to.get()) != 0) return complain(bad_argument, o.output.c_str(), std::strerror(errno));
    return r;
}
