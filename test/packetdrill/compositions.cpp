// SPDX-License-Identifier: BSL-1.0
// The compositions that a script can be run with. All take the same buffers: 8 MB and a little more, which makes a SYN offer a window
// scale of 8 as Linux's default does.
#include <tenon/policy/acknowledgement/immediate.hpp>
#include <tenon/policy/congestion/fixed_window.hpp>
#include <tenon/policy/network/ipv6.hpp>

#include "stack_of.hpp"
#if __has_include(<tenon/policy/congestion/cubic.hpp>)
#include <tenon/policy/congestion/cubic.hpp>
#define TENON_PACKETDRILL_CUBIC 1
#endif
#include <tenon/policy/ecn/classic.hpp>

namespace tenon::packetdrill {
namespace {

struct base : default_policies {
    using send_buffer    = buffer::ring<1 << 22>;
    using receive_buffer = buffer::ring<(65'536 << 7) + 1>;
    using observer       = tenon::observer::counters;
};

// As the RFCs say: RTO from 1 s (RFC 6298), delayed ACKs (RFC 9293, 3.8.6.3).
struct rfc : base {};
// As Linux chooses where the RFCs leave room: RTO from 200 ms (RFC 6298, 2.4 says SHOULD be 1 s), ACKs at once as in its first segments,
// slow start by all that an ACK acknowledges (RFC 3465, 2.2, without its limit).
struct linux_timers : base {
    using slow_start       = tenon::slow_start::standard<1000>;
    using retransmit_timer = tenon::retransmit_timer::rfc6298<tenon::retransmit_timer::rto_limits{.minimum = from_ms(200)}>;
    using acknowledgement  = tenon::acknowledgement::immediate;
};
struct delayed : linux_timers {
    using acknowledgement = tenon::acknowledgement::delayed<tenon::acknowledgement::delayed_parameters{.delay = from_ms(40)}>;
};

constexpr tenon::options::offer standard = tenon::options::standard::offered;
// Templates, so that an offer without the member is taken as it is.
template <class Offer>
constexpr Offer without_timestamps(Offer o) {
    if constexpr (requires { o.timestamps; }) o.timestamps = false;
    return o;
}
template <class Offer>
constexpr Offer without_sack(Offer o) {
    if constexpr (requires { o.sack; }) o.sack = false;
    return o;
}

template <class Base, class Options>
struct with_options : Base { using options = Options; };
template <class Base>
struct sixth : Base { using network = tenon::network::ipv6; };
template <class Base>
struct marking : Base { using ecn = tenon::ecn::classic; };
#ifdef TENON_PACKETDRILL_CUBIC
template <class Base>
struct cubic : Base { using congestion = tenon::congestion::cubic<>; };
#endif

template <class P>
std::unique_ptr<stack> make() { return std::make_unique<stack_of<P>>(); }

template <class Base>
std::unique_ptr<stack> choose_options(wanted const& w) {
    if (w.ecn) return make<marking<Base>>();
    if (!w.scales) return make<with_options<Base, tenon::options::minimal>>();
    if (!w.sack) return make<with_options<Base, tenon::options::offers<without_sack(standard)>>>();
    if (!w.timestamps) return make<with_options<Base, tenon::options::offers<without_timestamps(standard)>>>();
    return make<Base>();
}

template <class Base>
std::unique_ptr<stack> choose_congestion(wanted const& w) {
#ifdef TENON_PACKETDRILL_CUBIC
    if (w.congestion == "cubic") return choose_options<cubic<Base>>(w);
#endif
    return choose_options<Base>(w);
}

}  // namespace

std::unique_ptr<stack> make_stack(wanted const& w) {
    if (w.only_v6) return make<sixth<linux_timers>>();
    if (w.timers == "rfc") return choose_congestion<rfc>(w);
    if (w.timers == "delayed") return choose_congestion<delayed>(w);
    return choose_congestion<linux_timers>(w);
}

}  // namespace tenon::packetdrill
