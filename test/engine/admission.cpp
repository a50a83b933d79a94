// SPDX-License-Identifier: BSL-1.0
// What to do with a segment, from the words of RFC 9293, 3.10.7.3 and 3.10.7.4, and RFC 5961; every verdict, with and without
// the checks against blind attacks.
#include <tenon/engine/admission.hpp>

#include <array>
#include <cstdint>
#include <span>

#include <boost/test/unit_test.hpp>

using tenon::bytes;
using tenon::engine::admitted;
using tenon::engine::judge;
using tenon::engine::judge_syn_sent;
using tenon::engine::receive_space;
using tenon::engine::send_space;
using tenon::wire::flag;
using tenon::wire::flags;
using enum tenon::engine::admitted;
using s = tenon::state;

namespace {

// SND.UNA 0, SND.NXT 100, Max(SND.WND) 50; RCV.NXT 0, RCV.WND 10; all relative, so that the circle's end can be put anywhere.
struct row {
    std::uint16_t control;
    std::int32_t  seq, ack;
    bytes         octets;
    admitted      checked, plain;
    bytes         window = 10;
};

constexpr std::uint16_t A = 16, R = 4, S = 2, F = 1;

// ESTABLISHED and every later state but TIME-WAIT.
constexpr auto synchronized = std::to_array<row>({
    // flags seq  ack  text   with RFC 5961      without
    { A,      0,   1,   0,    process,           process        },
    { A,      0,   1,   5,    process,           process        },
    { A,      9,   1,   1,    process,           process        },
    { A | F,  0, 100,   0,    process,           process        },
    { A,     -3,   1,   5,    process,           process        },  // the front half is old
    { A,      0,   0,   0,    process,           process        },  // a duplicate
    { A,      0, -50,   1,    process,           process        },  // old, not older than Max(SND.WND)
    // "If the ACK bit is off, drop the segment and return."
    { 0,      0,   0,   5,    drop,              drop           },
    { F,      0,   0,   0,    drop,              drop           },
    // RFC 5961, 5.2: (SND.UNA - MAX.SND.WND) <= SEG.ACK <= SND.NXT
    { A,      0, -51,   1,    challenge,         process        },
    { A,      0, 101,   1,    challenge,         acknowledge    },  // "acks something not yet sent: send an ACK, drop"
    // Not acceptable: "an acknowledgment should be sent in reply (unless the RST bit is set)".
    { A,     10,   1,   1,    acknowledge,       acknowledge    },
    { A,     -5,   1,   5,    acknowledge,       acknowledge    },
    { A,     11,   1,   0,    acknowledge,       acknowledge    },
    { 0,     -9,   0,   1,    acknowledge,       acknowledge    },
    // A.2: just before the window (a keep-alive, a probe that has been taken): its ACK is heard.
    { A,     -1,   1,   0,    ack_alone,         ack_alone      },
    { A,     -1,   1,   1,    ack_alone,         ack_alone      },
    { A,     -1, 101,   1,    acknowledge,       acknowledge    },
    // "If the RCV.WND is zero, no segments will be acceptable, but special allowance should be made [for] ACKs [and] RSTs."
    { A,      0,   1,   0,    process,           process,     0 },
    { A,      0,   1,   1,    ack_alone,         ack_alone,   0 },
    { A,      0, 101,   1,    acknowledge,       acknowledge, 0 },
    { A,      1,   1,   0,    acknowledge,       acknowledge, 0 },
    { R,      0,   0,   0,    reset,             reset,       0 },
    { R | A,  0,   0,   3,    reset,             reset,       0 },
    { R,      1,   0,   0,    drop,              drop,        0 },
    // RFC 5961, 3.2: exactly RCV.NXT resets, elsewhere in the window is challenged, outside is dropped.
    { R,      0,   0,   0,    reset,             reset          },
    { R | A,  0,   1,   0,    reset,             reset          },
    { R,      1,   0,   0,    challenge,         reset          },
    { R | A,  9, 101,   0,    challenge,         reset          },
    { R,     10,   0,   0,    drop,              drop           },
    { R,     -1,   0,   0,    drop,              drop           },
    // RFC 5961, 4.2: a SYN, "irrespective of the sequence number", is challenged.
    { S,      0,   0,   0,    challenge,         new_incarnation },
    { S | A,  5,   1,   0,    challenge,         new_incarnation },
    { S,     50,   0,   0,    challenge,         acknowledge    },
    { S | A, -1,   1,   0,    challenge,         acknowledge    },
    { S | R,  1,   0,   0,    challenge,         reset          },  // RST goes first
});

// Where TIME-WAIT differs: RFC 1337, F1 (a RST does not end it), and a SYN in the window ends nothing.
constexpr auto time_wait = std::to_array<row>({
    { A,      0, 100,   0,    process,           process        },
    { A | F, -1, 100,   0,    ack_alone,         ack_alone      },
    { A | F, -5, 100,   4,    acknowledge,       acknowledge    },
    { R,      0,   0,   0,    drop,              drop           },
    { R,      3,   0,   0,    drop,              drop           },
    { R,      0,   0,   0,    drop,              drop,        0 },
    { R,      0,   0,   1,    drop,              drop,        0 },
    { S,      0,   0,   0,    challenge,         acknowledge    },
    { S,     99,   0,   0,    challenge,         acknowledge    },
});

// SYN-RECEIVED: "if SND.UNA < SEG.ACK =< SND.NXT then enter ESTABLISHED; [otherwise] form a reset".
constexpr auto syn_received = std::to_array<row>({
    { A,      0,   1,   0,    process,           process        },
    { A,      0, 100,   3,    process,           process        },
    { A,      0,   0,   0,    reset_peer,        reset_peer     },
    { A,      0,  -1,   0,    reset_peer,        reset_peer     },
    { A,      0, 101,   0,    reset_peer,        reset_peer     },
    { 0,      0,   0,   1,    drop,              drop           },
    { R,      0,   0,   0,    reset,             reset          },
    { R,      4,   0,   0,    challenge,         reset          },
    { R,     10,   0,   0,    drop,              drop           },
    // A.2: the SYN-ACK of a simultaneous open stands just before RCV.NXT.
    { S | A, -1,   1,   0,    ack_alone,         ack_alone      },
    { S,     -1,   0,   0,    acknowledge,       acknowledge    },  // the peer's SYN again: our SYN-ACK was lost
    { S | A, -1, 101,   0,    acknowledge,       acknowledge    },
});
// Erratum 8710, RFC 5961, 4.2: from LISTEN a SYN in the window returns there.
constexpr auto syn_received_passive = std::to_array<row>({{ S, 0, 0, 0, back_to_listen, back_to_listen }});
constexpr auto syn_received_active  = std::to_array<row>({{ S, 0, 0, 0, challenge, new_incarnation }});

constexpr auto origins = std::to_array<std::uint32_t>({0, 3, 60, 0x7fff'ffff, 0x8000'0000, 0xffff'ff00, 0xffff'fff5, 0xffff'ffff});

void check(s state, bool passive, std::span<row const> rows) {
    std::array<std::byte, 16> const text{};
    for (auto const snd_origin : origins)
        for (auto const rcv_origin : origins)
            for (std::size_t i = 0; i < rows.size(); ++i) {
                auto const& r = rows[i];
                send_space const snd{.una = {snd_origin}, .nxt = {snd_origin + 100}, .end = {snd_origin + 100}, .window = 50, .max_window = 50};
                receive_space const rcv{.front = {rcv_origin}, .nxt = {rcv_origin}, .edge = {rcv_origin + r.window}};
                tenon::wire::segment const in{.seq = {rcv_origin + static_cast<std::uint32_t>(r.seq)},
                                              .ack = {snd_origin + static_cast<std::uint32_t>(r.ack)}, .control = flags{r.control},
                                              .payload = std::span{text}.first(r.octets)};
                BOOST_TEST_CONTEXT("row " << i << " of " << rows.size() << ", state " << static_cast<int>(state) << ", origins " << snd_origin
                                          << ", " << rcv_origin) {
                    BOOST_TEST((judge<true>({state, passive}, snd, rcv, in) == r.checked));
                    BOOST_TEST((judge<false>({state, passive}, snd, rcv, in) == r.plain));
                }
            }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_admission)

BOOST_AUTO_TEST_CASE(synchronized_states) {
    for (auto const state : {s::established, s::fin_wait_1, s::fin_wait_2, s::close_wait, s::closing, s::last_ack})
        for (bool const passive : {false, true}) check(state, passive, synchronized);
}
BOOST_AUTO_TEST_CASE(time_wait_is_not_cut_short) { check(s::time_wait, false, time_wait); }
BOOST_AUTO_TEST_CASE(syn_received_waits_for_its_ack) {
    for (bool const passive : {false, true}) check(s::syn_received, passive, syn_received);
    check(s::syn_received, true, syn_received_passive);
    check(s::syn_received, false, syn_received_active);
}

// RFC 9293, 3.10.7.3; erratum 8167: RFC 5961 adds nothing here.
BOOST_AUTO_TEST_CASE(syn_sent_believes_only_who_has_seen_its_syn) {
    struct syn_row {
        std::uint16_t control;
        std::int32_t  ack;  // relative to ISS; SND.NXT = ISS + 1
        admitted      verdict;
    };
    constexpr auto rows = std::to_array<syn_row>({
        { S | A,     1, process    },
        { S,         0, process    },  // simultaneous open
        { S,        77, process    },  // no ACK bit: the field says nothing
        { S | A,     0, reset_peer },  // "SEG.ACK =< ISS"
        { S | A,    -1, reset_peer },
        { S | A,     2, reset_peer },  // "SEG.ACK > SND.NXT"
        { A,         2, reset_peer },
        { A,         1, drop       },  // "if neither of the SYN or RST bits is set, then drop"
        { F,         0, drop       },
        { 0,         0, drop       },
        { R | A,     1, reset      },
        { R | A | S, 1, reset      },
        { R | A,     0, drop       },  // "unless the RST bit is set, if so drop the segment"
        { R | A,     2, drop       },
        { R,         0, drop       },
        { R,         1, drop       },
    });
    for (auto const iss : origins)
        for (std::size_t i = 0; i < rows.size(); ++i) {
            send_space snd;
            snd.start({iss});
            snd.nxt += 1;
            tenon::wire::segment const in{.seq = {42}, .ack = {iss + static_cast<std::uint32_t>(rows[i].ack)}, .control = flags{rows[i].control}};
            BOOST_TEST_CONTEXT("row " << i << ", ISS " << iss) BOOST_TEST((judge_syn_sent(snd, in) == rows[i].verdict));
        }
}

BOOST_AUTO_TEST_SUITE_END()
