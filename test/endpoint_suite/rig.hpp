// SPDX-License-Identifier: BSL-1.0
// Rig: two endpoints of any composition over any kind of transport, behind one face, in virtual time. Between endpoint and
// transport sits a tap that reads every packet, counts who copied what, and loses, repeats and delays arrivals.
#pragma once
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tenon/policy/buffer/by_reference.hpp>
#include <tenon/policy/buffer/region.hpp>
#include <tenon/simulation/random.hpp>

#include "support/invariants.hpp"
#include "support/patterns.hpp"
#include "support/test_transports.hpp"

namespace tenon::test {

struct weather {
    simulation::ratio loss{}, duplicate{}, late{};
    duration          delay{from_ms(1)}, lateness{from_ms(30)};
};

template <transport::packet_io Below>
class tap {
public:
    static constexpr transport::capabilities most = Below::most;

    tap(Below& below, instant const& now, std::uint64_t seed) : below_{below}, now_{now}, random_{seed} {}

    test::weather weather{};
    emissions     sent{};
    complaint     wrong{};
    bool          refused{};
    std::uint64_t copied{}, referred{}, supers{};

    transport::capabilities limits() const noexcept { return below_.limits(); }
    octets_out reserve(bytes n) noexcept {
        auto const room = below_.reserve(n);
        refused |= room.empty();
        return room;
    }
    void cancel(octets_out frame) noexcept { below_.cancel(frame); }
    transport::ticket commit(octets_out frame, std::span<octets_in const> body, transport::departure const& how) noexcept {
        std::vector<std::byte> whole(frame.begin(), frame.end());
        for (auto piece : body) whole.insert(whole.end(), piece.begin(), piece.end());
        auto const in_frame = frame.size() - headers_of(frame);
        auto const given = below_.commit(frame, body, how);
        if (given == 0) {
            refused = true;
            return 0;
        }
        note(whole, how);
        copied += in_frame;
        referred += whole.size() - frame.size();
        supers += how.cut != 0;
        return given;
    }
    transport::ticket flush() noexcept { return below_.flush(); }

