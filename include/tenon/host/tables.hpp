// SPDX-License-Identifier: BSL-1.0
// Tables of a host, and what moves connections, half-open entries and TIME-WAIT records between them. No transport here.
// Identifiers: connections first, then half-open entries, then TIME-WAIT records. The ends of a flow are in one of the three, but for
// an entry whose SYN reopens TIME-WAIT: it was added after the record, stands before it in the chain, and is found first.
#pragma once
#include <tenon/connection.hpp>
#include <tenon/engine/driver.hpp>
#include <tenon/host/full_tables.hpp>
#include <tenon/host/keys.hpp>
#include <tenon/host/listener.hpp>
#include <tenon/host/port_allocator.hpp>
#include <tenon/host/ready_queue.hpp>
#include <tenon/host/syn_queue.hpp>
#include <tenon/host/time_wait_table.hpp>
#include <tenon/host/timer_wheel.hpp>

namespace tenon {

struct host_size {
    std::size_t connections{64};
    std::size_t listeners{8};
    std::size_t half_open{64};
    std::size_t time_wait{64};
};

template <complete_policies P, transport::packet_io T, host_size Size>
class host_tables {
    using network  = typename P::network;
    using address  = typename network::address;
    using secret   = initial_sequence::secret_key;
    static constexpr auto offered = P::options::offered;
    using half_open_entry = tenon::half_open<address, offered, P::ecn::marks>;
    using store    = typename P::receive_buffer;
    static constexpr std::uint32_t half_opens = Size.half_open, time_waits = Size.time_wait;

public:
    using tuple = engine::tuple<address>;
    using timer = tick<P::clock::deadline_shift>;
    static constexpr std::uint32_t connections = Size.connections;
    static constexpr std::uint32_t nobody = 0xffff'ffff;
    static constexpr bool keeps = T::most.keeps;

private:
    struct nothing {};
    struct last_ticket { transport::ticket last{}; };
    using kept_ticket = std::conditional_t<keeps, last_ticket, nothing>;

public:
    struct slot {
        tenon::connection<P> connection{};
        tuple ends{};
        std::uint32_t generation{};  // odd while the application, or a listener for it, holds the connection
        [[no_unique_address]] kept_ticket committed{};
    };

    std::array<slot, connections> slots{};
    aged_slots<connections> used{};
    listener_table<address, Size.listeners, connections> listeners{};
    syn_queue<address, offered, P::ecn::marks, half_opens> half_open{};
    time_wait_table<address, P::clock::deadline_shift, offered.timestamps, time_waits> time_wait{};
    demux_table<typename P::demux, connections + half_opens + time_waits> demux{};
    timer_wheel<connections + half_opens> wheel{};
    index_rings<1, connections> pending{};  // connections that may have something to send
    ready_queue<connections + Size.listeners> events{};
    port_allocator ports{};
    [[no_unique_address]] typename P::clock clock{};
    [[no_unique_address]] engine::kept_homes<P> homes{};
    [[no_unique_address]] kept_ticket flushed{};
    [[no_unique_address]] typename P::observer observer{};
    full_tables turned_away{};
    bool blocked{};  // the transport has refused a packet

    constexpr void keep_secret(secret const& s) noexcept {
        first_key_ = derive_key(s, key_for::initial_sequence);
        demux_key_ = derive_key(s, key_for::demux);
        port_key_  = derive_key(s, key_for::ports);
        flow_key_  = derive_key(s, key_for::flows);
    }

    // ---- one connection

    constexpr bool valid(connection_handle h) const noexcept {
        return h.index < connections && detail::in_use(h.generation) && slots[h.index].generation == h.generation;
    }
    constexpr void schedule(std::uint32_t i) noexcept {
        if (!pending.contains(i)) pending.push_back(i);
    }

    constexpr std::uint32_t hash_of_ends(tuple const& e) const noexcept {
        if constexpr (P::demux::searches_linearly) return 0;
        else return hash_of<network, typename P::demux>(e, demux_key_);
    }
    constexpr std::uint32_t find(tuple const& e, std::uint32_t hash) const noexcept { return find_from(demux.first(hash), e); }
    // The TIME-WAIT record of the incarnation before, for as long as the SYN of this entry may turn out to be an old duplicate.
    constexpr std::optional<std::uint32_t> record_beside(std::uint32_t n) const noexcept {
        auto const id = find_from(demux.next(connections + n), half_open[n].ends);
        if (id == nobody) return std::nullopt;
        return id - connections - half_opens;
    }

    // RFC 6056, 3.3: no more tries than there can be takers, so that it finds a port if there is one.
    bool choose_port(tuple& e, std::uint32_t& hash) noexcept {
        std::uint64_t const offset = port_hash<network>(e, port_key_);
        std::uint32_t tries = std::min(ports.range().size(), used.count() + half_open.count() + time_wait.count() + 1);
        for (; tries != 0; --tries) {
            e.local_port = ports.next(offset);
            hash = hash_of_ends(e);
            if (!is_itself(e) && find(e, hash) == nobody) return true;
        }
        return false;
    }

    static constexpr bool is_itself(tuple const& e) noexcept { return e.local == e.remote && e.local_port == e.remote_port; }

