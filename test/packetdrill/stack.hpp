// SPDX-License-Identifier: BSL-1.0
// Stack: a tenon::host of any composition behind virtual functions, so that the composition is chosen when a script runs.
// IPv4 addresses are mapped into IPv6 (::ffff:a.b.c.d) here, whatever the composition's own form is.
#pragma once
#include <memory>
#include <optional>
#include <string_view>

#include <tenon/core/address.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/time.hpp>
#include <tenon/engine/driver.hpp>
#include <tenon/host/handle.hpp>
#include <tenon/state/state.hpp>

#include "wire.hpp"

namespace tenon::packetdrill {

using address = socket_address<ipv6_address>;

// What TCP_INFO and its like can say about a connection. Octets, microseconds.
struct facts {
    tenon::state state{};
    error failure{};
    bytes mss{}, advertised_mss{};
    bytes window{}, threshold{}, pipe{}, outstanding{}, unsent{}, peer_window{}, receive_space{};
    std::int64_t timeout{}, smoothed{}, variation{};
    unsigned retries{}, phase{};  // congestion::phase
    bool timestamps{}, sack{};
    std::uint32_t segments_in{}, segments_out{}, data_segments_in{}, data_segments_out{}, resent{}, octets_resent{}, data_octets_in{}, data_octets_out{};
};

class stack {
public:
    virtual ~stack() = default;

    virtual void poll(wire&, instant now) = 0;
    virtual std::optional<instant> next_deadline(instant now) = 0;
    virtual std::optional<event_of_host> next_event() = 0;

    virtual opened<listener_handle> listen(address const& local, std::uint16_t backlog) = 0;
    virtual opened<connection_handle> accept(listener_handle) = 0;
    virtual opened<connection_handle> connect(wire const&, instant now, address const& local, address const& remote) = 0;
    virtual transfer send(connection_handle, octets_in) = 0;
    virtual transfer receive(connection_handle, octets_out) = 0;
    virtual bytes peek(connection_handle, octets_out) = 0;
    virtual bytes readable(connection_handle) = 0;
    virtual bytes writable(connection_handle) = 0;
    virtual error shutdown(connection_handle) = 0;
    virtual error close(connection_handle) = 0;
    virtual error close(listener_handle) = 0;
    virtual error abort(connection_handle) = 0;
    // False where the composition has no such policy.
    virtual bool keep_alive(connection_handle, bool on) = 0;
    virtual bool no_delay(connection_handle, bool on) = 0;
    virtual bool user_timeout(connection_handle, duration) = 0;

    virtual address local(connection_handle) = 0;
    virtual address remote(connection_handle) = 0;
    virtual facts look(connection_handle) = 0;
};

// What a script's sysctls and its flags ask of the options.
struct wanted {
    std::string_view timers{"linux"};      // as docs/packetdrill.md has them: linux, rfc, delayed
    std::string_view congestion{"reno"};
    bool timestamps{true}, sack{true}, scales{true}, ecn{};
    bool only_v6{};
};

std::unique_ptr<stack> make_stack(wanted const&);

}  // namespace tenon::packetdrill
