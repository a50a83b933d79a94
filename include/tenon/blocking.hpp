// SPDX-License-Identifier: BSL-1.0
// Blocking: connect, accept, read, write and close that wait, as the calls of sockets do. Opt-in. It drives the endpoint
// (or one connection of a host) itself and leaves the waiting and the time to two callables, so that it runs on a
// descriptor, on an RTOS semaphore, or in virtual time. Errors are values. One thread at a time; no heap.
//
//   called when                              with                          must
//   nothing can be done now                  wait(until, until_writable)   return when the transport has arrivals, at `until`
//                                                                          (none: never), or, if asked, when the transport
//                                                                          takes packets again; earlier does no harm
//   before each poll                         clock()                       answer the instant, never before the last one
//
// Data is acknowledged, sent again and probed only while some call is waiting. docs/blocking.md has the calls.
#pragma once
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include <tenon/core/error.hpp>
#include <tenon/core/time.hpp>
#include <tenon/engine/plan.hpp>
#include <tenon/host/handle.hpp>
#include <tenon/state/state.hpp>

#if __has_include(<poll.h>) && __has_include(<time.h>)
#include <poll.h>
#include <time.h>
#endif

namespace tenon::blocking {

template <class W> concept waits = requires (W w, std::optional<instant> until, bool until_writable) { w(until, until_writable); };
template <class C> concept tells_the_time = requires (C c) { { c() } -> std::same_as<instant>; };

template <class C> concept moves_octets = requires (C c, C const& k, octets_in in, octets_out out) {
    { c.send(in) } -> std::same_as<transfer>;
    { c.receive(out) } -> std::same_as<transfer>;
    { k.readable() } -> std::same_as<bytes>;
    { k.writable() } -> std::same_as<bytes>;
};
template <class C> concept ends_a_connection = requires (C c) {
    { c.shutdown() } -> std::same_as<error>;
    { c.close() } -> std::same_as<error>;
    { c.abort() } -> std::same_as<error>;
};
template <class C> concept says_how_it_is = requires (C const& k) {
    { k.state() } -> std::same_as<tenon::state>;
    { k.failure() } -> std::same_as<error>;
};
// clock::manual, for one: the time is an instant.
template <class C, class T> concept is_driven_by_instants = requires (C c, T& transport, instant now) {
    c.poll(transport, now);
    { c.next_deadline(now) } -> std::same_as<std::optional<instant>>;
};

template <class C, class T>
concept drivable = moves_octets<C> && ends_a_connection<C> && says_how_it_is<C> && is_driven_by_instants<C, T>;

// One connection of a host, in an endpoint's clothes. Driving it drives the whole host.
template <class Host>
class connection_of {
public:
    using address = typename Host::address;

    explicit connection_of(Host& host, connection_handle h = {}) noexcept : host_{host}, handle_{h} {}

    template <class Transport>
    error connect(Transport const& transport, instant now, address const& local, address const& remote) noexcept {
        auto const made = host_.connect(transport, now, local, remote);
        if (made) handle_ = *made;
        return made.status;
    }

    transfer send(octets_in octets) noexcept { return host_.send(handle_, octets); }
    transfer receive(octets_out octets) noexcept { return host_.receive(handle_, octets); }
    bytes peek(std::span<octets_in> pieces) const noexcept { return host_.peek(handle_, pieces); }
    void consume(bytes n) noexcept { static_cast<void>(host_.consume(handle_, n)); }
    bytes readable() const noexcept { return host_.readable(handle_); }
    bytes writable() const noexcept { return host_.writable(handle_); }
    error shutdown() noexcept { return host_.shutdown(handle_); }
    error close() noexcept { return host_.close(handle_); }
    error abort() noexcept { return host_.abort(handle_); }
    tenon::state state() const noexcept { return host_.state(handle_); }
    error failure() const noexcept { return host_.failure(handle_); }
    void poll(auto& transport, instant now) noexcept { host_.poll(transport, now); }
    std::optional<instant> next_deadline(instant now) noexcept { return host_.next_deadline(now); }
    bool refused() const noexcept {
        auto const* const c = host_.connection(handle_);
        return c != nullptr && c->sending().last_limit() == engine::limit::transport;
    }
    connection_handle handle() const noexcept { return handle_; }

private:
    Host& host_;
    connection_handle handle_;
};

// Whether the transport would not take the last packet.
template <class C>
bool refused(C const& c) noexcept {
    if constexpr (requires { c.refused(); }) return c.refused();
    else return c.connection().sending().last_limit() == engine::limit::transport;
}

template <class Connection, class Transport, waits Wait, tells_the_time Clock>
    requires drivable<Connection, Transport>
class stream {
public:
    stream(Connection& connection, Transport& transport, Wait wait, Clock clock)
        : connection_{connection}, transport_{transport}, wait_{std::move(wait)}, clock_{std::move(clock)} {}

    // How long one call may wait; none, as it begins: as long as it takes.
    void timeout(std::optional<duration> t) noexcept { timeout_ = t; }

    // error::timed_out: nobody answered in time; the connection is gone, as after every error here.
    template <class Address>
    error connect(Address const& local, Address const& remote) {
        auto const e = connection_.connect(transport_, clock_(), local, remote);
        return e != error::none ? e : opened();
    }

    // Waits for one connection to `local`; a connection of a host is accepted by blocking::accept.
    template <class Address>
        requires requires (Connection& c, Address const& a) { { c.listen(a) } -> std::same_as<error>; }
    error accept(Address const& local) {
        auto const e = connection_.listen(local);
        return e != error::none ? e : opened();
    }

