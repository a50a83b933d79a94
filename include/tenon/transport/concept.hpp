// SPDX-License-Identifier: BSL-1.0
// Transport: the packet I/O that a user brings. It moves IP packets (IPv4 or IPv6 header first, no link header).
//
//   called when                          with                      must
//   before each packet                   reserve(n)                lend n writable octets, behind the driver's own headroom;
//                                                                  empty = no room now, a normal answer
//   the packet is complete               commit(frame, body, how)  take frame (shortened to what was written) followed by the
//                                                                  body's pieces; 0 = refused, try later (nothing was taken)
//   the packet is not wanted after all   cancel(frame)             forget the reservation
//   a round of commits is over           flush()                   ring the doorbell; returns the ticket up to which body
//                                                                  octets are free again (only if `keeps`)
//   input is wanted                      arrivals(burst)           fill a prefix of burst with what has arrived, never wait
//   an arrival has been read             give_back(arrival)        take its memory back
//   any time                             limits()                  say what holds now, never more than `most`
//
// `most` is a compile-time constant: what a transport can never do leaves no code in the endpoint.
// Nothing blocks, nothing throws, nothing is called back. Complexity is the driver's.
#pragma once
#include <concepts>
#include <cstdint>
#include <span>

#include <tenon/core/time.hpp>
#include <tenon/core/units.hpp>

namespace tenon::transport {

// Who computes a TCP checksum.
enum class checksums : std::uint8_t {
    stack,      // the library
    partial,    // the library writes the folded pseudo-header sum, the transport adds the rest (virtio, most NICs); sending only
    transport,  // the transport, wholly
};

struct capabilities {
    bytes         mtu{1500};    // the largest packet taken, IP header included
    std::uint8_t  pieces{};     // body pieces taken beside the frame; 0: the whole packet lies in the frame
    std::uint16_t segments{1};  // segments a packet may hold for the transport to cut (super-segments); 1: none
    bool          keeps{};      // body octets are read after commit returns, until flush() passes their ticket
    checksums     send{};
    checksums     check{};
};

struct departure {
    instant       leave{};       // not before this instant; the epoch: at once
    std::uint16_t cut{};         // payload octets per segment where segments > 1 and the packet is to be cut; 0: one segment
    std::uint16_t tcp_offset{};  // where the TCP header begins in the frame
    std::uint16_t header{};      // octets of IP and TCP header together, all within the frame
};

struct arrival {
    octets_in     octets{};      // one IP packet; may be longer than an MTU if `cut` says so
    instant       at{};          // when it arrived, if the driver knows; the epoch: now
    std::uint16_t cut{};         // payload octets per original segment of a merged packet; 0: one segment
    bool          verified{};    // the TCP checksum has been found right
    std::uintptr_t cookie{};     // the transport's own
};

using ticket = std::uint32_t;    // counts commits; 0 = refused

template <class T> concept states_its_capabilities = requires (T const k) {
    { T::most } -> std::convertible_to<capabilities>;
    { k.limits() } noexcept -> std::same_as<capabilities>;
};
template <class T> concept lends_room = requires (T t, bytes n, octets_out frame) {
    { t.reserve(n) } noexcept -> std::same_as<octets_out>;
    { t.cancel(frame) } noexcept;
};
template <class T> concept takes_packets = requires (T t, octets_out frame, std::span<octets_in const> body, departure const& how) {
    { t.commit(frame, body, how) } noexcept -> std::same_as<ticket>;
    { t.flush() } noexcept -> std::same_as<ticket>;
};
template <class T> concept hands_over_arrivals = requires (T t, std::span<arrival> burst, arrival const& one) {
    { t.arrivals(burst) } noexcept -> std::same_as<std::span<arrival>>;
    { t.give_back(one) } noexcept;
};

template <class T>
concept packet_io = states_its_capabilities<T> && lends_room<T> && takes_packets<T> && hands_over_arrivals<T>;

}  // namespace tenon::transport
