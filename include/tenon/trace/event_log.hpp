// SPDX-License-Identifier: BSL-1.0
// Event log: one line of text per event, and a running hash of all of them (FNV-1a, 64 bits). Made of integers and the
// caller's words only, so the same run gives the same octets with every compiler. O(length of the line), no heap.
//
//   0.012500000 deliver link=1 packet=7 octets=1500
#pragma once
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>

#include <tenon/core/time.hpp>
#include <tenon/trace/sink.hpp>

namespace tenon::trace {

struct field {
    std::string_view name;
    std::int64_t     value;
};

class line_hash {
public:
    constexpr void add(std::string_view text) noexcept {
        for (char c : text) value_ = (value_ ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    }
    constexpr std::uint64_t value() const noexcept { return value_; }

private:
    std::uint64_t value_{0xcbf29ce484222325};
};

template <sink Sink = no_sink>
class event_log {
public:
    explicit event_log(Sink to = {}) : sink_{std::move(to)} {}

    // Lines of more than 400 octets are cut short.
    void event(instant at, std::string_view name, std::initializer_list<field> fields = {}) {
        length_ = 0;
        write_time(at);
        put(' ');
        put(name);
        for (auto const& f : fields) {
            put(' ');
            put(f.name);
            put('=');
            put(f.value);
        }
        line_[length_++] = '\n';
        std::string_view const line{line_.data(), length_};
        hash_.add(line);
        ++lines_;
        sink_.write(std::as_bytes(std::span{line}));
    }

    std::uint64_t hash() const noexcept { return hash_.value(); }
    std::uint64_t lines() const noexcept { return lines_; }
    Sink& to() noexcept { return sink_; }

private:
    // Seconds with nine decimals.
    void write_time(instant at) noexcept {
        auto const negative = at.nanoseconds < 0;
        auto const bits     = static_cast<std::uint64_t>(at.nanoseconds);
        auto const size     = negative ? 0 - bits : bits;
        if (negative) put('-');
        put(static_cast<std::int64_t>(size / 1'000'000'000));
        put('.');
        auto rest = size % 1'000'000'000;
        for (std::uint64_t unit = 100'000'000; unit != 0; unit /= 10) {
            put(static_cast<char>('0' + rest / unit));
            rest %= unit;
        }
    }

    void put(char c) noexcept {
        if (length_ < line_.size() - 1) line_[length_++] = c;
    }
    void put(std::string_view text) noexcept {
        for (char c : text) put(c);
    }
    void put(std::int64_t n) noexcept {
        std::array<char, 24> digits;
        auto const           end = std::to_chars(digits.data(), digits.data() + digits.size(), n).ptr;
        put(std::string_view{digits.data(), static_cast<std::size_t>(end - digits.data())});
    }

    Sink                  sink_;
    line_hash             hash_{};
    std::uint64_t         lines_{};
    std::size_t           length_{};
    std::array<char, 400> line_;
};

}  // namespace tenon::trace
