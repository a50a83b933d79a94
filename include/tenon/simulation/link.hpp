// SPDX-License-Identifier: BSL-1.0
// Link: one direction of a wire, with a queue before it. Time is given in; nothing happens between calls, yet everything
// happens at its exact instant. Per packet O(log packets in flight), no allocation in a steady state.
//
//   send --> [ queue discipline ] --> transmission --> loss --> corruption, duplication --> flight --> deliver
//             overflow, marks          at `rate`                                             `delay`, more if reordered
//
// What is faulty is decided by five streams of the link's seed, one per fault, in the order of the packets.
#pragma once
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include <tenon/core/time.hpp>
#include <tenon/core/units.hpp>
#include <tenon/simulation/congestion_mark.hpp>
#include <tenon/simulation/loss.hpp>
#include <tenon/simulation/packet_pool.hpp>
#include <tenon/simulation/queue.hpp>
#include <tenon/simulation/random.hpp>
#include <tenon/simulation/recorder.hpp>
#include <tenon/simulation/scheduler.hpp>

namespace tenon::simulation {

struct link_options {
    std::uint64_t rate{};             // bits per second; 0: transmission takes no time
    duration      delay{};            // from the end of transmission to delivery
    bytes         overhead{};         // link-layer octets per packet: 2 for PPP, 38 for Ethernet with preamble and gap
    ratio         reorder{};          // packets that are held up for reorder_delay more, so that others overtake them
    duration      reorder_delay{};
    ratio         duplicate{};        // packets that are delivered twice
    ratio         corrupt{};          // packets of which one bit is flipped
    bytes         largest{2'048};     // octets of the largest packet
    std::uint64_t seed{1};
    std::uint32_t id{};               // for the recorder
};

template <queue_discipline Queue = drop_tail, loss_model Loss = any_loss>
class basic_link {
public:
    using index = packet_pool::index;

    explicit basic_link(link_options const& o, Queue q = {}, Loss l = {})
        : options_{o}, queue_{std::move(q)}, loss_{std::move(l)}, pool_{o.largest} {
        waiting_.resize(64);
    }

    // A packet that is built in place: take, fill, then send or release.
    index take() { return pool_.take(); }
    void release(index i) { pool_.release(i); }
    packet& operator[](index i) noexcept { return pool_[i]; }

    // Gives the packet to the link, at `leave` if that is later than now.
    void send(index i, instant now, instant leave = {}) {
        advance(now);
        if (leave > now) held_.push(leave, i);
        else enqueue(i, now);
    }

    // The same with a copy of the octets; false if they are more than `largest`.
    bool send(octets_in octets, instant now, std::uint16_t cut = 0, bool verified = false) {
        if (octets.size() > pool_.slot_octets()) return false;
        auto const i = take();
        auto&      p = pool_[i];
        if (!octets.empty()) std::memcpy(p.data, octets.data(), octets.size());
        p.octets   = static_cast<bytes>(octets.size());
        p.cut      = cut;
        p.verified = verified;
        send(i, now);
        return true;
    }

    // Does everything that is to happen up to and including now, in order; deliveries wait to be fetched.
    void advance(instant now) {
        for (auto at = inner_event(); at && *at <= now; at = inner_event()) {
            if (transmitting_ && *at == finish_) finish_transmission();
            else {
                auto const [leave, i] = held_.pop();
                enqueue(i, leave);
            }
        }
    }

    // The next packet that has arrived by now; release it when it has been read.
    std::optional<std::pair<index, instant>> deliver(instant now) {
        advance(now);
        if (!flight_.due(now)) return std::nullopt;
        auto const [at, i] = flight_.pop();
        tell(happening::deliver, at, pool_[i]);
        return std::pair{i, at};
    }
    // The packet that deliver would give, if the link has been advanced to now.
    packet const* arrived(instant now) const noexcept { return flight_.due(now) ? &pool_[flight_.front()] : nullptr; }

    // When something is to happen next. In the past: an arrival that nobody has fetched.
    std::optional<instant> next_event() const noexcept { return earliest(inner_event(), flight_.next()); }

    // Rate, delay and faults may be changed at any time; the packet in transmission and those in flight keep theirs.
    link_options& options() noexcept { return options_; }
    link_options const& options() const noexcept { return options_; }
    Queue& queue() noexcept { return queue_; }
    Loss& loss() noexcept { return loss_; }
    void record(event_listener* to) noexcept { listener_ = to; }

    event_counts const& counts() const noexcept { return counts_; }
    backlog waiting() const noexcept { return {count_, octets_, !transmitting_}; }
    packet_pool const& pool() const noexcept { return pool_; }

    // How long n octets and their overhead occupy the wire, rounded up to a nanosecond.
    duration transmission_time(bytes n) const noexcept {
        if (options_.rate == 0) return {};
        auto const bit_ns = (std::uint64_t{n} + options_.overhead) * 8 * 1'000'000'000;  // below 2^64 up to 2 GB
        return {static_cast<std::int64_t>(bit_ns / options_.rate + (bit_ns % options_.rate != 0))};
    }

private:
    std::optional<instant> inner_event() const noexcept {
        return earliest(transmitting_ ? std::optional{finish_} : std::nullopt, held_.next());
    }

