// SPDX-License-Identifier: BSL-1.0
#include "world.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace tenon::packetdrill {

// Until nothing is due any more. What is sent at once goes at once.
void world::run() {
    if (!stack_) return;
    for (int n = 0; n < 10'000; ++n) {
        net.now = now_;
        stack_->poll(net, now());
        if (on_events) on_events();
        auto const at = stack_->next_deadline(now());
        if (net.in.empty() && (!at || *at > now())) return;
    }
}

std::optional<std::int64_t> world::next_deadline() {
    std::optional<std::int64_t> next;
    if (stack_)
        if (auto const at = stack_->next_deadline(now())) next = std::max(now_, (at->nanoseconds + 999) / 1000);
    if (blocked_ && !blocked_->done && blocked_->until) next = next ? std::min(*next, *blocked_->until) : *blocked_->until;
    return next;
}

void world::settle(lock& l) {
    run();
    resume(l);
}

void world::resume(lock& l) {
    auto* const b = blocked_;
    if (b == nullptr || b->done || b->thread == std::this_thread::get_id()) return;
    b->succeeded = b->attempt();
    run();
    if (!b->succeeded && !(b->until && *b->until <= now_)) return;
    b->done = true;
    handed_over_ = true;
    changed_.notify_all();
    // A second of real time, should packetdrill end without asking for the time.
    changed_.wait_for(l, std::chrono::seconds{1}, [this] { return blocked_ == nullptr; });
}

void world::move_to(lock& l, std::int64_t us) {
    for (auto at = next_deadline(); at && *at <= us; at = next_deadline()) {
        now_ = std::max(now_, *at);
        settle(l);
        if (auto const again = next_deadline(); again && *again <= now_ && *again == *at) ++now_;  // never stand still
    }
    now_ = std::max(now_, us);
}

std::int64_t world::read_clock(lock& l) {
    if (blocked_ != nullptr && blocked_->done && blocked_->thread == std::this_thread::get_id()) {
        delete blocked_;
        blocked_ = nullptr;
        changed_.notify_all();
        return now_;
    }
    move_to(l, now_ + 1);
    return now_;
}

// packetdrill lets its lock go while it sleeps: the thread whose call has just returned needs it, and real time, to take the result in.
void world::sleep(lock& l, std::int64_t us) {
    if (std::exchange(handed_over_, false)) {
        l.unlock();
        std::this_thread::sleep_for(std::chrono::milliseconds{3});
        l.lock();
    }
    move_to(l, now_ + us);
}

void world::send(lock& l, std::span<std::byte const> octets) {
    net.in.emplace_back(octets.begin(), octets.end());
    settle(l);
}

std::optional<packet> world::receive(lock& l) {
    settle(l);
    auto const last = now_ + endless;
    while (net.out.empty()) {
        auto const at = next_deadline();
        if (!at || *at > last) return std::nullopt;
        move_to(l, std::max(*at, now_));
        if (net.out.empty() && *at <= now_) settle(l);
    }
    auto p = std::move(net.out.front());
    net.out.pop_front();
    return p;
}

bool world::wait(lock& l, std::function<bool()> attempt, std::int64_t timeout_us) {
    run();
    bool const at_once = attempt();
    run();
    if (at_once || timeout_us == 0) return at_once;
    auto const until = timeout_us < 0 ? std::nullopt : std::optional{now_ + timeout_us};
    if (on_main_thread()) return wait_here(l, attempt, until);
    auto* const b = new blocked{attempt, until, std::this_thread::get_id()};
    blocked_ = b;
    changed_.wait(l, [b] { return b->done; });
    return b->succeeded;  // read_clock frees it, on this thread
}

// packetdrill does not expect a call on its main thread to block: time passes until it ends.
bool world::wait_here(lock& l, std::function<bool()>& attempt, std::optional<std::int64_t> until) {
    auto const last = until ? *until : now_ + endless;
    for (;;) {
        auto const at = next_deadline();
        if (!at || *at > last) break;
        move_to(l, *at);
        bool const succeeded = attempt();
        run();  // an attempt that moved nothing has woken the stack all the same
        if (succeeded) return true;
    }
    if (!until) return false;
    move_to(l, *until);
    return attempt();
}

}  // namespace tenon::packetdrill
