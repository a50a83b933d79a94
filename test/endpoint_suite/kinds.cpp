// SPDX-License-Identifier: BSL-1.0
// Every kind of transport, store, network and clock the suite goes through.
#include <tenon/policy/acknowledgement/immediate.hpp>
#include <tenon/policy/buffer/pool.hpp>
#include <tenon/policy/checksum/by_transport.hpp>
#include <tenon/policy/clock/tick32.hpp>
#include <tenon/policy/initial_sequence/fixed.hpp>
#include <tenon/policy/network/ipv4.hpp>
#include <tenon/policy/network/ipv6.hpp>
#include <tenon/policy/reassembly/in_order_only.hpp>

#include "rig.hpp"

namespace tenon::test {
namespace {

using transport::checksums;
using transport::memory_options;
using transport::memory_pair;
using partial_wire = memory_pair<memory_options{.slots = 16, .pieces = 8, .segments = 44, .send = checksums::partial, .check = checksums::transport}>;
using super_references = memory_pair<memory_options{.slots = 16, .pieces = 8, .segments = 44, .references = true, .send = checksums::transport,
                                                    .check = checksums::transport}>;
using small_wire = memory_pair<memory_options{.slots = 8, .mtu = 128}>;
using tiny_wire  = memory_pair<memory_options{.slots = 4, .mtu = 68}>;

template <class Wire> using bare = as_it_is<typename std::remove_cvref_t<decltype(std::declval<Wire&>().a())>>;
template <class Wire> using end_type = std::remove_cvref_t<decltype(std::declval<Wire&>().a())>;

template <bytes N> struct rings : default_policies {
    using send_buffer    = buffer::ring<N>;
    using receive_buffer = buffer::ring<N>;
};
struct asking : default_policies { using checksum = tenon::checksum::by_transport; };
struct asking_references : asking { using send_buffer = buffer::by_reference<16>; };
struct references : default_policies { using send_buffer = buffer::by_reference<16>; };
struct regions : default_policies {
    using send_buffer    = buffer::region;
    using receive_buffer = buffer::region;
};
struct pools : default_policies {
    using send_buffer    = buffer::pool<1024, 64>;
    using receive_buffer = buffer::pool<1024, 64>;
};
struct only4 : rings<8192> { using network = tenon::network::ipv4; };
struct only6 : rings<8192> { using network = tenon::network::ipv6; };
struct ticks : rings<8192> { using clock = tenon::clock::tick32<>; };
struct wraps : rings<8192> { using initial_sequence = tenon::initial_sequence::fixed<0xfffffffd>; };
struct wide  : rings<1'000'000> {};
struct cramped : rings<7> {
    using reassembly = tenon::reassembly::interval_list<1>;
    using options    = tenon::options::minimal;
};
struct firmware : rings<536> {
    using reassembly      = tenon::reassembly::in_order_only;
    using acknowledgement = tenon::acknowledgement::immediate;
    using network         = tenon::network::ipv4;
    using options         = tenon::options::minimal;
};

template <class P, class Wire, class Layer = bare<Wire>>
std::unique_ptr<any_pair> make(bool v6, bytes region) { return std::make_unique<pair_of<P, Wire, Layer>>(v6, region); }

std::vector<kind> list() {
    constexpr bytes mega = 1'000'000;
    std::vector<kind> all{
        {.name = "contiguous", .make = make<default_policies, plain_wire>, .bulk = mega},
        {.name = "contiguous, IPv6", .make = make<default_policies, plain_wire>, .v6 = true, .bulk = mega},
        {.name = "gathering", .make = make<default_policies, gather_wire>, .bulk = mega},
        {.name = "gathering by reference", .make = make<references, reference_wire>, .bulk = mega, .by_reference = true},
        {.name = "a store that refers, copied", .make = make<references, plain_wire>, .bulk = mega},
        {.name = "super-segments, merged", .make = make<asking, super_wire>, .bulk = mega, .cuts = true},
        {.name = "super-segments, IPv6", .make = make<asking, super_wire>, .v6 = true, .bulk = mega, .cuts = true},
        {.name = "super-segments, partial sums", .make = make<asking, partial_wire>, .bulk = mega, .cuts = true},
        {.name = "super-segments by reference", .make = make<asking_references, super_references>, .bulk = mega, .by_reference = true, .cuts = true},
        {.name = "super-segments cut by the card", .make = make<asking, plain_wire, cutting<end_type<plain_wire>>>, .bulk = mega, .cuts = true},
        {.name = "a card that could cut, own sums", .make = make<default_policies, super_wire>, .bulk = mega},
        {.name = "bursts", .make = make<default_policies, plain_wire, batching<end_type<plain_wire>>>, .bulk = mega, .holds_back = true},
        {.name = "wide windows", .make = make<wide, plain_wire>, .bulk = 2 * mega},
        {.name = "pools", .make = make<pools, plain_wire>, .bulk = 300'000},
        {.name = "IPv4 only", .make = make<only4, plain_wire>, .bulk = 200'000},
        {.name = "IPv6 only", .make = make<only6, plain_wire>, .v6 = true, .bulk = 200'000},
        {.name = "milliseconds near the wrap", .make = make<ticks, plain_wire>, .bulk = 200'000},
        {.name = "sequence numbers near the wrap", .make = make<wraps, plain_wire>, .bulk = 200'000},
        {.name = "cramped", .make = make<cramped, small_wire>, .bulk = 1'000},
        {.name = "an MTU of 68", .make = make<firmware, tiny_wire>, .bulk = 5'000},
        {.name = "firmware", .make = make<firmware, plain_wire>, .bulk = 30'000},
        {.name = "rings of 1", .make = make<rings<1>, plain_wire>, .bulk = 60},
        {.name = "rings of 2", .make = make<rings<2>, plain_wire>, .bulk = 100},
        {.name = "region of 65,536", .make = make<regions, plain_wire>, .region = 65'536, .bulk = mega},
    };
    for (bytes n = 1; n <= 40; ++n)
        all.push_back({.name = "region of " + std::to_string(n), .make = make<regions, plain_wire>, .region = n, .bulk = 40 * n});
    return all;
}

}  // namespace

std::vector<kind> const& kinds() {
    static auto const all = list();
    return all;
}

}  // namespace tenon::test