    // At least one octet; none with error::none at the end of the stream; error::would_block when the time is up.
    transfer read(octets_out out) {
        if (out.empty()) return {0, error::none};
        if (!until([&] { return connection_.readable() != 0 || !may_bring_data(); })) return {0, error::would_block};
        auto const got = connection_.receive(out);
        turn();
        return {got.count, got.status == error::end_of_stream ? error::none : got.status};
    }

    // All of it into the send buffer, or as much as count says until the error; error::would_block when the time is up.
    transfer write(octets_in octets) {
        bytes total = 0;
        auto const limit = deadline();
        while (total < octets.size()) {
            if (!until([&] { return connection_.writable() != 0 || !may_take_data(); }, limit)) return {total, error::would_block};
            auto const t = connection_.send(octets.subspan(total));
            total += t.count;
            if (t.status != error::none && t.status != error::would_block) return {total, t.status};
            turn();
            // Room was promised and another connection has taken it.
            if (t.count == 0) wait_(clock_() + from_ms(10), false);
        }
        return {total, error::none};
    }

    // No more will be written; reading goes on.
    error shutdown() {
        auto const e = connection_.shutdown();
        turn();
        return e;
    }

    // Delivers what was written, then ends the connection. What the peer still sends is refused, as by a socket that is
    // closed. When the time is up the connection is aborted: error::timed_out.
    error close() {
        if (connection_.state() > state::syn_sent) {
            static_cast<void>(connection_.shutdown());
            if (!until([&] { return delivered(); })) return abandon();
        }
        error const why = connection_.failure();
        static_cast<void>(connection_.close());
        if (!until([&] { return connection_.state() == state::closed || connection_.state() == state::time_wait; })) return abandon();
        return why;
    }

    // One poll, without waiting: for programs that do something else for long.
    void turn() { connection_.poll(transport_, clock_()); }

    Connection& connection() noexcept { return connection_; }

private:
    std::optional<instant> deadline() { return timeout_ ? std::optional{clock_() + *timeout_} : std::nullopt; }

    template <class Done>
    bool until(Done done) { return until(done, deadline()); }

    template <class Done>
    bool until(Done done, std::optional<instant> limit) {
        while (!done()) {
            auto const now = clock_();
            connection_.poll(transport_, now);
            if (done()) break;
            if (limit && now >= *limit) return false;
            auto const next = connection_.next_deadline(now);
            wait_(!next ? limit : limit && *limit < *next ? limit : next, refused(connection_));
        }
        return true;
    }

    error opened() {
        bool const in_time = until([&] { return synchronized(connection_.state()) || connection_.state() == state::closed; });
        if (!in_time) return abandon();
        if (connection_.state() != state::closed) return error::none;
        auto const why = connection_.failure();
        return why != error::none ? why : error::not_open;
    }
    error abandon() {
        if (connection_.state() == state::listen) static_cast<void>(connection_.close());
        else static_cast<void>(connection_.abort());
        turn();
        return error::timed_out;
    }

    bool may_bring_data() const noexcept {
        auto const s = connection_.state();
        return may_receive_data(s) || s == state::syn_sent || s == state::syn_received;
    }
    bool may_take_data() const noexcept {
        auto const s = connection_.state();
        return may_send_data(s) || s == state::syn_sent || s == state::syn_received;
    }
    // Our FIN is acknowledged, or will never be.
    bool delivered() const noexcept {
        auto const s = connection_.state();
        return s == state::closed || s == state::fin_wait_2 || s == state::time_wait;
    }

    Connection& connection_;
    Transport&  transport_;
    Wait        wait_;
    Clock       clock_;
    std::optional<duration> timeout_{};
};

// The next connection of a listener; error::would_block when the time is up.
template <class Host, class Transport, waits Wait, tells_the_time Clock>
opened<connection_handle> accept(Host& host, listener_handle listener, Transport& transport, Wait wait, Clock clock,
                                 std::optional<duration> timeout = std::nullopt) {
    auto const limit = timeout ? std::optional{clock() + *timeout} : std::nullopt;
    for (;;) {
        auto const now = clock();
        host.poll(transport, now);
        auto const made = host.accept(listener);
        if (made.status != error::would_block || (limit && now >= *limit)) return made;
        auto const next = host.next_deadline(now);
        wait(!next ? limit : limit && *limit < *next ? limit : next, false);
    }
}

#if __has_include(<poll.h>) && __has_include(<time.h>)

struct monotonic_clock {
    instant operator()() const noexcept {
        ::timespec t{};
        ::clock_gettime(CLOCK_MONOTONIC, &t);
        return {std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec};
    }
};

// Waits for a descriptor, such as those of transport::tun and transport::udp. A signal ends the wait early.
struct descriptor_wait {
    int descriptor{-1};

    void operator()(std::optional<instant> until, bool until_writable) const noexcept {
        ::pollfd one{descriptor, static_cast<short>(until_writable ? POLLIN | POLLOUT : POLLIN), 0};
        if (!until) {
            ::poll(&one, 1, -1);
            return;
        }
        // Rounded up to milliseconds: a wait that is too short would spin.
        auto const left = (*until - monotonic_clock{}()).nanoseconds;
        auto const most = std::int64_t{3'600'000};
        auto const ms   = left <= 0 ? 0 : (left + 999'999) / 1'000'000;
        ::poll(&one, 1, static_cast<int>(ms < most ? ms : most));
    }
};

#endif

}  // namespace tenon::blocking
