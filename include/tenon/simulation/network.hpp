// SPDX-License-Identifier: BSL-1.0
// Network: the run loop of a simulation. Time jumps to the earliest of what links, nodes and the script have next; then
// the script acts, links move, and every node is polled, in the order in which they were added. O(nodes + links) a step.
//
//   simulation::network net;
//   simulation::link there{{.rate = 10'000'000, .delay = 20_ms}}, back{{.rate = 10'000'000, .delay = 20_ms}};
//   simulation::port<> left{there, back, net.time()}, right{back, there, net.time()};
//   simulation::attached client{client_endpoint, left}, server{server_endpoint, right};
//   net.add(there), net.add(back), net.add(client), net.add(server);
//   net.run(instant{} + 60_s);
//
// What is added is referred to, and must live as long as the network runs.
#pragma once
#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include <tenon/core/time.hpp>
#include <tenon/simulation/scheduler.hpp>

namespace tenon::simulation {

// A node: poll does what is due and returns; next_deadline says when to call even if nothing arrives.
template <class N> concept does_what_is_due = requires (N n, instant now) { n.poll(now); };
template <class N> concept says_when_to_call = requires (N n, instant now) {
    { n.next_deadline(now) } -> std::same_as<std::optional<instant>>;
};
template <class N> concept pollable = does_what_is_due<N> && says_when_to_call<N>;

template <class L>
concept moves_packets = requires (L l, L const k, instant now) {
    l.advance(now);
    { k.next_event() } -> std::same_as<std::optional<instant>>;
};

struct no_application {
    constexpr void operator()() const noexcept {}
};

// Makes a node of an endpoint, or a host, and its transport; the clock policy has to read instants. After each poll the
// application is called, with the events if it takes them: application(ready), or application().
template <class Endpoint, class Transport, class Application = no_application>
struct attached {
    Endpoint&  endpoint;
    Transport& transport;
    [[no_unique_address]] Application application{};

    void poll(instant now) {
        if constexpr (requires { application(endpoint.poll(transport, now)); }) {
            application(endpoint.poll(transport, now));
        } else {
            endpoint.poll(transport, now);
            application();
        }
    }
    std::optional<instant> next_deadline(instant now) { return endpoint.next_deadline(now); }
};
template <class Endpoint, class Transport>
attached(Endpoint&, Transport&) -> attached<Endpoint, Transport>;
template <class Endpoint, class Transport, class Application>
attached(Endpoint&, Transport&, Application) -> attached<Endpoint, Transport, Application>;

enum class outcome : std::uint8_t {
    done,      // the condition holds
    time_up,   // the instant to stop at has come
    quiet,     // nothing will ever happen again
    stalled,   // something is due and does not go away, or time stands still
};

class network {
public:
    // Steps at one instant after which the run has stalled.
    static constexpr std::uint32_t patience = 100'000;

    clock const& time() const noexcept { return clock_; }
    instant now() const noexcept { return clock_.now(); }
    std::uint64_t steps() const noexcept { return steps_; }

    template <pollable Node>
    void add(Node& node) {
        nodes_.push_back({&node, [](void* n, instant t) { static_cast<Node*>(n)->poll(t); },
                                [](void* n, instant t) { return static_cast<Node*>(n)->next_deadline(t); }});
    }
    template <moves_packets Link>
    void add(Link& link) {
        links_.push_back({&link, [](void* l, instant t) { static_cast<Link*>(l)->advance(t); },
                                [](void* l, instant) { return static_cast<Link const*>(l)->next_event(); }});
    }

    // Changes to come, such as a link that slows down: done before the links move at that instant.
    void at(instant when, std::function<void()> what) { script_.push(when, std::move(what)); }

    outcome run(instant until) {
        return run(until, [] { return false; });
    }

    // Until the condition holds, which is asked before each step.
    template <std::predicate Condition>
    outcome run(instant until, Condition&& met) {
        poll_all();
        for (std::uint32_t still = 0; !met();) {
            auto const next = next_event();
            if (!next) return outcome::quiet;
            if (*next > until) {
                clock_.advance_to(until);
                return outcome::time_up;
            }
            still = *next > clock_.now() ? 0 : still + 1;
            if (still > patience) return outcome::stalled;
            step(*next);
        }
        return outcome::done;
    }

    std::optional<instant> next_event() const {
        auto next = script_.next();
        for (auto const& l : links_) next = earliest(next, l.next(l.object, now()));
        for (auto const& n : nodes_) next = earliest(next, n.next(n.object, now()));
        return next;
    }

private:
    struct part {
        void* object;
        void (*act)(void*, instant);
        std::optional<instant> (*next)(void*, instant);
    };

    void step(instant next) {
        ++steps_;
        clock_.advance_to(next);
        while (script_.due(now())) script_.pop().second();
        for (auto const& l : links_) l.act(l.object, now());
        poll_all();
    }
    void poll_all() {
        for (auto const& n : nodes_) n.act(n.object, now());
    }

    clock                            clock_{};
    std::vector<part>                links_, nodes_;
    scheduler<std::function<void()>> script_{};
    std::uint64_t                    steps_{};
};

}  // namespace tenon::simulation