    std::span<transport::arrival> arrivals(std::span<transport::arrival> burst) noexcept {
        fetch();
        std::size_t n = 0;
        for (; n < burst.size() && !late_.empty() && late_.front().due <= now_; ++n) {
            lent_.push_back(std::move(late_.front()));
            late_.pop_front();
            burst[n] = {.octets = lent_.back().octets, .cut = lent_.back().cut, .verified = lent_.back().verified};
        }
        return burst.first(n);
    }
    void give_back(transport::arrival const& one) noexcept {
        std::erase_if(lent_, [&](held const& h) { return h.octets.data() == one.octets.data(); });
    }
    // From below into the time of delivery.
    void fetch() noexcept {
        std::array<transport::arrival, 8> room;
        for (auto got = below_.arrivals(room); !got.empty(); got = below_.arrivals(room))
            for (auto const& a : got) {
                emitted e;
                if (strict_parse(a.octets, 65'535, false, true, e) == nullptr && e.syn()) sent.on_peer_syn(e);
                if (!random_.chance(weather.loss)) {
                    hold(a);
                    if (random_.chance(weather.duplicate)) hold(a);
                }
                below_.give_back(a);
            }
    }
    std::optional<instant> next() const { return late_.empty() ? std::nullopt : std::optional{late_.front().due}; }

private:
    struct held {
        instant due{};
        std::vector<std::byte> octets{};
        std::uint16_t cut{};
        bool verified{};
    };

    void hold(transport::arrival const& a) {
        auto due = now_ + weather.delay;
        if (random_.chance(weather.late)) due += random_.between(duration{}, weather.lateness);
        auto at = late_.end();
        while (at != late_.begin() && due < std::prev(at)->due) --at;
        late_.insert(at, {due, {a.octets.begin(), a.octets.end()}, a.cut, a.verified});
    }

    void note(octets_in whole, transport::departure const& how) {
        bool const sums = most.send == transport::checksums::stack;
        auto bad = sent.on_packet(whole, most.mtu, sums, how.cut);
        auto const ip = ip_header_of(whole);
        if constexpr (most.send == transport::checksums::partial)
            if (wire::get16(whole.data() + ip + 16) != folded_sum({}, pseudo_header_sum(whole)) && !checksums_right(whole))
                bad = "neither the sum of the pseudo-header nor the whole sum";
        if (how.tcp_offset != ip || how.header != headers_of(whole)) bad = "the departure describes another packet";
        if (wrong == nullptr) wrong = bad;
    }

    Below&             below_;
    instant const&     now_;
    simulation::random random_;
    std::deque<held>   late_{};
    std::deque<held>   lent_{};
};

// ---- one face

class any_end {
public:
    virtual ~any_end() = default;
    virtual error open(bool active) = 0;
    virtual bytes send(octets_in octets) = 0;  // by reference where the store refers
    virtual transfer receive(octets_out room) = 0;
    virtual bytes peek(std::span<octets_in> pieces) = 0;
    virtual void consume(bytes n) = 0;
    virtual error shutdown() = 0;
    virtual error close() = 0;
    virtual error abort() = 0;
    virtual void no_delay(bool on) = 0;
    virtual ready poll() = 0;
    virtual std::optional<instant> deadline() = 0;
    virtual std::optional<instant> arrival() = 0;
    virtual tenon::state state() const = 0;
    virtual error failure() const = 0;
    virtual bytes writable() const = 0;
    virtual complaint check() = 0;
    virtual bool was_refused() const = 0;
    virtual std::size_t unreturned() = 0;  // cookies
    // knobs and counters
    virtual test::weather& weather() = 0;
    virtual std::function<bool(std::uint64_t)>& refuse(bool commit) = 0;
    virtual emissions const& sent() const = 0;
    virtual std::uint64_t copied() const = 0;
    virtual std::uint64_t referred() const = 0;
    virtual std::uint64_t supers() const = 0;
};

template <class T> struct lent_home { T home{}; };
template <> struct lent_home<buffer::region_memory> {
    std::vector<std::byte> octets{};
    buffer::region_memory  home{};
    void size(bytes n) {
        octets.resize(n);
        home = {octets.data(), n};
    }
};

template <class P, class Below>
class end_of final : public any_end {
    using wire_type = tap<refusing<Below>>;
    using end_type  = endpoint<P, wire_type>;
    using network   = typename P::network;
    static constexpr bool refers = buffer::refers_to_octets<typename P::send_buffer>;
    static constexpr bool counts_ms = !std::is_same_v<typename end_type::reading, instant>;

public:
    end_of(Below& below, instant const& now, std::uint8_t number, bool v6, bytes region)
        : refusing_{below}, tap_{refusing_, now, number}, now_{now}, number_{number}, v6_{v6} {
        if constexpr (requires { send_home_.size(region); }) {
            send_home_.size(region);
            receive_home_.size(region);
        }
        if constexpr (requires { send_home_.home.spare(); }) end_->use(send_home_.home, send_home_.home);
        else end_->use(send_home_.home, receive_home_.home);
    }

    error open(bool active) override {
        return active ? end_->connect(tap_, reading(), address(number_), address(static_cast<std::uint8_t>(3 - number_))) : end_->listen(address(number_));
    }
    bytes send(octets_in octets) override {
        if constexpr (refers) {
            static_cast<void>(unreturned());
            auto const n = end_->send_by_reference(octets, lent_ + 1).count;
            lent_ += n != 0;
            return n;
        } else {
            return end_->send(octets).count;
        }
    }
    std::size_t unreturned() override {
        if constexpr (refers)
            while (auto const cookie = end_->released())
                if (*cookie != ++returned_) wrong_ = "a cookie out of its turn";
        return lent_ - returned_;
    }
    transfer receive(octets_out room) override { return end_->receive(room); }
    bytes peek(std::span<octets_in> pieces) override { return end_->peek(pieces); }
    void consume(bytes n) override { end_->consume(n); }
    error shutdown() override { return end_->shutdown(); }
    error close() override { return end_->close(); }
    error abort() override { return end_->abort(); }
    void no_delay(bool on) override { if constexpr (P::coalescing::coalesces) end_->no_delay(on); }
    ready poll() override {
        tap_.refused = false;
        auto const events = end_->poll(tap_, reading());
        tap_.fetch();
        return events;
    }
    std::optional<instant> deadline() override {
        auto const at = end_->next_deadline(reading());
        if (!at) return std::nullopt;
        if constexpr (counts_ms) return instant{(now_.nanoseconds / 1'000'000 + static_cast<std::int32_t>(*at - reading())) * 1'000'000};
        else return *at;
    }
    std::optional<instant> arrival() override { return tap_.fetch(), tap_.next(); }
    tenon::state state() const override { return end_->state(); }
    error failure() const override { return end_->failure(); }
    bytes writable() const override { return end_->writable(); }
    complaint check() override {
        if (wrong_ != nullptr) return wrong_;
        if (tap_.wrong != nullptr) return tap_.wrong;
        if (auto const bad = watch_.check(*end_)) return bad;
        // A timer runs though the transport refused (attacks A05 and H17).
        auto const& snd = end_->connection().sending();
        if (tap_.refused && end_->state() > state::listen && (snd.space.outstanding() != 0 || snd.syn_pending()) && !snd.timer.armed())
            return "the transport refused, and no timer runs";
        auto const at = deadline();
        return tap_.refused ? nullptr : watch_.liveness(*end_, at ? std::optional{*at - now_} : std::nullopt);
    }
    bool was_refused() const override { return tap_.refused; }
    test::weather& weather() override { return tap_.weather; }
    std::function<bool(std::uint64_t)>& refuse(bool commit) override { return commit ? refusing_.refuse_commit : refusing_.refuse_reserve; }
    emissions const& sent() const override { return tap_.sent; }
    std::uint64_t copied() const override { return tap_.copied; }
    std::uint64_t referred() const override { return tap_.referred; }
    std::uint64_t supers() const override { return tap_.supers; }

private:
    typename end_type::reading reading() const {
        if constexpr (counts_ms) return 0xffff'ffe0u + static_cast<std::uint32_t>(now_.nanoseconds / 1'000'000);  // wraps after 32 ms
        else return now_;
    }
    typename end_type::address address(std::uint8_t n) const {
        if constexpr (!network::v6) return {ipv4(10, 0, 0, n), 7};
        else if constexpr (!network::v4) return {ipv6(0xfd00, 0, 0, 0, 0, 0, 0, n), 7};
        else return {v6_ ? ipv6(0xfd00, 0, 0, 0, 0, 0, 0, n) : to_mapped(ipv4(10, 0, 0, n)), 7};
    }

    refusing<Below> refusing_;
    wire_type       tap_;
    instant const&  now_;
    std::uint8_t    number_;
    bool            v6_;
    std::unique_ptr<end_type> end_ = std::make_unique<end_type>();
    lent_home<typename P::send_buffer::home> send_home_{};
    lent_home<typename P::receive_buffer::home> receive_home_{};
    watcher<P, wire_type> watch_{};
    std::uintptr_t lent_{}, returned_{};
    complaint wrong_{};
};

// ---- two of them

struct any_pair {
    instant now{};
    std::unique_ptr<any_end> a{}, b{};
    virtual ~any_pair() = default;
};

template <class Below>
struct as_it_is : Below {
    explicit as_it_is(Below& b) : Below{b} {}
};

// Layer: what lies between the wire's ends and the endpoints, made from an end.
template <class P, class Wire, class Layer>
struct pair_of final : any_pair {
    Wire  wire{};
    Layer left{wire.a()}, right{wire.b()};
    pair_of(bool v6, bytes region) {
        a = std::make_unique<end_of<P, Layer>>(left, now, 1, v6, region);
        b = std::make_unique<end_of<P, Layer>>(right, now, 2, v6, region);
    }
};

struct kind {
    std::string name{};
    std::unique_ptr<any_pair> (*make)(bool v6, bytes region){};
    bool  v6{};
    bytes region{};
    bytes bulk{};          // octets of a long transfer
    bool  by_reference{};  // nothing is copied when sending
    bool  cuts{};          // super-segments are to be seen
    bool  holds_back{};    // arrivals come late unless asked for often
    std::unique_ptr<any_pair> operator()() const { return make(v6, region); }
};

std::vector<kind> const& kinds();  // kinds_*.cpp

// Both ends, and two applications that write and read as told.
class rig {
public:
    explicit rig(kind const& k) : pair{k()}, restless{k.holds_back} {
        out[0].id = in[1].id = 1;
        out[1].id = in[0].id = 2;
    }

    std::unique_ptr<any_pair> pair;
    bool restless;                // poll every millisecond
    stream out[2]{}, in[2]{};
    std::uint64_t total[2]{};     // octets each side is to write
    std::size_t write_chunk{4096}, read_chunk{8192};
    duration read_pause{};
    instant reads_from[2]{};
    bool shut_after[2]{}, shut[2]{}, ended[2]{};
    bool in_place{};              // read with peek and consume
    char const* wrong{};
    std::uint64_t polls{};

    any_end& end(unsigned i) { return i == 0 ? *pair->a : *pair->b; }
    instant now() const { return pair->now; }
    void open() {
        if (end(1).open(false) != error::none || end(0).open(true) != error::none) wrong = "open failed";
    }
    // Until `done`, or the time is up. True: done, and nothing was wrong.
    bool run(std::function<bool()> const& done, duration limit = from_s(600));
    bool everything_arrived() const { return in[0].read == total[1] && in[1].read == total[0]; }

private:
    void step(unsigned i);
    void apply(unsigned i);
    std::optional<instant> next();
    std::vector<std::byte> text_[2]{};
    instant last_read_[2]{};
    bool busy_{};
};

}  // namespace tenon::test
