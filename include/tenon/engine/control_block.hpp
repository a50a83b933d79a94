// SPDX-License-Identifier: BSL-1.0
// Control block: what there is of one connection (RFC 9293, 3.3.1: the TCB), how it begins and all the ways it ends.
// All-zero is a closed connection. O(1).
#pragma once
#include <tenon/core/contract.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/only_if.hpp>
#include <tenon/engine/congestion_marks.hpp>
#include <tenon/engine/handshake.hpp>
#include <tenon/engine/homes.hpp>
#include <tenon/engine/plan.hpp>
#include <tenon/engine/ready.hpp>
#include <tenon/engine/receiver.hpp>
#include <tenon/engine/sender.hpp>
#include <tenon/engine/timestamps.hpp>
#include <tenon/policy/blind_attack_checks/concept.hpp>
#include <tenon/policy/keep_alive/concept.hpp>
#include <tenon/policy/time_wait/concept.hpp>
#include <tenon/state/machine.hpp>
#include <tenon/wire/icmp.hpp>

namespace tenon::engine {

// What a call into a connection brings along; one reference instead of four registers.
template <class P>
struct call {
    moment<typename P::clock> now;
    tenon::homes<P> homes;
    [[no_unique_address]] only_if<P::options::offered.timestamps, wire::timestamp_pair, struct arrived_stamps_field> stamps{};  // zero: none

    constexpr call(tenon::homes<P> const& h, instant t) noexcept : now{t}, homes{h} {}
};

template <class P>
class control_block {
    friend class canonical_access;
protected:
    using checks = typename P::blind_attack_checks;
    using homes  = tenon::homes<P>;
    using moment = engine::moment<typename P::clock>;
    static constexpr auto offered = P::options::offered;

public:
    // ---- what anybody may read

    constexpr tenon::state state() const noexcept { return machine_.now(); }
    constexpr error failure() const noexcept { return failure_; }
    constexpr bool passive() const noexcept { return passive_; }
    constexpr bool detached() const noexcept { return detached_; }
    // What ICMP last reported since the peer acknowledged anything new (RFC 9293, 3.9.2.2, SHLD-25).
    constexpr wire::icmp_kind trouble() const noexcept requires (P::icmp::hears) { return trouble_; }
    constexpr sender<P> const& sending() const noexcept { return send_; }
    constexpr receiver<P> const& receiving() const noexcept { return receive_; }
    constexpr auto const& send_store() const noexcept { return send_store_; }
    constexpr bytes mss() const noexcept { return send_.path.mss(); }
    constexpr auto const& stamps() const noexcept { return stamps_; }
    constexpr auto const& marks() const noexcept { return marks_; }
    // What the IP header of a plan says of ECN: new data alone can be marked (RFC 3168, 6.1.4 to 6.1.6).
    constexpr std::uint8_t ecn_of([[maybe_unused]] plan const& p) const noexcept {
        if constexpr (P::ecn::marks)
            if (marks_.sends() && p.kind == sending::fresh && p.length != 0) return static_cast<std::uint8_t>(codepoint::ect_0);
        return 0;
    }

    // ---- options

    constexpr std::uint8_t offered_shift(homes const& h) const noexcept { return receiver<P>::shift_for(most_promised(h)); }
    // What a SYN of ours says. A SYN-ACK offers only what the SYN did (RFC 7323, 2.2 and 3.2).
    constexpr syn_options<offered> offers([[maybe_unused]] homes const& h, [[maybe_unused]] stamp_time<offered.timestamps> now, std::uint16_t mss) const noexcept {
        syn_options<offered> o{.mss = mss};
        [[maybe_unused]] bool const first = state() == tenon::state::syn_sent;
        if constexpr (offered.window_scale) {
            o.shift  = offered_shift(h);
            o.scales = first || scale_.agreed;
        }
        if constexpr (offered.timestamps) {
            o.stamps     = first || stamps_.agreed();
            o.timestamps = stamps_.stamp(now.tick);
        }
        if constexpr (offered.sack) o.permits_sack = first || receive_.may_sack();
        return o;
    }
    // Those of any other segment, as many as its plan has room for.
    TENON_PER_SEGMENT constexpr void write_options([[maybe_unused]] std::byte* out, [[maybe_unused]] stamp_time<offered.timestamps> now,
                                 [[maybe_unused]] plan const& p) const noexcept {
        [[maybe_unused]] bytes left = p.header.options;
        if constexpr (offered.timestamps)
            if (stamps_.agreed()) {
                auto t = stamps_.stamp(now.tick);
                if (!p.has(wire::flag::ack)) t.echo = 0;  // 3.2
                out = write_timestamps(out, t);
                left -= timestamps_octets;
            }
        if constexpr (offered.sack)
            if (left != 0) receive_.write_sack(out, left);
    }

    // ---- ends

    // RFC 9293, 3.10.5.
    constexpr error abort(homes const& h) noexcept {
        auto const t = machine_.apply(event::abort);
        if (!t.taken()) return error::not_open;
        reset_owed_ = t.send() == reply::rst;
        release(h, error::aborted);
        return error::none;
    }

    // TIME-WAIT goes on elsewhere, as a record of the driver's: here it is over.
    constexpr ready leave_time_wait(homes const& h) noexcept {
        return end(h, event::time_wait_over, error::none);
    }

    friend constexpr bool operator==(control_block const&, control_block const&) noexcept = default;

protected:
    // Between SYN and SYN-ACK a pool's promise changes; its capacity does not.
    constexpr bytes most_promised(homes const& h) const noexcept {
        if constexpr (requires { P::receive_buffer::capacity; }) return P::receive_buffer::capacity;
        else return receive_.promise(h.receive);
    }