    void tell(happening what, instant at, packet const& p, duration waited = {}) {
        counts_.add(what);
        if (listener_ != nullptr) listener_->on({at, what, options_.id, p.number, p.octets, waited});
    }

    // Acts on a discipline's verdict; false: the packet is gone.
    bool survives(verdict v, index i, instant now) {
        if (v == verdict::pass) return true;
        if (v == verdict::mark && mark_congestion_experienced(pool_[i].write())) {
            tell(happening::mark, now, pool_[i]);
            return true;
        }
        tell(happening::overflow, now, pool_[i]);
        pool_.release(i);
        return false;
    }

    void enqueue(index i, instant now) {
        auto& p     = pool_[i];
        p.number    = ++numbered_;
        p.entered   = now;
        p.corrupted = false;
        if (!survives(queue_.admits(waiting(), p.octets, now, queueing_), i, now)) return;
        tell(happening::enqueue, now, p);
        push_waiting(i);
        start_transmission(now);
    }

    void start_transmission(instant now) {
        while (!transmitting_ && count_ != 0) {
            auto const i = pop_waiting();
            auto&      p = pool_[i];
            if (!survives(queue_.releases(waiting(), {p.octets, p.entered}, now, queueing_), i, now)) continue;
            tell(happening::transmit, now, p, now - p.entered);
            transmitting_ = i;
            finish_       = now + transmission_time(p.octets);
            if (finish_ == now) {
                transmitting_.reset();
                depart(i, now);
            }
        }
    }

    void finish_transmission() {
        auto const i = *transmitting_;
        transmitting_.reset();
        depart(i, finish_);
        start_transmission(finish_);
    }

    // The packet has left the queue and the wire's near end: faults, then flight.
    void depart(index i, instant now) {
        auto& p = pool_[i];
        if (loss_.loses(++departed_, p.read(), losing_)) {
            tell(happening::lose, now, p);
            pool_.release(i);
            return;
        }
        auto arrives = now + options_.delay;
        if (reordering_.chance(options_.reorder)) {
            tell(happening::reorder, now, p);
            arrives += options_.reorder_delay;
        }
        auto const again = duplicating_.chance(options_.duplicate) ? copy_of(i) : i;  // before corruption: one of the two is whole
        if (corrupting_.chance(options_.corrupt)) corrupt(i, now);
        flight_.push(arrives, i);
        if (again != i) {
            tell(happening::duplicate, now, pool_[again]);
            flight_.push(arrives, again);
        }
    }

    index copy_of(index i) {
        auto const  made = pool_.take();
        auto&       to   = pool_[made];
        auto* const data = to.data;
        to               = pool_[i];
        to.data          = data;
        std::memcpy(data, pool_[i].data, to.octets);
        return made;
    }

    // One bit: no Internet checksum that covers it can miss it.
    void corrupt(index i, instant now) {
        auto& p = pool_[i];
        if (p.octets == 0) return;
        auto const bit = corrupting_.below(std::uint64_t{p.octets} * 8);
        p.data[bit / 8] ^= static_cast<std::byte>(1u << (bit % 8));
        p.corrupted = true;
        p.verified  = false;
        tell(happening::corrupt, now, p);
    }

    void push_waiting(index i) {
        if (count_ == waiting_.size()) grow_waiting();
        waiting_[(first_ + count_++) & (waiting_.size() - 1)] = i;
        octets_ += pool_[i].octets;
    }
    index pop_waiting() noexcept {
        auto const i = waiting_[first_];
        first_       = (first_ + 1) & (waiting_.size() - 1);
        --count_;
        octets_ -= pool_[i].octets;
        return i;
    }
    void grow_waiting() {
        std::vector<index> wider(waiting_.size() * 2);
        for (std::size_t k = 0; k < count_; ++k) wider[k] = waiting_[(first_ + k) & (waiting_.size() - 1)];
        waiting_ = std::move(wider);
        first_   = 0;
    }

    link_options         options_;
    Queue                queue_;
    Loss                 loss_;
    packet_pool          pool_;
    random               losing_{options_.seed, "loss"}, reordering_{options_.seed, "reordering"},
                         duplicating_{options_.seed, "duplication"}, corrupting_{options_.seed, "corruption"},
                         queueing_{options_.seed, "queue"};
    std::vector<index>   waiting_;         // a ring of a power of two
    std::size_t          first_{}, count_{};
    std::uint64_t        octets_{};        // of waiting packets
    std::optional<index> transmitting_{};
    instant              finish_{};        // of the transmission
    scheduler<index>     held_, flight_;   // not yet to leave; on their way
    std::uint64_t        numbered_{}, departed_{};
    event_counts         counts_{};
    event_listener*      listener_{};
};

using link = basic_link<>;

}  // namespace tenon::simulation
