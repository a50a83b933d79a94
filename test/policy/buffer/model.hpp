// SPDX-License-Identifier: BSL-1.0
// A store beside a plain vector that remembers what was written where, driven by random operations from a seed.
#pragma once
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <random>
#include <vector>

#include <tenon/policy/buffer/concept.hpp>

namespace tenon::test {

// TENON_SEED in the environment replays one seed; otherwise a fixed set, so that every run is the same.
inline std::vector<std::uint32_t> seeds(std::uint32_t count) {
    if (char const* one = std::getenv("TENON_SEED")) return {static_cast<std::uint32_t>(std::strtoul(one, nullptr, 10))};
    std::vector<std::uint32_t> all(count);
    for (std::uint32_t i = 0; i < count; ++i) all[i] = 0x7e000001u + i * 7919u;
    return all;
}

// Shown when a check inside fails.
#define TENON_TEST_REPLAY(seed) BOOST_TEST_CONTEXT("replay with TENON_SEED=" << (seed))

using octets = std::vector<std::byte>;

class dice {
public:
    explicit dice(std::uint32_t seed) : engine_{seed} {}
    bytes up_to(bytes most) { return static_cast<bytes>(engine_() % (std::uint64_t{most} + 1)); }
    octets fresh(bytes n) {
        octets some(n);
        for (auto& o : some) o = static_cast<std::byte>(engine_());
        return some;
    }

private:
    std::mt19937 engine_;
};

// Everything from [at, at + n), in pieces of at most Pieces per read.
template <std::size_t Pieces, class Store>
octets read_all(Store const& store, typename Store::home& home, bytes at, bytes n) {
    octets all;
    while (n > 0) {
        std::array<octets_in, Pieces> pieces{};
        bytes const got = store.read(home, at, n, pieces);
        BOOST_TEST_REQUIRE(got > 0u);
        BOOST_TEST_REQUIRE(got <= n);
        bytes seen = 0;
        for (auto piece : pieces) {
            if (seen == got) break;
            BOOST_TEST_REQUIRE(!piece.empty());
            all.insert(all.end(), piece.begin(), piece.end());
            seen += static_cast<bytes>(piece.size());
        }
        BOOST_TEST_REQUIRE(seen == got);
        at += got;
        n -= got;
    }
    return all;
}

template <class Store>
class modelled {
public:
    // What a write must return, where the store decides that alone; otherwise any prefix will do.
    using expectation = std::optional<bytes>;

    modelled(Store& store, typename Store::home& home, bytes most) : store_{store}, home_{home}, model_(most) {}

    void write(dice& d, expectation (*expected)(bytes most, bytes at, bytes n) = nullptr) {
        bytes const at = d.up_to(most());
        auto const in = d.fresh(d.up_to(most() + 3));
        bytes const promised = store_.promise(home_);
        BOOST_TEST_REQUIRE(promised <= most());
        bytes const taken = store_.write(home_, at, in);
        BOOST_TEST_REQUIRE(taken <= in.size());
        BOOST_TEST_REQUIRE(at + taken <= most());
        auto const n = static_cast<bytes>(in.size());
        // Nobody else has written since: what was promised is kept.
        if (at < promised) BOOST_TEST_REQUIRE(taken >= std::min(n, promised - at));
        if (expected) BOOST_TEST_REQUIRE(taken == *expected(most(), at, n));
        for (bytes i = 0; i < taken; ++i) model_[at + i] = in[i];
    }

    void drop(dice& d) {
        bytes const n = d.up_to(contiguous());
        store_.drop(home_, n);
        std::rotate(model_.begin(), model_.begin() + n, model_.end());
        std::fill(model_.end() - n, model_.end(), std::nullopt);
    }

    void release() {
        store_.release(home_);
        std::fill(model_.begin(), model_.end(), std::nullopt);
    }

    // Each octet that was written is there; stretches are read as a whole, with one and with three pieces.
    void check() const {
        for (bytes at = 0; at < most();) {
            bytes end = at;
            octets want;
            while (end < most() && model_[end]) want.push_back(*model_[end++]);
            if (end > at) {
                BOOST_TEST_REQUIRE((read_all<1>(store_, home_, at, end - at) == want));
                BOOST_TEST_REQUIRE((read_all<3>(store_, home_, at, end - at) == want));
            }
            at = end + 1;
        }
    }

    bytes contiguous() const {
        return static_cast<bytes>(std::find(model_.begin(), model_.end(), std::nullopt) - model_.begin());
    }
    bool blank() const { return std::count(model_.begin(), model_.end(), std::nullopt) == std::ptrdiff_t(model_.size()); }

private:
    bytes most() const { return static_cast<bytes>(model_.size()); }

    Store& store_;
    typename Store::home& home_;
    std::vector<std::optional<std::byte>> model_;
};

}  // namespace tenon::test
