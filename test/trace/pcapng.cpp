// SPDX-License-Identifier: BSL-1.0
// The pcapng writer, read back block by block with a reader that knows nothing of the writer.
#include <tenon/trace/pcapng.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace {

using namespace tenon;

std::uint32_t u32(octets_in from, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) value = value << 8 | std::to_integer<std::uint32_t>(from[at + i]);
    return value;
}

// Splits a file into its blocks; every block must say its length at both ends.
std::vector<octets_in> blocks(octets_in file) {
    std::vector<octets_in> all;
    while (!file.empty()) {
        BOOST_REQUIRE(file.size() >= 12u);
        auto const length = u32(file, 4);
        BOOST_REQUIRE(length % 4 == 0u);
        BOOST_REQUIRE(length >= 12u);
        BOOST_REQUIRE(length <= file.size());
        BOOST_REQUIRE(u32(file, length - 4) == length);
        all.push_back(file.first(length));
        file = file.subspan(length);
    }
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(trace_pcapng)

BOOST_AUTO_TEST_CASE(an_empty_file_is_one_section_header) {
    trace::pcapng_writer<trace::memory_sink> writer;
    auto const all = blocks(writer.to().octets);
    BOOST_REQUIRE(all.size() == 1u);
    BOOST_TEST(u32(all[0], 0) == 0x0a0d0d0au);
    BOOST_TEST(u32(all[0], 8) == 0x1a2b3c4du);
    BOOST_TEST(u32(all[0], 12) == 1u);  // version 1.0
}

BOOST_AUTO_TEST_CASE(interfaces_are_raw_ip_in_nanoseconds) {
    trace::pcapng_writer<trace::memory_sink> writer;
    for (std::size_t n = 0; n < 9; ++n) BOOST_TEST(writer.add_interface(std::string(n, 'x')) == n);
    writer.add_interface(std::string(1'000, 'y'));
    auto const all = blocks(writer.to().octets);
    BOOST_REQUIRE(all.size() == 11u);
    BOOST_TEST(u32(all[4], 0) == 1u);
    BOOST_TEST((u32(all[4], 8) & 0xffff) == 101u);
    BOOST_TEST(u32(all[4], 16) == (2u | 3u << 16));   // if_name, three octets
    BOOST_TEST(u32(all[4], 24) == (9u | 1u << 16));   // if_tsresol
    BOOST_TEST(u32(all[4], 28) == 9u);
}

BOOST_AUTO_TEST_CASE(packets_keep_their_octets_instant_and_direction) {
    trace::pcapng_writer<trace::memory_sink> writer;
    auto const id = writer.add_interface("a");
    std::vector<std::byte> packet(1'501);
    for (std::size_t i = 0; i < packet.size(); ++i) packet[i] = static_cast<std::byte>(i * 7);
    std::array const parts{octets_in{packet}.first(40), octets_in{}, octets_in{packet}.subspan(40)};
    writer.packet(id, instant{0x0123'4567'89ab'cdef}, trace::direction::outbound, parts);
    auto const block = blocks(writer.to().octets).at(2);
    BOOST_TEST(u32(block, 0) == 6u);
    BOOST_TEST(u32(block, 8) == id);
    BOOST_TEST(u32(block, 12) == 0x01234567u);
    BOOST_TEST(u32(block, 16) == 0x89abcdefu);
    BOOST_TEST(u32(block, 20) == 1'501u);
    BOOST_TEST(u32(block, 24) == 1'501u);
    BOOST_TEST(std::equal(packet.begin(), packet.end(), block.begin() + 28));
    BOOST_TEST(u32(block, 28 + 1'504) == (2u | 4u << 16));  // epb_flags
    BOOST_TEST(u32(block, 28 + 1'508) == 2u);               // outbound
    BOOST_TEST(writer.packets() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
