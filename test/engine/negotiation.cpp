// SPDX-License-Identifier: BSL-1.0
// What a SYN offers and understands: RFC 9293, 3.7.1 and MUST-6; RFC 7323, 2.2 and 2.3.
#include <tenon/engine/negotiation.hpp>
#include <tenon/policy/options/offers.hpp>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "support/requirement.hpp"

namespace engine = tenon::engine;
constexpr tenon::options::offer scaling{.window_scale = true};
constexpr auto standard = tenon::options::standard::offered;
constexpr auto minimal  = tenon::options::minimal::offered;

namespace {

template <auto Offer>
engine::handshake_options<Offer> read(std::initializer_list<int> octets) {
    std::vector<std::byte> v;
    for (int const o : octets) v.push_back(static_cast<std::byte>(o));
    return engine::read_handshake<Offer>(v);
}

template <auto Offer>
std::vector<std::byte> written(std::uint16_t mss, bool scales, std::uint8_t shift) {
    engine::syn_options<Offer> o{.mss = mss};
    if constexpr (Offer.window_scale) {
        o.scales = scales;
        o.shift  = shift;
    }
    std::vector<std::byte> v(engine::handshake_octets(o));
    engine::write_handshake(v.data(), o);
    return v;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_negotiation)

BOOST_AUTO_TEST_CASE(what_one_end_writes_the_other_reads) {
    for (int const mss : {48, 536, 1460, 65'535})
        for (int const shift : {0, 1, 7, 14}) {
            auto const octets = written<scaling>(static_cast<std::uint16_t>(mss), true, static_cast<std::uint8_t>(shift));
            BOOST_TEST(octets.size() == 8u);  // a multiple of four
            auto const r = engine::read_handshake<standard>(octets);
            BOOST_TEST((r.mss == mss && r.scales && r.window_scale == shift));
            auto const less = engine::read_handshake<minimal>(octets);
            BOOST_TEST(less.mss == mss);
        }
}

// RFC 7323, 2.2: the option goes into a SYN-ACK only if the SYN had it.
BOOST_AUTO_TEST_CASE(who_does_not_scale_writes_the_mss_alone) {
    BOOST_TEST(written<scaling>(1460, false, 7).size() == 4u);
    BOOST_TEST(written<minimal>(1460, true, 7).size() == 4u);
    BOOST_TEST(!engine::read_handshake<standard>(written<minimal>(1460, true, 7)).scales);
}

// RFC 7323, 3.2 and RFC 2018, 2: what is offered is written in a multiple of four octets, and read again.
BOOST_AUTO_TEST_CASE(every_set_of_options_is_written_and_read) {
    for (unsigned set = 0; set < 8; ++set) {
        engine::syn_options<standard> o{.mss = 1400, .shift = 5, .scales = (set & 1) != 0, .stamps = (set & 2) != 0,
                                        .permits_sack = (set & 4) != 0, .timestamps = {.value = 0x0102'0304, .echo = 0xfffe'fdfc}};
        std::vector<std::byte> v(engine::handshake_octets(o), std::byte{0xff});
        BOOST_TEST(v.size() % 4 == 0u);
        engine::write_handshake(v.data(), o);
        auto const r = engine::read_handshake<standard>(v);
        BOOST_TEST((r.mss == 1400 && r.scales == o.scales && r.stamps == o.stamps && r.permits_sack == o.permits_sack));
        BOOST_TEST((!r.scales || r.window_scale == 5));
        BOOST_TEST((!r.stamps || r.timestamp == 0x0102'0304u));
    }
}

BOOST_AUTO_TEST_CASE(silence_says_nothing) {
    auto const r = read<standard>({});
    BOOST_TEST((r.mss == 0 && !r.scales && r.window_scale == 0));
}

// RFC 7323, 2.3: "If the received shift count exceeds 14, the TCP MUST log the error but use 14".
BOOST_AUTO_TEST_CASE(a_shift_beyond_fourteen_is_fourteen, *tenon::test::requirement("7323-6")) {
    BOOST_TEST(int{read<standard>({3, 3, 15}).window_scale} == 14);
    BOOST_TEST(int{read<standard>({3, 3, 255}).window_scale} == 14);
}

// MUST-6: "MUST ignore without error any TCP Option it does not implement"; MUST-7: bad lengths crash nobody.
BOOST_AUTO_TEST_CASE(the_unknown_is_passed_over_and_the_broken_ends_the_list) {
    auto const unknown = read<standard>({4, 2, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 99, 3, 7, 2, 4, 5, 180, 1, 3, 3, 2});
    BOOST_TEST((unknown.mss == 1460 && unknown.scales && unknown.window_scale == 2));
    BOOST_TEST(read<standard>({99, 0, 2, 4, 5, 180}).mss == 0);
    BOOST_TEST(read<standard>({99, 1, 2, 4, 5, 180}).mss == 0);
    BOOST_TEST(read<standard>({2, 4, 5}).mss == 0);
    BOOST_TEST(read<standard>({0, 2, 4, 5, 180}).mss == 0);
    BOOST_TEST(read<standard>({1, 1, 1, 2, 4, 2, 24}).mss == 536);
}

BOOST_AUTO_TEST_SUITE_END()