    void open(std::uint32_t i, instant now, engine::link_facts link) noexcept {
        auto& s = slots[i];
        s.connection.open(homes.view(), first_number(s.ends, now, {}), link);
        s.connection.settle(now, engine::limit::transport);  // gives up in time even if nothing can ever be sent
        follow_timer(i, now);
        schedule(i);
    }

    // A slot for a connection of these ends; only while used is not full.
    constexpr std::uint32_t begin(tuple const& e, std::uint32_t hash) noexcept {
        std::uint32_t const i = used.take().value_or(0);
        slots[i].ends = e;
        slots[i].committed = flushed;
        ++slots[i].generation;
        demux.insert(i, hash);
        return i;
    }

    // Neither the application nor a listener will ask again: handles are stale from now on.
    constexpr void let_go(std::uint32_t i) noexcept {
        listeners.leave(i);
        events.forget(i);
        ++slots[i].generation;
    }

    // CLOSED with no RST owed: nothing goes out or comes in any more. The slot stays while somebody holds it.
    constexpr void end_if_over(std::uint32_t i) noexcept {
        auto& s = slots[i];
        if (s.connection.state() != state::closed || s.connection.next(homes.view())) return;
        demux.erase(i);
        wheel.disarm(i);
        pending.erase(i);
        if (!detail::in_use(s.generation)) used.give_back(i);
    }

    initial_sequence::start first_number(tuple const& e, instant now, std::optional<sequence> floor) const noexcept {
        return engine::first_sequence<P>(e, now, first_key_, floor);
    }
    constexpr void follow_timer(std::uint32_t i, instant now) noexcept {
        if (auto const at = slots[i].connection.next_deadline(now)) wheel.arm(i, timer::ceil(*at).count, timer::floor(now).count);
        else wheel.disarm(i);
    }

    constexpr void tell(std::uint32_t i, ready bits) noexcept {
        if (!detail::in_use(slots[i].generation)) return;
        bits = without(bits, ready::answer_reset);
        if (!listeners.waits(i)) return events.push(i, bits);
        events.note(i, bits);
        if (!has(bits, ready::closed)) return;
        let_go(i);  // died before it was accepted
    }

    // ---- passive opens

    std::optional<std::uint32_t> listener_of(tuple const& e) const noexcept {
        return listeners.find(e.local, e.local_port, hash_of<network>(e, flow_key_));
    }
    // Its listener, or one that has taken its place at the same address and port.
    constexpr bool still_listens(half_open_entry const& e) const noexcept {
        return listeners.takes(e.listener, e.ends.local, e.ends.local_port);
    }
    constexpr void forget_half_open(std::uint32_t n) noexcept {
        demux.erase(connections + n);
        wheel.disarm(connections + n);
        half_open.remove(n);
    }
    constexpr void arm_half_open(std::uint32_t n, instant now) noexcept {
        instant const until = now + syn_ack_timeout(half_open[n].retransmissions);
        wheel.arm(connections + n, timer::ceil(until).count, timer::floor(now).count);
    }

    // What a new connection's receive store would promise.
    bytes promise() const noexcept {
        if constexpr (requires { store::capacity; } && sizeof(store) > 64) return store::capacity;
        else return store{}.promise(homes.view().receive);
    }
    bytes first_window() const noexcept { return std::min<bytes>(promise(), 65'535); }

    // ---- TIME-WAIT

    constexpr void forget_time_wait(std::uint32_t t) noexcept {
        demux.erase(connections + half_opens + t);
        time_wait.remove(t);
    }

    // Nothing is owed any more: the connection becomes a record. The oldest record makes room.
    void hand_over(std::uint32_t i, instant now) noexcept {
        auto& s = slots[i];
        if (time_wait.full()) {
            ++turned_away.time_wait_displaced;
            forget_time_wait(time_wait.oldest().value_or(0));
        }
        auto const& rcv = s.connection.receiving();
        typename decltype(time_wait)::record r{.ends = s.ends, .snd_nxt = s.connection.sending().space.nxt, .rcv_nxt = rcv.space.nxt,
                                      .until = timer::ceil(now + P::time_wait::linger()), .window = rcv.field(rcv.space.edge)};
        if constexpr (offered.timestamps) {
            auto const& st = s.connection.stamps();
            r.stamps = {.recent = st.recent(), .offset = st.offset(), .agreed = st.agreed()};
        }
        auto const t = time_wait.add(r);
        std::uint32_t const hash = demux.hash(i);
        demux.erase(i);
        demux.insert(connections + half_opens + t, hash);
        tell(i, s.connection.leave_time_wait(homes.view()));
    }

    constexpr std::optional<instant> next_timer(instant now) const noexcept {
        std::optional<instant> at;
        if (auto const t = wheel.next()) at = timer{*t}.at(now);
        if (auto const t = time_wait.next()) at = engine::earliest(at, t->at(now));
        return at;
    }

private:
    constexpr std::uint32_t find_from(std::uint32_t id, tuple const& e) const noexcept {
        for (; id != nobody; id = demux.next(id))
            if (ends_of(id) == e) return id;
        return nobody;
    }
    constexpr tuple const& ends_of(std::uint32_t id) const noexcept {
        if (id < connections) return slots[id].ends;
        if (id < connections + half_opens) return half_open[id - connections].ends;
        return time_wait[id - connections - half_opens].ends;
    }

    secret first_key_{};
    secret demux_key_{};
    secret port_key_{};
    secret flow_key_{};
};

}  // namespace tenon
