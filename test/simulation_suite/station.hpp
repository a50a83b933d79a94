// SPDX-License-Identifier: BSL-1.0
// Station: an endpoint of any composition behind one face, on a card at the end of two links. Everything it sends is read by
// hand; after every call the invariants are asked. The first complaint is kept.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tenon/policy/buffer/by_reference.hpp>
#include <tenon/policy/buffer/pool.hpp>
#include <tenon/policy/buffer/region.hpp>
#include <tenon/simulation/link.hpp>
#include <tenon/simulation/port.hpp>

#include "support/invariants.hpp"

namespace tenon::test {

using simulation::ratio;
using random_numbers = simulation::random;

// A card that refuses by chance and reads all that passes.
class card {
public:
    static constexpr transport::capabilities most = simulation::port<>::most;

    card(simulation::link& out, simulation::link& in, simulation::clock const& time, bytes mtu, random_numbers r)
        : port_{out, in, time, mtu}, time_{time}, random_{r} {}

    emissions     sent{};
    ratio         refuse{};
    bool          refused{};   // since it was last cleared
    unsigned      arrived{};   // since it was last cleared
    bool          only_resets{true};
    complaint     wrong{};
    std::uint64_t hash{0xcbf29ce484222325};

    transport::capabilities limits() const noexcept { return port_.limits(); }
    octets_out reserve(bytes n) noexcept {
        if (refuses()) return {};
        return port_.reserve(n);
    }
    void cancel(octets_out frame) noexcept { port_.cancel(frame); }
    transport::ticket commit(octets_out frame, std::span<octets_in const> body, transport::departure const& how) noexcept {
        if (refuses()) return 0;
        if (auto const bad = sent.on_packet(frame, limits().mtu, true, how.cut); bad != nullptr && wrong == nullptr) wrong = bad;
        add(static_cast<std::uint64_t>(time_.now().nanoseconds));
        for (auto octet : frame) add(std::to_integer<std::uint64_t>(octet));
        return port_.commit(frame, body, how);
    }
    transport::ticket flush() noexcept { return port_.flush(); }
    std::span<transport::arrival> arrivals(std::span<transport::arrival> burst) noexcept {
        auto const got = port_.arrivals(burst);
        arrived += static_cast<unsigned>(got.size());
        emitted e;
        for (auto const& a : got) {
            // Nothing guards IPv6's hop limit: a flipped bit makes it zero, and the segment counts all the same.
            std::vector<std::byte> copy(a.octets.begin(), a.octets.end());
            if (copy.size() > 8 && (copy[0] & std::byte{0xf0}) == std::byte{0x60}) copy[7] = std::byte{64};
            bool const whole = strict_parse(copy, most.mtu, true, false, e) == nullptr;
            if (whole && e.syn()) sent.on_peer_syn(e);
            if (!whole || !e.rst()) only_resets = false;
        }
        return got;
    }
    void give_back(transport::arrival const& one) noexcept { port_.give_back(one); }

private:
    bool refuses() noexcept {
        bool const no = random_.chance(refuse);
        refused |= no;
        return no;
    }
    void add(std::uint64_t x) noexcept { hash = (hash ^ x) * 0x100000001b3; }

    simulation::port<>       port_;
    simulation::clock const& time_;
    random_numbers           random_;
};

struct facts_of_station {
    tenon::state state{};
    error        failure{};
    sequence     una{}, nxt{}, rcv_nxt{};
    bytes        mss{}, cwnd{}, outstanding{}, window{}, rcv_window{};
    bool         established{};  // its numbers mean something to the peer
};

class station {
public:
    virtual ~station() = default;
    virtual bool speaks(bool v6) const = 0;
    virtual bytes room() const = 0;  // octets of the smaller of its stores, about
    virtual error open(instant now, bool v6, bool active) = 0;
    virtual bytes write(octets_in octets) = 0;  // the memory stays as it is until the station is gone
    virtual transfer read(octets_out room) = 0;
    virtual error shutdown() = 0;
    virtual error close() = 0;
    virtual error abort() = 0;
    virtual void no_delay(bool on) = 0;
    virtual void poll(instant now) = 0;
    virtual std::optional<instant> deadline(instant now) = 0;
    virtual facts_of_station facts() const = 0;
    // refused: the transport has refused something in the last poll.
    virtual complaint check(instant now, bool refused) = 0;
};

// Homes that lie outside. Pools are shared by all stations of one run that use them.
template <class Home> struct outside { Home home{}; };
template <> struct outside<buffer::region_memory> {
    std::vector<std::byte> octets{std::vector<std::byte>(3000)};
    buffer::region_memory home{octets.data(), 3000};
};

template <class P>
class station_of final : public station {
    using end_type = endpoint<P, card>;
    using network  = typename P::network;
    static constexpr bool refers = buffer::refers_to_octets<typename P::send_buffer>;
    static constexpr bool counts_ms = !std::is_same_v<typename end_type::reading, instant>;

public:
    station_of(card& c, std::uint32_t number) : card_{c}, number_{number} {
        end_->keep_secret({std::uint64_t{0x0123456789abcdef} + number, 0xfedcba9876543210});
        if constexpr (requires { send_home_.home.spare(); }) end_->use(send_home_.home, send_home_.home);  // one slab for both
        else end_->use(send_home_.home, receive_home_.home);
    }

