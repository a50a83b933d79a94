// SPDX-License-Identifier: BSL-1.0
// World: the simulated clock, the stack on its wire, and the handing over between packetdrill's two threads. One mutex guards all of it.
//
// Time moves in usleep, netdev_receive and (by 1 us, so that packetdrill's spinning ends) gettimeofday. A blocking call sleeps on the
// second thread; whoever moves the world tries it again, and when it is done waits until that thread has read the clock, so that
// packetdrill sees the moment at which the call became ready.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "stack.hpp"

namespace tenon::packetdrill {

class world {
public:
    using lock = std::unique_lock<std::mutex>;

    lock enter() { return lock{mutex_}; }
    bool on_main_thread() const { return std::this_thread::get_id() == main_; }

    void start(wanted const& w) { stack_ = make_stack(w); }
    bool started() const { return stack_ != nullptr; }
    stack& tcp() { return *stack_; }

    instant now() const { return {now_ * 1000}; }
    std::int64_t microseconds() const { return now_; }
    std::int64_t read_clock(lock&);
    void sleep(lock&, std::int64_t us);
    void send(lock&, std::span<std::byte const> octets);
    // Nothing: no packet will ever leave.
    std::optional<packet> receive(lock&);

    // After each call into the stack: what is due now happens, and a blocked call that can go on does.
    void settle(lock&);

    // Waits until `attempt` succeeds; false: the time is over (or nothing will ever happen). A negative time has no end.
    bool wait(lock&, std::function<bool()> attempt, std::int64_t timeout_us = -1);

    wire net;
    std::function<void()> on_events;  // what the stack reports is taken from it

private:
    struct blocked {
        std::function<bool()>& attempt;
        std::optional<std::int64_t> until;
        std::thread::id thread;
        bool done{}, succeeded{};
    };

    void run();
    void move_to(lock&, std::int64_t us);
    std::optional<std::int64_t> next_deadline();
    void resume(lock&);
    bool wait_here(lock&, std::function<bool()>& attempt, std::optional<std::int64_t> until);

    static constexpr std::int64_t endless = 12LL * 3600 * 1'000'000;  // longer than any timer of TCP

    std::mutex mutex_;
    std::condition_variable changed_;
    std::thread::id main_{std::this_thread::get_id()};
    std::unique_ptr<stack> stack_;
    std::int64_t now_{1'000'000'000'000};
    blocked* blocked_{};
    bool handed_over_{};
};

}  // namespace tenon::packetdrill
