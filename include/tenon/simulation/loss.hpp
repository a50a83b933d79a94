// SPDX-License-Identifier: BSL-1.0
// Loss: which packets a link loses. Packets are numbered from 1 in the order in which they leave the queue.
//
//   called when                        with                        must
//   a packet has been transmitted      loses(number, octets, r)    say whether it is lost; draw only from r
#pragma once
#include <algorithm>
#include <concepts>
#include <cstdint>
#include <functional>
#include <utility>
#include <variant>
#include <vector>

#include <tenon/core/units.hpp>
#include <tenon/simulation/random.hpp>

namespace tenon::simulation {

template <class L>
concept loss_model = requires (L l, std::uint64_t number, octets_in octets, random& r) {
    { l.loses(number, octets, r) } -> std::same_as<bool>;
};

struct no_loss {
    bool loses(std::uint64_t, octets_in, random&) const noexcept { return false; }
};

// Each packet for itself.
struct bernoulli_loss {
    ratio p{};
    bool loses(std::uint64_t, octets_in, random& r) const noexcept { return r.chance(p); }
};

// Two states, each with its own loss (Gilbert 1960, Elliott 1963). The state changes before the packet is judged.
// Share of packets in the bad state: to_bad / (to_bad + to_good); packets of a bad spell, on average: 1 / to_good.
struct gilbert_elliott_loss {
    ratio to_bad{}, to_good{};
    ratio in_good{}, in_bad{1'000'000'000};
    bool  bad{};

    bool loses(std::uint64_t, octets_in, random& r) noexcept {
        bad = bad ? !r.chance(to_good) : r.chance(to_bad);
        return r.chance(bad ? in_bad : in_good);
    }
};

// Packets n, 2n, 3n and so on; 0: none.
struct every_nth_loss {
    std::uint64_t n{};
    bool loses(std::uint64_t number, octets_in, random&) const noexcept { return n != 0 && number % n == 0; }
};

struct listed_loss {
    std::vector<std::uint64_t> numbers{};  // ascending
    bool loses(std::uint64_t number, octets_in, random&) const { return std::binary_search(numbers.begin(), numbers.end(), number); }
};

// For scripts: a test that looks into the packet.
struct chosen_loss {
    std::function<bool(std::uint64_t number, octets_in octets)> choose;
    bool loses(std::uint64_t number, octets_in octets, random&) const { return choose && choose(number, octets); }
};

// Any of them, chosen at run time.
struct any_loss {
    std::variant<no_loss, bernoulli_loss, gilbert_elliott_loss, every_nth_loss, listed_loss, chosen_loss> model{};

    any_loss() = default;
    template <class Model>
        requires (!std::same_as<std::remove_cvref_t<Model>, any_loss>)
    any_loss(Model&& m) : model{std::forward<Model>(m)} {}

    bool loses(std::uint64_t number, octets_in octets, random& r) {
        return std::visit([&](auto& m) { return m.loses(number, octets, r); }, model);
    }
};

static_assert(loss_model<no_loss> && loss_model<bernoulli_loss> && loss_model<gilbert_elliott_loss>);
static_assert(loss_model<every_nth_loss> && loss_model<listed_loss> && loss_model<chosen_loss> && loss_model<any_loss>);

}  // namespace tenon::simulation
