// SPDX-License-Identifier: BSL-1.0
// A body for Beast's HTTP parsers that keeps nothing: each piece goes to a sink as it comes. O(octets), no memory of its own.
#pragma once
#include <cstddef>
#include <cstdint>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional.hpp>

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

}  // namespace support
