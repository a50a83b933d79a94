// SPDX-License-Identifier: BSL-1.0
// The compositions that conversations are held with, each for both versions of IP, and once more with a state table that
// can be altered.
#include <tenon/endpoint.hpp>
#include <tenon/policy/acknowledgement/immediate.hpp>
#include <tenon/policy/blind_attack_checks/none.hpp>
#include <tenon/policy/coalescing/none.hpp>
#include <tenon/policy/congestion/fixed_window.hpp>
#include <tenon/policy/ecn/classic.hpp>
#include <tenon/policy/give_up/none.hpp>
#include <tenon/policy/network/ipv4.hpp>
#include <tenon/policy/network/ipv6.hpp>
#include <tenon/policy/reassembly/in_order_only.hpp>
#include <tenon/policy/time_wait/none.hpp>

#include "support/conversation_subject.hpp"

namespace talk {
namespace {

struct numbered {
    static tenon::initial_sequence::start initial(tenon::initial_sequence::facts const&) noexcept { return {{scripted_start::iss}, 0}; }
    [[maybe_unused]] friend constexpr bool operator==(numbered, numbered) noexcept = default;
};

struct altered_table {
    static tenon::transition next(tenon::state s, tenon::event e) noexcept { return altered_rows::table[tenon::test::dense_index(s, e)]; }
};

struct standard_policies : tenon::default_policies {
    using initial_sequence = numbered;
};
struct impatient_policies : standard_policies {
    using time_wait = tenon::time_wait::rfc9293<tenon::time_wait::parameters{.fin_wait_2 = tenon::from_s(60)}>;
    using give_up   = tenon::give_up::none;
};
struct roomy_policies : standard_policies {
    using send_buffer    = tenon::buffer::ring<(1u << 20)>;
    using receive_buffer = tenon::buffer::ring<(1u << 20)>;
};
struct small_policies : standard_policies {
    using receive_buffer = tenon::buffer::ring<4096>;
    using options        = tenon::options::minimal;
    using reassembly     = tenon::reassembly::in_order_only;
};
struct unchecked_policies : standard_policies {
    using blind_attack_checks = tenon::blind_attack_checks::none;
    using acknowledgement     = tenon::acknowledgement::immediate;
    using coalescing          = tenon::coalescing::none;
    using time_wait           = tenon::time_wait::none;
    using give_up             = tenon::give_up::none;
};
struct slow_policies : standard_policies {
    using congestion = tenon::congestion::new_reno<tenon::congestion::initial_window::rfc5681>;
};

struct marking_policies : standard_policies {
    using ecn = tenon::ecn::classic;
};

struct single_policies : marking_policies {
    using congestion = tenon::congestion::fixed_window<1>;
};

template <class P, class Network>
struct over : P {
    using network = Network;
};
template <class P>
struct alterable : P {
    using state_table = altered_table;
};

class script_transport {
public:
    static constexpr tenon::transport::capabilities most{.mtu = 65'535};

    explicit script_transport(wire_end& w) noexcept : wire_{&w} {}

    tenon::transport::capabilities limits() const noexcept { return {.mtu = wire_->mtu}; }
    tenon::octets_out reserve(tenon::bytes n) noexcept {
        frame_.assign(n, 0xa5);
        return std::as_writable_bytes(std::span{frame_});
    }
    tenon::transport::ticket commit(tenon::octets_out frame, std::span<tenon::octets_in const>, tenon::transport::departure const&) noexcept {
        // Resets that answer a stray segment are sent once and never again, so they are not refused.
        bool const ipv6 = frame_[0] >> 4 == 6;
        bool const reset = (frame_[(ipv6 ? 40u : 20u) + 13u] & rst_bit) != 0;
        if (wire_->broken || (wire_->refuse_every != 0 && !reset && ++wire_->calls % wire_->refuse_every == 0)) {
            wire_->refused = true;
            return 0;
        }
        frame_.resize(frame.size());
        wire_->out.push_back(frame_);
        return ++tickets_ == 0 ? ++tickets_ : tickets_;
    }
    void cancel(tenon::octets_out) noexcept {}
    tenon::transport::ticket flush() noexcept { return tickets_; }
    std::span<tenon::transport::arrival> arrivals(std::span<tenon::transport::arrival> burst) noexcept {
        std::size_t const n = std::min(burst.size(), wire_->in.size());
        taken_.assign(wire_->in.begin(), wire_->in.begin() + static_cast<std::ptrdiff_t>(n));
        wire_->in.erase(wire_->in.begin(), wire_->in.begin() + static_cast<std::ptrdiff_t>(n));
        for (std::size_t i = 0; i < n; ++i) burst[i] = {.octets = std::as_bytes(std::span{taken_[i]})};
        return burst.first(n);
    }
    void give_back(tenon::transport::arrival const&) noexcept {}

private:
    wire_end* wire_;
    octets frame_{};
    std::vector<octets> taken_{};
    tenon::transport::ticket tickets_{};
};

template <class P>
class held final : public subject {
    using endpoint_type = tenon::endpoint<P, script_transport>;
    using network = typename P::network;
    using socket = typename endpoint_type::address;