    TENON_ONE_COPY constexpr void begin(homes const& h, sequence iss, link_facts link) noexcept {
        send_.start(iss, link);
        send_store_.release(h.send);
        receive_.reset(h.receive);
        if constexpr (P::keep_alive::probes) keep_alive_.enable(keep_alive_.enabled());  // the setting stays, the count does not
        stamps_.start(0);
        if constexpr (offered.window_scale) scale_ = {};
        marks_.start();
        failure_    = error::none;
        if constexpr (P::icmp::hears) trouble_ = {};
        detached_ = reset_owed_ = probe_due_ = false;
    }
    // What came of a SYN to LISTEN is over before it was the application's.
    constexpr ready begin_again(homes const& h) noexcept {
        begin(h, {}, {});
        return ready::none;
    }

    constexpr void agree_on_marks(bool both) noexcept requires (P::ecn::marks) {
        marks_.agree(both);
        send_.use_marks(marks_.sends());
    }
    // The peer's SYN came again without the flags: it has withdrawn (RFC 3168, 6.1.1, 6.1.1.1).
    constexpr void note_syn(wire::segment const& s) noexcept requires (P::ecn::marks) {
        if (state() != tenon::state::syn_received || !s.has(wire::flag::syn) || s.seq + 1 != receive_.space.nxt || is_setup(s)) return;
        marks_.withdraw();
        send_.use_marks(false);
    }
    // What the output is to say of marks.
    constexpr bool tells_marks() const noexcept {
        if constexpr (!P::ecn::marks) return false;
        else if (state() == tenon::state::syn_sent) return marks_.offers();
        else return send_.syn_pending() && send_.syn_due() ? marks_.agreed() : marks_.echoes();
    }
    // What the two SYNs agree on. MSS: RFC 9293, MUST-15; window scale: RFC 7323, 2.2.
    constexpr void agree(homes const& h, [[maybe_unused]] moment const& now, handshake_options<offered> const& peer) noexcept {
        bytes each = 0;  // octets of options in every segment
        if constexpr (offered.timestamps) {
            stamps_.agree(peer.stamps, peer.timestamp, now.coarse());
            if (peer.stamps) each = timestamps_octets;
        }
        send_.path.agree(peer.mss, each);
        if constexpr (offered.sack) receive_.permit_sack(peer.permits_sack);
        if constexpr (offered.window_scale) {
            scale_.agreed = peer.scales;
            scale_.shift  = peer.scales ? peer.window_scale : std::uint8_t{0};
            receive_.set_shift(peer.scales ? offered_shift(h) : std::uint8_t{0}, h.receive);
        }
    }
    // The peer's SYN is known; our own has the number una.
    constexpr void synchronize(homes const& h, moment const& now, sequence irs, handshake_options<offered> const& peer, sequence ack, bytes window) noexcept {
        receive_.start(irs, h.receive);
        agree(h, now, peer);
        stamps_.on_ack_sent(irs + 1);
        send_.space.set_window(irs, ack, window);
    }
    constexpr bytes scaled(std::uint16_t window) const noexcept {
        if constexpr (offered.window_scale) return bytes{window} << scale_.shift;
        else return window;
    }

    // RFC 9293, 3.10.4. In SYN-SENT it waits for the handshake.
    constexpr void finish() noexcept {
        send_.finish();
        if (state() != tenon::state::syn_sent) machine_.apply(event::close);
    }

    constexpr ready end(homes const& h, event e, error why) noexcept {
        machine_.apply(e);
        return release(h, why);
    }
    constexpr ready release(homes const& h, error why) noexcept {
        failure_ = why;
        send_store_.release(h.send);
        send_.timer.disarm();
        // After a regular end, what the application has not read remains readable.
        if (why != error::none || detached_) receive_.reset(h.receive);
        return ready::closed;
    }

    constexpr ready give_in(homes const& h) noexcept {
        if (passive_ && state() == tenon::state::syn_received) {  // it was not the application's yet: listen on
            machine_.apply(event::give_up);
            machine_.apply(event::open_passive);
            return begin_again(h);
        }
        if constexpr (P::icmp::hears)
            if (trouble_ != wire::icmp_kind::none) return end(h, event::give_up, error::unreachable);
        return end(h, event::give_up, error::timed_out);
    }

    struct scale {
        std::uint8_t shift{};
        bool agreed{};
        friend constexpr bool operator==(scale, scale) noexcept = default;
    };

    [[no_unique_address]] timestamps<offered.timestamps> stamps_{};  // where there are any, small fields lie in its last word
    // Small fields first: on small processors they are reached with shorter instructions.
    basic_machine<typename P::state_table> machine_{};
    error failure_{};
    bool passive_{};
    bool detached_{};    // the application is done with both directions
    bool reset_owed_{};
    bool probe_due_{};
    [[no_unique_address]] only_if<P::icmp::hears, wire::icmp_kind, struct trouble_field> trouble_{};
    [[no_unique_address]] only_if<offered.window_scale, scale, struct send_scale_field> scale_{};
    [[no_unique_address]] typename P::keep_alive keep_alive_{};
    [[no_unique_address]] congestion_marks<P::ecn::marks> marks_{};
    sender<P> send_{};
    [[no_unique_address]] checks checks_{};
    receiver<P> receive_{};
    [[no_unique_address]] typename P::send_buffer send_store_{};
};

}  // namespace tenon::engine
