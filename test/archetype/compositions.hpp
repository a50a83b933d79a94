// SPDX-License-Identifier: BSL-1.0
// For each axis the default composition with its archetype instead; and one of archetypes alone.
#pragma once
#include <tuple>

#include <archetype/acknowledgement.hpp>
#include <archetype/blind_attack_checks.hpp>
#include <archetype/buffer.hpp>
#include <archetype/checksum.hpp>
#include <archetype/clock.hpp>
#include <archetype/coalescing.hpp>
#include <archetype/congestion.hpp>
#include <archetype/demux.hpp>
#include <archetype/give_up.hpp>
#include <archetype/ecn.hpp>
#include <archetype/icmp.hpp>
#include <archetype/initial_sequence.hpp>
#include <archetype/keep_alive.hpp>
#include <archetype/network.hpp>
#include <archetype/observer.hpp>
#include <archetype/options.hpp>
#include <archetype/pacing.hpp>
#include <archetype/random.hpp>
#include <archetype/reassembly.hpp>
#include <archetype/recovery.hpp>
#include <archetype/recovery_window.hpp>
#include <archetype/retransmit_timer.hpp>
#include <archetype/slow_start.hpp>
#include <archetype/time_wait.hpp>
#include <tenon/policies.hpp>

namespace tenon::archetype {

struct with_congestion : default_policies { using congestion = archetype::congestion; };
struct with_slow_start : default_policies { using slow_start = archetype::slow_start; };
struct with_recovery : default_policies { using recovery = archetype::recovery; };
struct with_recovery_window : default_policies { using recovery_window = archetype::recovery_window; };
struct with_retransmit_timer : default_policies { using retransmit_timer = archetype::retransmit_timer; };
struct with_give_up : default_policies { using give_up = archetype::give_up; };
struct with_pacing : default_policies { using pacing = archetype::pacing; };
struct with_acknowledgement : default_policies { using acknowledgement = archetype::acknowledgement; };
struct with_reassembly : default_policies { using reassembly = archetype::reassembly; };
struct with_coalescing : default_policies { using coalescing = archetype::coalescing; };
struct with_send_buffer : default_policies { using send_buffer = archetype::buffer; };
struct with_receive_buffer : default_policies { using receive_buffer = archetype::buffer; };
struct with_clock : default_policies { using clock = archetype::clock; };
struct with_options : default_policies { using options = archetype::options; };
struct with_network : default_policies { using network = archetype::network; };
struct with_checksum : default_policies { using checksum = archetype::checksum; };
struct with_icmp : default_policies { using icmp = archetype::icmp; };
struct with_ecn : default_policies { using ecn = archetype::ecn; };
struct with_keep_alive : default_policies { using keep_alive = archetype::keep_alive; };
struct with_initial_sequence : default_policies { using initial_sequence = archetype::initial_sequence; };
struct with_blind_attack_checks : default_policies { using blind_attack_checks = archetype::blind_attack_checks; };
struct with_time_wait : default_policies { using time_wait = archetype::time_wait; };
struct with_demux : default_policies { using demux = archetype::demux; };
struct with_observer : default_policies { using observer = archetype::observer; };

struct of_archetypes {
    using congestion          = archetype::congestion;
    using slow_start          = archetype::slow_start;
    using recovery            = archetype::recovery;
    using recovery_window     = archetype::recovery_window;
    using retransmit_timer    = archetype::retransmit_timer;
    using give_up             = archetype::give_up;
    using pacing              = archetype::pacing;
    using acknowledgement     = archetype::acknowledgement;
    using reassembly          = archetype::reassembly;
    using coalescing          = archetype::coalescing;
    using send_buffer         = archetype::buffer;
    using receive_buffer      = archetype::buffer;
    using clock               = archetype::clock;
    using options             = archetype::options;
    using network             = archetype::network;
    using checksum            = archetype::checksum;
    using icmp                = archetype::icmp;
    using ecn                 = archetype::ecn;
    using keep_alive          = archetype::keep_alive;
    using initial_sequence    = archetype::initial_sequence;
    using blind_attack_checks = archetype::blind_attack_checks;
    using time_wait           = archetype::time_wait;
    using demux               = archetype::demux;
    using observer            = archetype::observer;
    using state_table         = rfc9293_table;

    static constexpr unsigned burst = 1;
};

// In two halves, for two files that compile beside each other. An endpoint has no demux: test/policy/demux/archetype.cpp.
using sending_axes = std::tuple<with_congestion, with_slow_start, with_recovery, with_recovery_window, with_retransmit_timer, with_give_up,
                                with_pacing, with_coalescing, with_send_buffer, with_observer, with_time_wait>;
using other_axes   = std::tuple<with_acknowledgement, with_reassembly, with_receive_buffer, with_clock, with_options, with_network,
                                with_checksum, with_icmp, with_ecn, with_keep_alive, with_initial_sequence, with_blind_attack_checks>;

}  // namespace tenon::archetype
