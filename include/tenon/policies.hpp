// SPDX-License-Identifier: BSL-1.0
// Policies: one type names every choice. Derive from default_policies and name only what differs:
//
//   struct my_policies : tenon::default_policies {
//       using congestion  = tenon::congestion::fixed_window<4>;
//       using send_buffer = tenon::buffer::ring<8192>;
//   };
//
// A composition that cannot work does not compile and says why. docs/policies/ has a page for each axis.
#pragma once
#include <tenon/policy/acknowledgement/delayed.hpp>
#include <tenon/policy/blind_attack_checks/rfc5961.hpp>
#include <tenon/policy/buffer/ring.hpp>
#include <tenon/policy/checksum/internet.hpp>
#include <tenon/policy/clock/manual.hpp>
#include <tenon/policy/coalescing/nagle.hpp>
#include <tenon/policy/congestion/new_reno.hpp>
#include <tenon/policy/demux/keyed_hash.hpp>
#include <tenon/policy/ecn/off.hpp>
#include <tenon/policy/give_up/limits.hpp>
#include <tenon/policy/icmp/rfc5927.hpp>
#include <tenon/policy/initial_sequence/rfc6528.hpp>
#include <tenon/policy/keep_alive/rfc9293.hpp>
#include <tenon/policy/network/both.hpp>
#include <tenon/policy/observer/none.hpp>
#include <tenon/policy/options/offers.hpp>
#include <tenon/policy/pacing/none.hpp>
#include <tenon/policy/reassembly/interval_list.hpp>
#include <tenon/policy/recovery/dup_ack.hpp>
#include <tenon/policy/recovery_window/newreno.hpp>
#include <tenon/policy/retransmit_timer/rfc6298.hpp>
#include <tenon/policy/slow_start/standard.hpp>
#include <tenon/policy/time_wait/rfc9293.hpp>
#include <tenon/state/machine.hpp>

namespace tenon {

struct default_policies {
    using congestion          = tenon::congestion::new_reno<>;
    using slow_start          = tenon::slow_start::standard<>;
    using recovery            = tenon::recovery::dup_ack<>;
    using recovery_window     = tenon::recovery_window::newreno;
    using retransmit_timer    = tenon::retransmit_timer::rfc6298<>;
    using give_up             = tenon::give_up::limits<>;
    using pacing              = tenon::pacing::none;
    using acknowledgement     = tenon::acknowledgement::delayed<>;
    using reassembly          = tenon::reassembly::interval_list<8>;
    using coalescing          = tenon::coalescing::nagle;
    using send_buffer         = tenon::buffer::ring<65536>;
    using receive_buffer      = tenon::buffer::ring<65536>;
    using clock               = tenon::clock::manual<>;
    using options             = tenon::options::standard;
    using network             = tenon::network::both;
    using checksum            = tenon::checksum::internet;
    using icmp                = tenon::icmp::rfc5927;
    using ecn                 = tenon::ecn::off;
    using keep_alive          = tenon::keep_alive::rfc9293<>;
    using initial_sequence    = tenon::initial_sequence::rfc6528;
    using blind_attack_checks = tenon::blind_attack_checks::rfc5961<>;
    using time_wait           = tenon::time_wait::rfc9293<>;
    using demux               = tenon::demux::keyed_hash;
    using observer            = tenon::observer::none;
    using state_table         = rfc9293_table;

