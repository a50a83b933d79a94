// SPDX-License-Identifier: BSL-1.0
// The state machine of TCP as data: RFC 9293, figure 5, its notes and erratum 8710, and the rows that section 3.10 adds.
// Every pair of state and event that is not a row here is refused by name in refusal.hpp; proofs.hpp checks both.
// docs/state-machine.md draws it.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include <tenon/state/state.hpp>

namespace tenon {

// What happens to a connection. A segment that means two things is two events, in the order of RFC 9293, 3.10.7.4:
// acknowledgment first, FIN last. Only acceptable segments become events.
enum class event : std::uint8_t {
    open_passive,      // OPEN, passive
    open_active,       // OPEN, active; or SEND with a remote address in LISTEN
    hand_over,         // both SYNs were exchanged elsewhere (a half-open entry, a cookie) and the connection takes over
    close,             // CLOSE; the FIN follows everything that was written before it
    abort,             // ABORT
    rcv_syn,           // SYN without ACK
    rcv_syn_ack,       // SYN with an acceptable ACK, in answer to our SYN
    rcv_ack_of_syn,    // our SYN is acknowledged, and the peer's has been received
    rcv_fin,           // the peer's FIN, with everything before it received
    rcv_ack_of_fin,    // our FIN is acknowledged
    rcv_rst,           // an acceptable RST
    rcv_rst_passive,   // the same, in a SYN-RECEIVED that came from LISTEN
    rcv_syn_passive,   // a SYN in the window, in a SYN-RECEIVED that came from LISTEN
    give_up,           // R2, the user timeout, or keep-alive probes without answer
    time_wait_over,    // 2 MSL have passed
    fin_wait_2_over,   // the user holds nothing of the connection any more and no FIN has come for too long
};

inline constexpr std::size_t event_count = 16;

// What goes out with a transition. The acknowledgment of a FIN is `ack`, so is that of a SYN,ACK.
enum class reply : std::uint8_t { none, syn, syn_ack, ack, fin, rst };

struct row {
    state from;
    event on;
    state to;
    reply send;

    friend constexpr bool operator==(row, row) noexcept = default;
};

namespace detail {
using enum state;

// clang-format off
inline constexpr auto rfc9293_rows = std::to_array<row>({
    // from          event                    to             send
    { closed,        event::open_passive,     listen,        reply::none    },
    { closed,        event::open_active,      syn_sent,      reply::syn     },
    { closed,        event::hand_over,        syn_received,  reply::none    },  // as from LISTEN, its SYN,ACK is out already

    { listen,        event::rcv_syn,          syn_received,  reply::syn_ack },
    { listen,        event::open_active,      syn_sent,      reply::syn     },  // 3.10.1; figure 5: SEND
    { listen,        event::close,            closed,        reply::none    },
    { listen,        event::abort,            closed,        reply::none    },  // 3.10.5
    { listen,        event::give_up,          closed,        reply::none    },  // 3.10.8: "for any state"

    { syn_sent,      event::rcv_syn_ack,      established,   reply::ack     },
    { syn_sent,      event::rcv_syn,          syn_received,  reply::syn_ack },  // simultaneous open
    { syn_sent,      event::rcv_rst,          closed,        reply::none    },  // 3.10.7.3, second
    { syn_sent,      event::close,            closed,        reply::none    },
    { syn_sent,      event::abort,            closed,        reply::none    },  // 3.10.5: no reset, nothing to reset
    { syn_sent,      event::give_up,          closed,        reply::none    },

    { syn_received,  event::rcv_ack_of_syn,   established,   reply::none    },
    { syn_received,  event::rcv_fin,          close_wait,    reply::ack     },  // 3.10.7.4, eighth
    { syn_received,  event::rcv_rst_passive,  listen,        reply::none    },  // note 1
    { syn_received,  event::rcv_syn_passive,  listen,        reply::none    },  // erratum 8710
    { syn_received,  event::rcv_rst,          closed,        reply::none    },  // note 3; an active open was refused
    { syn_received,  event::close,            fin_wait_1,    reply::fin     },
    { syn_received,  event::abort,            closed,        reply::rst     },
    { syn_received,  event::give_up,          closed,        reply::none    },

    { established,   event::close,            fin_wait_1,    reply::fin     },
    { established,   event::rcv_fin,          close_wait,    reply::ack     },
    { established,   event::rcv_rst,          closed,        reply::none    },
    { established,   event::abort,            closed,        reply::rst     },
    { established,   event::give_up,          closed,        reply::none    },

    { fin_wait_1,    event::rcv_ack_of_fin,   fin_wait_2,    reply::none    },
    { fin_wait_1,    event::rcv_fin,          closing,       reply::ack     },  // simultaneous close; note 2 is both rows in turn
    { fin_wait_1,    event::rcv_rst,          closed,        reply::none    },
    { fin_wait_1,    event::abort,            closed,        reply::rst     },
    { fin_wait_1,    event::give_up,          closed,        reply::none    },

    { fin_wait_2,    event::rcv_fin,          time_wait,     reply::ack     },
    { fin_wait_2,    event::rcv_rst,          closed,        reply::none    },
    { fin_wait_2,    event::abort,            closed,        reply::rst     },
    { fin_wait_2,    event::give_up,          closed,        reply::none    },
    { fin_wait_2,    event::fin_wait_2_over,  closed,        reply::none    },  // common practice, in no RFC

    { close_wait,    event::close,            last_ack,      reply::fin     },
    { close_wait,    event::rcv_rst,          closed,        reply::none    },
    { close_wait,    event::abort,            closed,        reply::rst     },
    { close_wait,    event::give_up,          closed,        reply::none    },

    { closing,       event::rcv_ack_of_fin,   time_wait,     reply::none    },
    { closing,       event::rcv_rst,          closed,        reply::none    },
    { closing,       event::abort,            closed,        reply::none    },  // 3.10.5: "ok", nothing is sent
    { closing,       event::give_up,          closed,        reply::none    },

    { last_ack,      event::rcv_ack_of_fin,   closed,        reply::none    },
    { last_ack,      event::rcv_rst,          closed,        reply::none    },
    { last_ack,      event::abort,            closed,        reply::none    },
    { last_ack,      event::give_up,          closed,        reply::none    },

    { time_wait,     event::time_wait_over,   closed,        reply::none    },
    { time_wait,     event::rcv_rst,          closed,        reply::none    },  // RFC 1337 would rather not; that is for admission
    { time_wait,     event::abort,            closed,        reply::none    },
    { time_wait,     event::give_up,          closed,        reply::none    },
});
// clang-format on
}  // namespace detail

inline constexpr auto const& rfc9293_rows = detail::rfc9293_rows;

}  // namespace tenon
