// SPDX-License-Identifier: BSL-1.0
#include <tenon/core/bounded_vector.hpp>

#include <boost/test/unit_test.hpp>

#include <random>
#include <vector>

using tenon::bounded_vector;

namespace {
static_assert(std::is_trivially_copyable_v<bounded_vector<int, 4>>);
static_assert(sizeof(bounded_vector<char, 3>) == 4, "the count is as small as the capacity allows");
static_assert(std::is_same_v<tenon::smallest_count<255>, std::uint8_t> && std::is_same_v<tenon::smallest_count<256>, std::uint16_t>
              && std::is_same_v<tenon::smallest_count<65536>, std::uint32_t>);

template <std::size_t N>
std::vector<int> content(bounded_vector<int, N> const& v) { return {v.begin(), v.end()}; }
}  // namespace

BOOST_AUTO_TEST_SUITE(bounded_vectors)

BOOST_AUTO_TEST_CASE(a_full_one_refuses) {
    bounded_vector<int, 2> v;
    BOOST_TEST((v.empty() && !v.full() && v.capacity() == 2));
    BOOST_TEST((v.push_back(1) && v.push_back(2)));
    BOOST_TEST((!v.push_back(3) && !v.insert(0, 3)));
    BOOST_TEST(content(v) == (std::vector{1, 2}), boost::test_tools::per_element());
    v.clear();
    BOOST_TEST(v.empty());
}

BOOST_AUTO_TEST_CASE(equality_ignores_what_is_beyond_the_end) {
    bounded_vector<int, 3> a, b;
    a.push_back(1);
    a.push_back(9);
    a.erase(1, 2);
    b.push_back(1);
    BOOST_TEST((a == b));
    b.push_back(2);
    BOOST_TEST((a != b));
}

BOOST_AUTO_TEST_CASE(behaves_like_a_vector) {
    auto const seed = std::random_device{}();
    std::mt19937 random{seed};
    BOOST_TEST_CONTEXT("std::mt19937 random{" << seed << "}") {
        bounded_vector<int, 7> v;
        std::vector<int> model;
        for (int round = 0; round < 20'000; ++round) {
            auto const where = random() % (model.size() + 1);
            if (random() % 3 != 0) {
                bool const fits = model.size() < 7;
                BOOST_REQUIRE_EQUAL(v.insert(where, round), fits);
                if (fits) model.insert(model.begin() + static_cast<std::ptrdiff_t>(where), round);
            } else {
                auto const last = where + random() % (model.size() - where + 1);
                v.erase(where, last);
                model.erase(model.begin() + static_cast<std::ptrdiff_t>(where), model.begin() + static_cast<std::ptrdiff_t>(last));
            }
            BOOST_REQUIRE(content(v) == model);
            BOOST_REQUIRE(v.full() == (model.size() == 7) && v.size() == model.size());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