    static constexpr unsigned burst = 16;  // packets taken, and packets sent, in one poll
};

// One clause for each axis, so that an error names the axis that does not fit.
template <class P> concept has_a_congestion_policy = congestion::policy<typename P::congestion>;
template <class P> concept has_a_slow_start_policy = slow_start::policy<typename P::slow_start>;
template <class P> concept has_a_recovery_policy = recovery::policy<typename P::recovery>;
template <class P> concept has_a_recovery_window_policy = recovery_window::policy<typename P::recovery_window>;
template <class P> concept has_a_retransmit_timer_policy = retransmit_timer::policy<typename P::retransmit_timer>;
template <class P> concept has_a_give_up_policy = give_up::policy<typename P::give_up>;
template <class P> concept has_a_pacing_policy = pacing::policy<typename P::pacing>;
template <class P> concept has_an_acknowledgement_policy = acknowledgement::policy<typename P::acknowledgement>;
template <class P> concept has_a_reassembly_policy = reassembly::policy<typename P::reassembly>;
template <class P> concept has_a_coalescing_policy = coalescing::policy<typename P::coalescing>;
template <class P> concept has_a_send_buffer = buffer::octet_store<typename P::send_buffer>;
template <class P> concept has_a_receive_buffer = buffer::octet_store<typename P::receive_buffer>;
template <class P> concept has_a_clock = clock::policy<typename P::clock>;
template <class P> concept has_an_options_policy = options::policy<typename P::options>;
template <class P> concept has_a_network = network::policy<typename P::network>;
template <class P> concept has_a_checksum_policy = checksum::policy<typename P::checksum>;
template <class P> concept has_an_icmp_policy = icmp::policy<typename P::icmp>;
template <class P> concept has_an_ecn_policy = ecn::policy<typename P::ecn>;
template <class P> concept has_a_keep_alive_policy = keep_alive::policy<typename P::keep_alive>;
template <class P> concept has_an_initial_sequence_policy = initial_sequence::policy<typename P::initial_sequence>;
template <class P> concept has_blind_attack_checks = blind_attack_checks::policy<typename P::blind_attack_checks>;
template <class P> concept has_a_time_wait_policy = time_wait::policy<typename P::time_wait>;
template <class P> concept has_an_observer = observer::policy<typename P::observer>;
// What the engine cannot measure yet, no congestion policy can ask for.
template <class P> concept supplies_what_congestion_needs =
    (static_cast<unsigned>(P::congestion::needs) & ~static_cast<unsigned>(congestion::supplied)) == 0;

// Each by itself is complete, and together they could not work: said in sentences. True, or it does not compile.
template <class P>
consteval bool fit_together() {
    static_assert(P::burst >= 1, "a poll that takes no packet and sends none gets nowhere");
    static_assert(!buffer::refers_to_octets<typename P::receive_buffer>,
                  "a store by reference copies nothing, so that nothing that arrives could be kept in it: it is for sending");
    static_assert(!P::pacing::paces, "the engine has no departure times: it would not obey a policy that paces");
    // A timer reaches half the wrap of its ticks: two hours of idleness (RFC 9293, MUST-28), eight minutes of anything else.
    static_assert(P::clock::deadline_shift >= (P::keep_alive::probes ? 12 : 8), "the clock's ticks are too short for the longest timer");
    if constexpr (P::acknowledgement::delays)
        static_assert(P::acknowledgement::delay.nanoseconds + (std::int64_t{1} << P::clock::deadline_shift) <= from_ms(500).nanoseconds,
                      "RFC 9293, MUST-40: an ACK is delayed by less than 0.5 seconds, the tick of the clock included");
    return true;
}
template <class P> concept chooses_what_fits_together = fit_together<P>();

template <class P>
concept complete_policies =
    has_a_congestion_policy<P> && has_a_slow_start_policy<P> && has_a_recovery_policy<P> && has_a_recovery_window_policy<P> &&
    has_a_retransmit_timer_policy<P> && has_a_give_up_policy<P> && has_a_pacing_policy<P> && has_an_acknowledgement_policy<P> &&
    has_a_reassembly_policy<P> && has_a_coalescing_policy<P> && has_a_send_buffer<P> && has_a_receive_buffer<P> && has_a_clock<P> &&
    has_an_options_policy<P> && has_a_network<P> && has_a_checksum_policy<P> && has_an_icmp_policy<P> && has_an_ecn_policy<P> &&
    has_a_keep_alive_policy<P> && has_an_initial_sequence_policy<P> && has_blind_attack_checks<P> && has_a_time_wait_policy<P> &&
    has_an_observer<P> && supplies_what_congestion_needs<P> && chooses_what_fits_together<P>;

static_assert(complete_policies<default_policies>);

}  // namespace tenon
