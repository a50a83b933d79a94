// SPDX-License-Identifier: BSL-1.0
// Observer: what is counted. Derived values (cwnd, ssthresh, srtt, rto, pipe, windows) are always readable from the
// connection; an observer keeps what would otherwise be forgotten.
//
//   called when                     with            must
//   something countable happened    on(what, n)     count it; n is octets or 1
//
// `observes` false leaves no call and no field.
#pragma once
#include <concepts>
#include <cstdint>
#include <type_traits>

namespace tenon::observer {

enum class what : std::uint8_t {
    segments_in, segments_out, data_segments_in, data_segments_out, data_octets_in, data_octets_out,
    segments_retransmitted, octets_retransmitted, duplicate_acks_in, duplicate_acks_out, timeouts, subsequent_timeouts,
    fast_retransmits, congestion_signals, spurious, zero_window_received, zero_window_sent, window_probes,
    keep_alive_probes, challenge_acks, resets_in, resets_out, unacceptable_segments, out_of_order_segments,
    refused_octets, acks_out, urgent_in, icmp_errors,
    dropped_ip_header, dropped_checksum, dropped_tcp_header, dropped_other, dropped_address, dropped_no_connection,
    dropped_without_timestamp, dropped_old_timestamp, count_
};

template <class O> concept says_whether_it_observes = requires { { O::observes } -> std::convertible_to<bool>; };
template <class O> concept counts = !O::observes || requires (O o, what w, std::uint32_t n) { { o.on(w, n) } noexcept; };

template <class O> concept policy = std::is_trivially_copyable_v<O> && std::equality_comparable<O> && says_whether_it_observes<O> && counts<O>;

}  // namespace tenon::observer