    static typename network::address address(bool v6, bool ours) noexcept {
        auto const last = static_cast<std::uint8_t>(ours ? 1 : 2);
        [[maybe_unused]] auto const four = tenon::ipv4(192, 0, 2, last);
        [[maybe_unused]] auto const six  = tenon::ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, last);
        if constexpr (!network::v6) return four;
        else return v6 ? six : tenon::to_mapped(four);
    }

public:
    tenon::error listen(bool v6) override { return endpoint_.listen({address(v6, true), our_port}); }
    tenon::error connect(tenon::instant now, bool v6) override {
        return endpoint_.connect(transport_, now, {address(v6, true), our_port}, {address(v6, false), peer_port});
    }
    tenon::transfer send(std::span<std::byte const> o) override { return endpoint_.send(o); }
    tenon::transfer receive(std::span<std::byte> o) override { return endpoint_.receive(o); }
    tenon::error shutdown() override { return endpoint_.shutdown(); }
    tenon::error close() override { return endpoint_.close(); }
    tenon::error abort() override { return endpoint_.abort(); }
    void keep_alive(bool on) override { endpoint_.keep_alive(on); }
    void user_timeout([[maybe_unused]] tenon::duration d) override {
        if constexpr (P::give_up::gives_up) endpoint_.user_timeout(d);
    }
    void no_delay([[maybe_unused]] bool on) override {
        if constexpr (P::coalescing::coalesces) endpoint_.no_delay(on);
    }
    tenon::ready poll(tenon::instant now) override { return endpoint_.poll(transport_, now); }
    std::optional<tenon::instant> next_deadline(tenon::instant now) override { return endpoint_.next_deadline(now); }

    tenon::state state() const override { return endpoint_.state(); }
    tenon::error failure() const override { return endpoint_.failure(); }
    tenon::bytes readable() const override { return endpoint_.readable(); }
    tenon::bytes writable() const override { return endpoint_.writable(); }
    tenon::bytes congestion_window() const override { return endpoint_.connection().sending().window(); }
    tenon::bytes threshold() const override { return endpoint_.connection().sending().congestion().slow_start_threshold(); }

private:
    endpoint_type endpoint_{};
    script_transport transport_{wire()};
};

template <class P>
std::unique_ptr<subject> make(versions v, bool altered) {
    if (altered) return std::make_unique<held<alterable<P>>>();
    if constexpr (std::is_same_v<P, standard_policies>) {
        if (v == versions::v4) return std::make_unique<held<over<P, tenon::network::ipv4>>>();
        if (v == versions::v6) return std::make_unique<held<over<P, tenon::network::ipv6>>>();
    }
    return std::make_unique<held<P>>();
}

}  // namespace

std::unique_ptr<subject> make_subject(composition c, versions v, bool altered) {
    switch (c) {
        case composition::standard: return make<standard_policies>(v, altered);
        case composition::impatient: return make<impatient_policies>(v, altered);
        case composition::roomy: return make<roomy_policies>(v, altered);
        case composition::small: return make<small_policies>(v, altered);
        case composition::unchecked: return make<unchecked_policies>(v, altered);
        case composition::marking: return make<marking_policies>(v, altered);
        case composition::single: return make<single_policies>(v, altered);
        case composition::slow: return make<slow_policies>(v, altered);
    }
    return nullptr;
}

}  // namespace talk
