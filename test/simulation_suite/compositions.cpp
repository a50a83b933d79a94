// SPDX-License-Identifier: BSL-1.0
// The compositions that meet each other in the simulation, each with an unlikely corner.
#include <tenon/policy/acknowledgement/immediate.hpp>
#include <tenon/policy/blind_attack_checks/none.hpp>
#include <tenon/policy/buffer/by_reference.hpp>
#include <tenon/policy/buffer/pool.hpp>
#include <tenon/policy/buffer/region.hpp>
#include <tenon/policy/clock/tick32.hpp>
#include <tenon/policy/coalescing/none.hpp>
#include <tenon/policy/congestion/fixed_window.hpp>
#include <tenon/policy/give_up/none.hpp>
#include <tenon/policy/icmp/none.hpp>
#include <tenon/policy/initial_sequence/fixed.hpp>
#include <tenon/policy/keep_alive/none.hpp>
#include <tenon/policy/network/ipv4.hpp>
#include <tenon/policy/network/ipv6.hpp>
#include <tenon/policy/observer/counters.hpp>
#include <tenon/policy/reassembly/in_order_only.hpp>
#include <tenon/policy/recovery/timeout_only.hpp>
#include <tenon/policy/recovery_window/hold.hpp>
#include <tenon/policy/retransmit_timer/fixed.hpp>
#include <tenon/policy/slow_start/limited.hpp>
#include <tenon/policy/time_wait/none.hpp>

#include "station.hpp"

namespace tenon::test {
namespace {

struct base : default_policies {
    using send_buffer    = buffer::ring<16384>;
    using receive_buffer = buffer::ring<16384>;
};
struct cramped : base {
    using send_buffer    = buffer::ring<7>;
    using receive_buffer = buffer::ring<7>;
    using reassembly     = tenon::reassembly::interval_list<1>;
    using options        = tenon::options::minimal;
};
struct firmware : base {
    using congestion       = tenon::congestion::new_reno<tenon::congestion::initial_window::rfc5681>;
    using send_buffer      = buffer::ring<536>;
    using receive_buffer   = buffer::ring<536>;
    using reassembly       = tenon::reassembly::in_order_only;
    using acknowledgement  = tenon::acknowledgement::immediate;
    using options          = tenon::options::minimal;
    using network          = tenon::network::ipv4;
    using keep_alive       = tenon::keep_alive::none;
    using icmp             = tenon::icmp::none;
};
struct stop_and_wait : base {
    using congestion     = tenon::congestion::fixed_window<1>;
    using recovery       = tenon::recovery::timeout_only;
    using coalescing     = tenon::coalescing::none;
    using send_buffer    = buffer::ring<40>;
    using receive_buffer = buffer::ring<3000>;
    using reassembly     = tenon::reassembly::in_order_only;
};
struct beside_the_wrap : base {
    using initial_sequence = tenon::initial_sequence::fixed<0xfffffffd>;
    using observer         = tenon::observer::counters;
};
struct milliseconds : base {
    using clock            = tenon::clock::tick32<>;
    using initial_sequence = tenon::initial_sequence::fixed<0x7ffffff0>;
};
struct pooled : base {
    using send_buffer    = buffer::pool<512, 40>;
    using receive_buffer = buffer::pool<512, 40>;
};
struct regional : base {
    using send_buffer    = buffer::region;
    using receive_buffer = buffer::region;
    using recovery_window = tenon::recovery_window::hold;
};
struct referring : base {
    using send_buffer    = buffer::by_reference<4>;
    using receive_buffer = buffer::ring<200'000>;  // scaled by 4
};
struct scaled : base {
    using send_buffer    = buffer::ring<100'000>;
    using receive_buffer = buffer::ring<1'000'001>;  // scaled by 16
    using slow_start     = tenon::slow_start::limited<>;
};
struct sixth : base {
    using network  = tenon::network::ipv6;
    using recovery = tenon::recovery::dup_ack<tenon::recovery::dup_ack_parameters{.limited_transmit = false}>;
};
struct trusting : base {
    using blind_attack_checks = tenon::blind_attack_checks::none;
    using give_up             = tenon::give_up::none;
};
struct hurried : base {
    using retransmit_timer = tenon::retransmit_timer::rfc6298<tenon::retransmit_timer::rto_limits{.minimum = from_ms(200)}>;
    using acknowledgement  = tenon::acknowledgement::delayed<tenon::acknowledgement::delayed_parameters{.delay = from_ms(40)}>;
    using time_wait        = tenon::time_wait::rfc9293<tenon::time_wait::parameters{.msl = from_s(1), .fin_wait_2 = from_s(60)}>;
};
struct unhurried : base {
    using retransmit_timer = tenon::retransmit_timer::fixed<tenon::retransmit_timer::fixed_parameters{.timeout = from_s(5)}>;
    using time_wait        = tenon::time_wait::none;
    using congestion       = tenon::congestion::fixed_window<4>;
    using reassembly       = tenon::reassembly::interval_list<2>;
};

template <class P>
std::unique_ptr<station> make(card& c, std::uint32_t number) { return std::make_unique<station_of<P>>(c, number); }

struct entry {
    char const* name;
    std::unique_ptr<station> (*make)(card&, std::uint32_t);
};
constexpr entry entries[] = {
    {"default", make<default_policies>}, {"cramped", make<cramped>}, {"firmware", make<firmware>}, {"stop_and_wait", make<stop_and_wait>},
    {"beside_the_wrap", make<beside_the_wrap>}, {"milliseconds", make<milliseconds>}, {"pooled", make<pooled>},
    {"regional", make<regional>}, {"referring", make<referring>}, {"scaled", make<scaled>}, {"sixth", make<sixth>},
    {"trusting", make<trusting>}, {"hurried", make<hurried>}, {"unhurried", make<unhurried>},
};

}  // namespace

std::size_t how_many_compositions() { return std::size(entries); }
std::string name_of_composition(std::size_t i) { return entries[i].name; }
std::unique_ptr<station> make_station(std::size_t i, card& c, std::uint32_t number) { return entries[i].make(c, number); }

}  // namespace tenon::test
