// SPDX-License-Identifier: BSL-1.0
// One HTTP/1.1 connection of a small server (RFC 9112): requests in, answers out, knowing nothing of the TCP beneath. GET and
// HEAD answer with files under a root, POST and PUT to /upload with the length and the SHA-256 of what was sent, which is not
// kept. One request at a time: octets of the next one stay where they are until the answer has left. Memory is bounded: a
// header of 8 KB, a piece of 64 KB of a file.
#pragma once
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/beast/http/parser.hpp>

#include "file_root.hpp"
#include "http_sink.hpp"
#include "sha256.hpp"

namespace support {

struct digest_sink {
    sha256 digest{};
    std::uint64_t octets{};

    bool take(void const* data, std::size_t n) {
        digest.add({static_cast<std::byte const*>(data), n});
        octets += n;
        return true;
    }
};

// The octets first to last of a file, as a Range field asks (RFC 9110, 14.1.2).
struct octet_range {
    std::uint64_t first{}, length{};
};

class http_session {
    using status = http::status;
    using octets_at_hand = std::span<boost::asio::const_buffer const, 2>;

public:
    static constexpr std::uint64_t largest_body = std::uint64_t{1} << 30;
    static constexpr std::size_t piece = 65536;

    explicit http_session(file_root const& root) : root_{root} { next_request(); }

    // How many of the arrived octets it has used; 0 while it has to wait for more of them, or for its answer to leave.
    std::size_t take(octets_at_hand pieces) {
        if (last_) return pieces[0].size() + pieces[1].size();  // after a refusal the rest of a request is of no interest
        if (answering_) return 0;
        boost::beast::error_code failed;
        auto const used = feed(*request_, pieces, failed);
        if (failed) return refuse(status_of(failed, pieces)), used;
        if (request_->is_header_done() && !judged_) judge();
        if (request_->is_done() && !answering_) answer();
        return used;
    }

    // The next octets to send; none: nothing now.
    std::span<std::byte const> output() {
        if (head_sent_ < head_.size()) return std::as_bytes(std::span{head_}).subspan(head_sent_);
        if (piece_sent_ == piece_.size() && left_ != 0) read_piece();
        return std::span<std::byte const>{piece_}.subspan(piece_sent_);
    }
    void sent(std::size_t n) {
        if (head_sent_ < head_.size()) head_sent_ += n;
        else piece_sent_ += n;
        if (head_sent_ != head_.size() || piece_sent_ != piece_.size() || left_ != 0) return;
        head_.clear();
        piece_.clear();
        head_sent_ = piece_sent_ = 0;
        if (answering_ && !last_) next_request();
    }

    // The last answer has left: close. Broken: a file has become shorter than its answer said; abort.
    bool finished() const noexcept { return last_ && head_.empty() && piece_.empty() && left_ == 0; }
    bool broken() const noexcept { return broken_; }
    // Nothing to send. With the peer's end of the stream: no answer will follow.
    bool idle() const noexcept { return !answering_ && head_.empty(); }

private:
    using request_parser = http::request_parser<body_to<digest_sink>>;

    void next_request() {
        request_.emplace();
        request_->body_limit(largest_body);
        answering_ = judged_ = false;
    }

    static status status_of(boost::beast::error_code const& failed, octets_at_hand pieces) {
        if (failed == http::error::bad_version && names_a_version(pieces)) return status::http_version_not_supported;
        if (failed == http::error::header_limit) return status::request_header_fields_too_large;
        if (failed == http::error::body_limit) return status::payload_too_large;
        return status::bad_request;
    }

    // RFC 9112, 2.3: "HTTP/", a digit, a point and a digit; nothing follows it in a request-line (3). The parser has one error
    // for what is no version and for one that it does not speak.
    static bool names_a_version(octets_at_hand pieces) {
        std::string text;
        for (auto const& piece : pieces) text.append(static_cast<char const*>(piece.data()), piece.size());
        auto const line  = std::string_view{text}.substr(0, text.find("\r\n"));
        auto const space = line.find(' ', line.find(' ') + 1);  // behind method and target
        if (space == line.npos) return false;
        auto const version = line.substr(space + 1);
        auto const digit   = [&](std::size_t i) { return version[i] >= '0' && version[i] <= '9'; };
        return version.size() == 8 && version.starts_with("HTTP/") && digit(5) && version[6] == '.' && digit(7);
    }

    // Before a body is read.
    void judge() {
        judged_ = true;
        auto const& header = request_->get();
        // RFC 9112, 3.2: a request of HTTP/1.1 names one host.
        if (header.version() == 11 && header.count(http::field::host) != 1) return refuse(status::bad_request);
        auto const method = header.method();
        bool const body   = method == http::verb::post || method == http::verb::put;
        if (!body && method != http::verb::get && method != http::verb::head)
            return refuse(status::method_not_allowed, "Allow: GET, HEAD\r\n");
        auto const path = path_of({header.target().data(), header.target().size()});
        if (!path) return refuse(status::bad_request);
        path_ = *path;
        if (body != (path_ == "/upload"))
            return refuse(status::method_not_allowed, body ? "Allow: GET, HEAD\r\n" : "Allow: POST, PUT\r\n");
        // RFC 9110, 10.1.1: the client waits to be asked for the body.
        bool const asks = header[http::field::expect] == "100-continue";
        if (body && asks && !request_->is_done()) head_ = "HTTP/1.1 100 Continue\r\n\r\n";
    }

