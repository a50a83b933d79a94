// SPDX-License-Identifier: BSL-1.0
// A body for Beast's HTTP parsers that keeps nothing: each piece goes to a sink as it comes. O(octets), no memory of its own.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional.hpp>

#include <tenon/core/units.hpp>

namespace support {

namespace http = boost::beast::http;

// Sink: default-constructible; take(void const*, size_t) -> bool, false if it cannot.
template <class Sink>
struct body_to {
    using value_type = Sink;

    class reader {
    public:
        template <bool Request, class Fields>
        reader(http::header<Request, Fields>&, value_type& sink) noexcept : sink_{sink} {}

        void init(boost::optional<std::uint64_t> const&, boost::beast::error_code& failed) { failed = {}; }
        void finish(boost::beast::error_code& failed) { failed = {}; }

        template <class Pieces>
        std::size_t put(Pieces const& pieces, boost::beast::error_code& failed) {
            failed = {};
            std::size_t taken = 0;
            for (auto it = boost::asio::buffer_sequence_begin(pieces); it != boost::asio::buffer_sequence_end(pieces); ++it) {
                boost::asio::const_buffer const piece{*it};
                if (!sink_.take(piece.data(), piece.size())) {
                    failed = boost::system::errc::make_error_code(boost::system::errc::io_error);
                    break;
                }
                taken += piece.size();
            }
            return taken;
        }

    private:
        value_type& sink_;
    };
};

// Gives a parser all that has arrived, in two pieces; how much it used. Where it reads lines it has to see both pieces (which
// costs a copy), and never less than it was shown before; a body without chunks has no lines.
template <class Parser>
std::size_t feed(Parser& parser, std::span<boost::asio::const_buffer const, 2> pieces, boost::beast::error_code& failed) {
    bool const lines = !parser.is_header_done() || parser.chunked();
    bool const both  = lines && pieces[1].size() != 0;
    auto const used  = both ? parser.put(std::array{pieces[0], pieces[1]}, failed) : parser.put(pieces[0], failed);
    if (failed == http::error::need_more) failed = {};
    return used;
}

// The readable octets of a connection, in place: an endpoint, or whatever peeks as it does.
template <class Link>
std::array<boost::asio::const_buffer, 2> readable_pieces(Link const& link) {
    std::array<tenon::octets_in, 2> pieces;
    std::array<boost::asio::const_buffer, 2> result;
    std::size_t left = link.peek(pieces);
    for (std::size_t i = 0; i < 2; ++i) {
        auto const n = std::min(left, pieces[i].size());
        result[i]    = {pieces[i].data(), n};
        left -= n;
    }
    return result;
}

}  // namespace support