    bool speaks(bool v6) const override { return v6 ? network::v6 : network::v4; }
    bytes room() const override {
        return std::min({buffer::capacity_of<typename P::send_buffer>, buffer::capacity_of<typename P::receive_buffer>, bytes{65'536}});
    }
    error open(instant now, bool v6, bool active) override {
        v6_ = v6;
        if (active) return end_->connect(card_, reading(now), end(number_), end(3 - number_));
        return end_->listen(end(number_));
    }
    bytes write(octets_in octets) override {
        if constexpr (refers) {
            for (auto c = end_->released(); c; c = end_->released())
                if (*c != ++returned_) lost_cookie_ = true;
            auto const n = end_->send_by_reference(octets, referred_ + 1).count;
            if (n != 0) ++referred_;
            return n;
        } else {
            return end_->send(octets).count;
        }
    }
    transfer read(octets_out room) override { return end_->receive(room); }
    error shutdown() override { return end_->shutdown(); }
    error close() override {
        aborted_ |= end_->readable() != 0;  // unread octets: it is an abort
        return end_->close();
    }
    error abort() override {
        aborted_ = true;
        return end_->abort();
    }
    void no_delay(bool on) override {
        if constexpr (P::coalescing::coalesces) end_->no_delay(on);
    }
    void poll(instant now) override {
        auto const resets = card_.sent.resets;
        end_->poll(card_, reading(now));
        if (card_.arrived != 0 && card_.only_resets && card_.sent.resets != resets && !aborted_) card_.wrong = "a RST answers a RST";
        if (end_->state() == state::listen) card_.sent.forget();
    }
    std::optional<instant> deadline(instant now) override {
        auto const at = end_->next_deadline(reading(now));
        if (!at) return std::nullopt;
        if constexpr (counts_ms) {
            auto const ms = now.nanoseconds / 1'000'000;
            return instant{(ms + static_cast<std::int32_t>(*at - reading(now))) * 1'000'000};
        } else {
            return *at;
        }
    }
    facts_of_station facts() const override {
        auto const& c   = end_->connection();
        auto const& snd = c.sending();
        return {.state = c.state(), .failure = c.failure(), .una = snd.space.una, .nxt = snd.space.nxt, .rcv_nxt = c.receiving().space.nxt,
                .mss = c.mss(), .cwnd = snd.congestion().window(), .outstanding = snd.space.outstanding(), .window = snd.space.window,
                .rcv_window = c.receiving().space.window(), .established = c.state() >= state::established && !snd.syn_pending()};
    }
    complaint check(instant now, bool refused) override {
        if (lost_cookie_) return "a cookie did not come back in its turn";
        if (card_.wrong != nullptr) return card_.wrong;
        if (auto const wrong = watch_.check(*end_)) return wrong;
        if (refused) return nullptr;
        auto const at = deadline(now);
        return watch_.liveness(*end_, at ? std::optional{*at - now} : std::nullopt);
    }

private:
    typename end_type::reading reading(instant now) const {
        if constexpr (counts_ms) return 0xffff'8000u + static_cast<std::uint32_t>(now.nanoseconds / 1'000'000);  // wraps after 33 s
        else return now;
    }
    typename end_type::address end(std::uint32_t n) const {
        auto const host = static_cast<std::uint8_t>(n);
        if constexpr (!network::v6) return {ipv4(10, 0, 0, host), 1000};
        else if constexpr (!network::v4) return {ipv6(0xfd00, 0, 0, 0, 0, 0, 0, host), 1000};
        else return {v6_ ? ipv6(0xfd00, 0, 0, 0, 0, 0, 0, host) : to_mapped(ipv4(10, 0, 0, host)), 1000};
    }

    card& card_;
    std::uint32_t number_;
    std::unique_ptr<end_type> end_ = std::make_unique<end_type>();
    outside<typename P::send_buffer::home> send_home_{};
    outside<typename P::receive_buffer::home> receive_home_{};
    watcher<P, card> watch_{};
    std::uintptr_t referred_{}, returned_{};
    bool v6_{}, lost_cookie_{}, aborted_{};
};

// compositions.cpp
std::size_t how_many_compositions();
std::string name_of_composition(std::size_t i);
std::unique_ptr<station> make_station(std::size_t composition, card& c, std::uint32_t number);

}  // namespace tenon::test
