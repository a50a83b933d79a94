// SPDX-License-Identifier: BSL-1.0
// Port: one end of a pair of links, as the transport of an endpoint. Honours `departure::leave`. It never refuses: what
// does not fit is the queue's to drop. Checksums are the stack's, so that a flipped bit is found where it is on a real path.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include <tenon/core/units.hpp>
#include <tenon/simulation/link.hpp>
#include <tenon/simulation/scheduler.hpp>
#include <tenon/transport/concept.hpp>

namespace tenon::simulation {

template <class Link = link, bytes Mtu = 1500>
class port {
public:
    static constexpr transport::capabilities most{.mtu = Mtu};

    port(Link& out, Link& in, clock const& time, bytes mtu = Mtu) noexcept : out_{out}, in_{in}, clock_{time}, mtu_{mtu} {}

    transport::capabilities limits() const noexcept { return {.mtu = mtu_}; }

    // A reservation lasts until it is committed or cancelled, or until the next one.
    octets_out reserve(bytes n) noexcept {
        if (n > mtu_ || n > out_.pool().slot_octets()) return {};
        return {out_[frame()].data, n};
    }
    void cancel(octets_out) noexcept {}

    transport::ticket commit(octets_out made, std::span<octets_in const> body, transport::departure const& how) noexcept {
        if (!reserved_ || made.data() != out_[frame_].data || !body.empty() || made.size() > mtu_ || how.cut != 0) return 0;
        auto& p    = out_[frame_];
        p.octets   = static_cast<bytes>(made.size());
        p.cut      = 0;
        p.verified = false;
        out_.send(frame_, clock_.now(), how.leave);
        reserved_ = false;
        if (++last_ == 0) last_ = 1;
        return last_;
    }
    transport::ticket flush() noexcept { return last_; }

    std::span<transport::arrival> arrivals(std::span<transport::arrival> burst) noexcept {
        std::size_t n = 0;
        for (; n < burst.size(); ++n) {
            auto const got = in_.deliver(clock_.now());
            if (!got) break;
            auto const& p = in_[got->first];
            burst[n] = {.octets = p.read(), .at = got->second, .cut = p.cut, .verified = p.verified, .cookie = got->first};
        }
        return burst.first(n);
    }
    void give_back(transport::arrival const& one) noexcept { in_.release(static_cast<typename Link::index>(one.cookie)); }

    // The path's MTU, from now on.
    void mtu(bytes n) noexcept { mtu_ = n < Mtu ? n : Mtu; }

private:
    typename Link::index frame() noexcept {
        if (!reserved_) {
            frame_    = out_.take();
            reserved_ = true;
        }
        return frame_;
    }

    Link&                out_;
    Link&                in_;
    clock const&         clock_;
    bytes                mtu_;
    typename Link::index frame_{};
    bool                 reserved_{};
    transport::ticket    last_{};
};

static_assert(transport::packet_io<port<>>);

}  // namespace tenon::simulation