    // origin-form, or absolute-form, which a server has to take too (RFC 9112, 3.2.2); without the query.
    static std::optional<std::string> path_of(std::string_view target) {
        if (auto const scheme = std::string_view{"http://"}; target.starts_with(scheme)) {
            target.remove_prefix(std::min(target.find('/', scheme.size()), target.size()));
            if (target.empty()) target = "/";
        }
        if (!target.starts_with('/')) return std::nullopt;
        return decode_percent(target.substr(0, target.find('?')));
    }
    void answer() {
        if (path_ == "/upload") return answer_upload();
        file_ = root_.open(path_);
        if (!file_) return say(status::not_found, {}, "not found\n");
        auto const ranges = request_->get()[http::field::range];
        auto const size   = std::to_string(file_.size());
        octet_range part{0, file_.size()};
        auto result = status::ok;
        std::string fields{"Accept-Ranges: bytes\r\n"};
        auto const asked = range_of({ranges.data(), ranges.size()}, file_.size());
        if (asked && request_->get().method() == http::verb::get) {
            if (asked->length == 0) return say(status::range_not_satisfiable, "Content-Range: bytes */" + size + "\r\n", "");
            part   = *asked;
            result = status::partial_content;
            fields += "Content-Range: bytes " + std::to_string(part.first) + '-';
            fields += std::to_string(part.first + part.length - 1) + '/' + size + "\r\n";
        }
        begin(result, fields, part.length, type_of(path_));
        if (request_->get().method() == http::verb::head) return;
        at_   = part.first;
        left_ = part.length;
    }

    void answer_upload() {
        auto& body = request_->get().body();
        auto const length = std::to_string(body.octets);
        auto const digest = body.digest.hexadecimal();
        say(status::ok, {}, "{\"length\": " + length + ", \"sha256\": \"" + digest + "\"}\n", "application/json");
    }

    // One range is heeded; a list of them, or what is not a range, is ignored (RFC 9110, 14.2). Length 0: outside the file.
    static std::optional<octet_range> range_of(std::string_view text, std::uint64_t size) {
        constexpr std::string_view unit = "bytes=";
        if (!text.starts_with(unit)) return std::nullopt;
        text.remove_prefix(unit.size());
        auto const dash = text.find('-');
        if (dash == text.npos) return std::nullopt;
        auto const number = [](std::string_view digits) -> std::optional<std::uint64_t> {
            std::uint64_t value{};
            auto const [end, e] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
            if (e != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
            return value;
        };
        auto const first = number(text.substr(0, dash)), last = number(text.substr(dash + 1));
        if (dash == 0) {  // the last so many
            if (!last) return std::nullopt;
            return octet_range{size - std::min(*last, size), std::min(*last, size)};
        }
        if (!first || (!last && dash + 1 != text.size()) || (last && *last < *first)) return std::nullopt;
        if (*first >= size) return octet_range{};
        return octet_range{*first, std::min(last.value_or(size - 1), size - 1) - *first + 1};
    }

    static std::string_view type_of(std::string_view path) {
        constexpr std::array<std::pair<std::string_view, std::string_view>, 6> types{
            {{".html", "text/html"}, {"/", "text/html"}, {".txt", "text/plain"},
             {".css", "text/css"}, {".json", "application/json"}, {".png", "image/png"}}};
        for (auto const& [ending, type] : types)
            if (path.ends_with(ending)) return type;
        return "application/octet-stream";
    }

    // What cannot be read on after: the connection ends with this answer.
    void refuse(status s, std::string_view fields = {}) {
        last_ = true;
        say(s, fields, std::string{http::obsolete_reason(s)} + '\n');
    }

    void say(status s, std::string_view fields, std::string_view text, std::string_view type = "text/plain") {
        begin(s, fields, text.size(), type);
        if (request_->get().method() != http::verb::head) head_ += text;
    }

    void begin(status s, std::string_view fields, std::uint64_t length, std::string_view type) {
        answering_ = true;
        last_ |= !request_->is_header_done() || !request_->keep_alive();
        auto const reason = http::obsolete_reason(s);
        head_.erase(0, head_sent_);
        head_sent_ = 0;
        head_ += "HTTP/1.1 " + std::to_string(static_cast<unsigned>(s)) + ' ' + std::string{reason.data(), reason.size()};
        head_ += "\r\nServer: tenon\r\nDate: " + date() + "\r\nContent-Type: ";
        head_ += type;
        head_ += "\r\nContent-Length: " + std::to_string(length) + "\r\nConnection: " + (last_ ? "close" : "keep-alive") + "\r\n";
        head_ += fields;
        head_ += "\r\n";
    }

    // RFC 9110, 5.6.7 and 6.6.1.
    static std::string date() {
        std::array<char, 64> text{};
        auto const now = std::time(nullptr);
        std::tm parts{};
        std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", ::gmtime_r(&now, &parts));
        return text.data();
    }

    void read_piece() {
        piece_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(left_, piece)));
        piece_sent_ = 0;
        auto const got = ::pread(file_.descriptor(), piece_.data(), piece_.size(), static_cast<off_t>(at_));
        broken_        = got <= 0;
        piece_.resize(broken_ ? 0 : static_cast<std::size_t>(got));
        at_ += piece_.size();
        left_ = broken_ ? 0 : left_ - piece_.size();
    }

    file_root const& root_;
    std::optional<request_parser> request_{};
    std::string path_{};
    bool judged_{}, answering_{}, last_{}, broken_{};
    std::string head_{};           // and a short body
    std::size_t head_sent_{};
    open_file file_{};
    std::uint64_t at_{}, left_{};  // of the file, not yet read
    std::vector<std::byte> piece_{};
    std::size_t piece_sent_{};
};

}  // namespace support
