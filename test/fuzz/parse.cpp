// SPDX-License-Identifier: BSL-1.0
// Fuzzes everything that reads octets from a network: IP headers, TCP header, options, ICMP errors, and intake as a whole.
// The input lies in memory of exactly its size. What was read must lie within it, and reading again gives the same.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <tenon/engine/icmp.hpp>
#include <tenon/engine/intake.hpp>
#include <tenon/engine/negotiation.hpp>
#include <tenon/policy/checksum/internet.hpp>
#include <tenon/policy/network/both.hpp>
#include <tenon/policy/network/ipv4.hpp>
#include <tenon/policy/network/ipv6.hpp>
#include <tenon/wire/emit.hpp>
#include <tenon/wire/option.hpp>

namespace {

using namespace tenon;

void demand(bool holds, char const* what) {
    if (holds) return;
    std::fprintf(stderr, "broken: %s\n", what);
    std::abort();
}

bool within(octets_in part, octets_in whole) {
    return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void read_all_options(octets_in in) {
    wire::option_reader r{in};
    wire::option o;
    std::size_t seen = 0;
    while (r.next(o)) {
        demand(within(o.body, in), "an option's body lies outside");
        demand(++seen <= 20, "more options than fit forty octets");
        static_cast<void>(o.experiment());
    }
    static_cast<void>(r.malformed());
    constexpr auto all = static_cast<wire::option_set>(~0u);
    auto const v = wire::read_options<all>(in);
    if (v.has(wire::option_set::window_scale)) demand(v.window_scale <= 14, "a window scale above 14");  // RFC 7323, 2.3
    auto const h = engine::read_handshake<tenon::options::offer{.window_scale = true}>(in);
    demand(!v.has(wire::option_set::mss) || h.mss == v.mss, "two readers disagree about the MSS");
}

void segment(octets_in in) {
    wire::segment s;
    if (wire::parse(in, s) != wire::parse_error::none) return;
    demand(within(s.payload, in) && within(s.options, in), "a part lies outside the segment");
    demand(20 + s.options.size() + s.payload.size() == in.size(), "the parts are not the whole");
    read_all_options(s.options);
    std::byte made[20];
    wire::write_header(made, {.source = s.source, .destination = s.destination, .seq = s.seq, .ack = s.ack, .control = s.control,
                              .window = s.window, .options = static_cast<std::uint8_t>(s.options.size())});
    wire::segment again;
    std::byte whole[60]{};
    std::memcpy(whole, made, 20);
    demand(wire::parse({whole, 20 + s.options.size()}, again) == wire::parse_error::none, "a written header cannot be read");
    demand(again.seq == s.seq && again.ack == s.ack && again.control == s.control && again.window == s.window, "written is not read");
}

template <class Network>
void packet(octets_in in) {
    using datagrams = engine::datagram_of<Network>;
    typename datagrams::packet ip;
    if (datagrams::read(in, ip) == wire::ip_error::none) {
        demand(within(ip.payload, in), "the payload lies outside the packet");
        segment(ip.payload);
        engine::icmp_notice<Network> notice;
        if (engine::read_icmp<Network>(ip, notice)) demand(notice.mss == 0 || notice.mss >= 48, "an MSS that nothing can use");
    }
    engine::received<Network> got;
    constexpr transport::capabilities most{.segments = 44, .check = transport::checksums::transport};
    if (engine::take_in<Network, checksum::internet, most>({.octets = in, .cut = 100}, got) == engine::taken::segment)
        demand(within(got.tcp.payload, in) && got.segments * 100u >= got.tcp.payload.size(), "intake");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const copy = std::make_unique<std::byte[]>(size);
    if (size != 0) std::memcpy(copy.get(), data, size);
    octets_in const in{copy.get(), size};
    read_all_options(in);
    segment(in);
    packet<network::ipv4>(in);
    packet<network::ipv6>(in);
    packet<network::both>(in);
    return 0;
}
