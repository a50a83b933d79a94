// SPDX-License-Identifier: BSL-1.0
// Congestion: how many octets may be in the network.
//
//   called when                                       with                    must
//   the connection opens                              on_start(context)       set the initial window
//   a segment with data was handed to the transport   on_sent(context, n)     note it, if it cares
//   an ACK came, after loss detection                 on_ack(ack_event)       grow, once per ACK
//   an episode begins: loss, ECN or a timeout         on_congestion(c, cause) reduce the window once
//   the episode's recovery point was acknowledged     on_recovery_exit(c)     settle the window
//   output asks                                       window()                answer in octets, at least one segment
//   output asks                                       slow_start_threshold()  answer in octets
// optional, found by name:
//   data is sent after more than an RTO of silence    on_idle_restart(c)      RFC 5681, 4.1
//   the effective MSS changed                         on_mss_change(c, old)   keep the window's meaning
//   an episode was spurious                           on_spurious(c)          take the reduction back
//   a lost segment is known (needs::lost_segments)    on_lost(segment)
//   pacing asks                                       pacing_rate(), send_quantum()
//   a model or a trace asks                           visit(now, f)           call f(name, value) for all its state
//
// Facts come as values; `needs` says which of the dear ones an event must carry, and reading another does not compile.
// The engine alone decides what an episode is: at most one on_congestion per window of data.
#pragma once
#include <concepts>
#include <cstdint>
#include <optional>
#include <type_traits>

#include <tenon/core/time.hpp>
#include <tenon/core/units.hpp>

namespace tenon::congestion {

enum class need : std::uint32_t {
    none          = 0,
    rtt           = 1u << 0,   // rtt, smoothed_rtt, minimum_rtt
    slow_start    = 1u << 1,   // slow_start_growth: what the slow_start axis allows this ACK to add
    rate_sample   = 1u << 2,
    rounds        = 1u << 3,
    ecn_octets    = 1u << 4,
    one_way_delay = 1u << 5,
    pacing        = 1u << 6,
    undo          = 1u << 7,
    lost_segments = 1u << 8,
    random        = 1u << 9,
};
constexpr need operator|(need a, need b) noexcept { return need(std::uint32_t(a) | std::uint32_t(b)); }
constexpr bool has(need set, need one) noexcept { return (std::uint32_t(set) & std::uint32_t(one)) != 0; }

// What the engine can supply today; a policy that needs more does not compile, with a sentence (see policies.hpp).
inline constexpr need supplied = need::rtt | need::slow_start | need::undo;

enum class phase : std::uint8_t {
    open,      // no loss known
    recovery,  // loss was detected by ACKs; ends when the recovery point is acknowledged
    loss,      // the retransmission timer fired; slow start until the recovery point is acknowledged
    reduced,   // a congestion mark was answered; ends when what was out then is acknowledged
};

enum class cause : std::uint8_t {
    loss,             // fast retransmit
    ecn,              // a congestion mark, no loss
    timeout,          // the retransmission timer fired
    repeated_timeout, // it fired again for the same data: RFC 5681, 3.1 holds ssthresh constant
};

struct context {
    instant now{};
    bytes   mss{};              // effective send MSS
    bytes   outstanding{};      // FlightSize: sent and not cumulatively acknowledged
    bytes   pipe{};             // thought to be in the network
    bool    handshake_lost{};   // on_start only: the SYN or SYN-ACK was retransmitted (RFC 5681, 3.1)
};

struct ack_facts {
    instant now{};
    bytes   mss{};
    bytes   prior_pipe{};       // before this ACK
    bytes   pipe{};             // after it, losses taken off
    bytes   outstanding{};
    bytes   delivered{};        // newly known to have arrived
    bytes   acknowledged{};     // newly cumulatively acknowledged
    bytes   lost{};             // newly marked lost
    congestion::phase phase{};  // after this ACK
    bool    marked{};           // it says that a segment was marked (ECE): no growth (RFC 3168, 6.1.2)
    bool    window_limited{};   // the congestion window was what last stopped output
    bool    application_limited{};  // lack of data was
};
struct rtt_facts {
    std::optional<duration> rtt{};  // this ACK's sample
    duration smoothed_rtt{};
    duration minimum_rtt{};
};
struct slow_start_facts { bytes slow_start_growth{}; };

template <int> struct absent {};

template <need N>
struct ack_event : ack_facts,
                   std::conditional_t<has(N, need::rtt), rtt_facts, absent<0>>,
                   std::conditional_t<has(N, need::slow_start), slow_start_facts, absent<1>> {};

template <class C> concept says_what_it_needs = requires { { C::needs } -> std::convertible_to<need>; };
template <class C> concept starts = requires (C c, context const& x) { { c.on_start(x) } noexcept; };
template <class C> concept hears_what_is_sent = requires (C c, context const& x, bytes n) { { c.on_sent(x, n) } noexcept; };
template <class C> concept reacts_to_acks = requires (C c, ack_event<C::needs> const& e) { { c.on_ack(e) } noexcept; };
template <class C> concept reacts_to_congestion = requires (C c, context const& x, cause why) { { c.on_congestion(x, why) } noexcept; };
template <class C> concept leaves_recovery = requires (C c, context const& x) { { c.on_recovery_exit(x) } noexcept; };
template <class C> concept reports_window = requires (C const c) { { c.window() } noexcept -> std::same_as<bytes>; };
template <class C> concept reports_threshold = requires (C const c) { { c.slow_start_threshold() } noexcept -> std::same_as<bytes>; };
template <class C> concept is_a_value = std::is_trivially_copyable_v<C> && std::equality_comparable<C> && std::is_default_constructible_v<C>;

template <class C>
concept policy = is_a_value<C> && says_what_it_needs<C> && starts<C> && hears_what_is_sent<C> && reacts_to_acks<C> &&
                 reacts_to_congestion<C> && leaves_recovery<C> && reports_window<C> && reports_threshold<C>;

template <class C> concept restarts_after_idle = requires (C c, context const& x) { { c.on_idle_restart(x) } noexcept; };
template <class C> concept follows_mss = requires (C c, context const& x, bytes old) { { c.on_mss_change(x, old) } noexcept; };

}  // namespace tenon::congestion
