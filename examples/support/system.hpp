// SPDX-License-Identifier: BSL-1.0
// What the example programs ask of Linux: the time, random octets, signals, and sleeping until a packet or a deadline comes.
#pragma once
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <span>

#include <poll.h>
#include <sys/random.h>

#include <tenon/core/time.hpp>
#include <tenon/policy/initial_sequence/concept.hpp>

namespace support {

inline std::int64_t read_clock(clockid_t which) noexcept {
    timespec t{};
    ::clock_gettime(which, &t);
    return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

// Runs as the monotonic clock does, from the wall clock's time at the start: captures then show a date.
inline tenon::instant now() noexcept {
    static std::int64_t const epoch = read_clock(CLOCK_REALTIME) - read_clock(CLOCK_MONOTONIC);
    return {epoch + read_clock(CLOCK_MONOTONIC)};
}

inline std::optional<tenon::instant> earliest(std::optional<tenon::instant> a, std::optional<tenon::instant> b) noexcept {
    return a && b ? std::min(*a, *b) : a ? a : b;
}

// Octets nobody else can know (RFC 6528, 3; RFC 6056, 3.3: the key, and the first port).
template <class T>
T random_value() noexcept {
    T value{};
    auto const octets = std::as_writable_bytes(std::span{&value, 1});
    if (::getrandom(octets.data(), octets.size(), 0) != static_cast<ssize_t>(octets.size())) {
        std::perror("getrandom");
        std::abort();
    }
    return value;
}
inline tenon::initial_sequence::secret_key random_secret() noexcept { return random_value<tenon::initial_sequence::secret_key>(); }
inline std::uint16_t random_port() noexcept {
    return static_cast<std::uint16_t>(49152 + random_value<std::uint16_t>() % 16384);
}

// SIGINT and SIGTERM are let in only while the program sleeps, so that none is missed between a look and the sleep.
class stop_signals {
public:
    stop_signals() noexcept {
        struct sigaction action{};
        action.sa_handler = [](int) { asked_ = 1; };
        ::sigaction(SIGINT, &action, nullptr);
        ::sigaction(SIGTERM, &action, nullptr);
        sigset_t block;
        ::sigemptyset(&block);
        ::sigaddset(&block, SIGINT);
        ::sigaddset(&block, SIGTERM);
        ::sigprocmask(SIG_BLOCK, &block, &asleep_);
    }
    static bool asked() noexcept { return asked_ != 0; }

    // Sleeps until a descriptor is ready, `until` has come or a signal was sent. No instant: as long as it takes.
    void wait(std::span<pollfd> descriptors, std::optional<tenon::instant> until) const noexcept {
        timespec left{};
        if (until) {
            auto const ns = std::max<std::int64_t>((*until - now()).nanoseconds, 0);
            left = {.tv_sec = ns / 1'000'000'000, .tv_nsec = ns % 1'000'000'000};
        }
        ::ppoll(descriptors.data(), descriptors.size(), until ? &left : nullptr, &asleep_);
    }

private:
    static inline volatile std::sig_atomic_t asked_ = 0;
    sigset_t asleep_{};
};

}  // namespace support
