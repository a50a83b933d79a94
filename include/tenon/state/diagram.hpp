// SPDX-License-Identifier: BSL-1.0
// The state table as a Graphviz drawing: docs/state-machine.dot is what `diagram(rfc9293_rows)` returns. For hosted programs;
// not included by anything else. O(rows x states).
#pragma once
#include <span>
#include <string>

#include <tenon/state/names.hpp>
#include <tenon/state/state.hpp>
#include <tenon/state/table.hpp>

namespace tenon {

namespace detail {

// These lead from almost everywhere to CLOSED; as in figure 5 they are told in words, not drawn.
constexpr bool told_in_the_note(row const& r) noexcept {
    return r.to == state::closed && (r.on == event::rcv_rst || r.on == event::abort || r.on == event::give_up);
}

inline std::string quoted(state s) { return std::string{"\""} + name_of(s) + "\""; }

inline std::string edge_label(row const& r) {
    std::string text = name_of(r.on);
    if (r.send != reply::none) text += std::string{" / "} + name_of(r.send);
    return text;
}

// One edge for all rows between two states, one line of its label for each row.
inline std::string edge(std::span<row const> rows, state from, state to) {
    std::string label;
    for (row const& r : rows) {
        if (r.from != from || r.to != to || told_in_the_note(r)) continue;
        label += "  " + edge_label(r) + "\\l";
    }
    if (label.empty()) return {};
    // As in figure 5, CLOSED stands at the top, where connections begin, and again at the bottom, where they end.
    bool const ends = to == state::closed && synchronized(from);
    bool const up = to < from && !ends;  // drawn from its head, so that Graphviz keeps the states in their order
    std::string const head = ends ? "end" : quoted(to);
    return "    " + (up ? head + " -> " + quoted(from) : quoted(from) + " -> " + head) + " [label=\"" + label + "\"" +
           (up ? " dir=back]\n" : "]\n");
}

inline std::string note_line(std::span<row const> rows, event on, reply send) {
    std::string states;
    for (row const& r : rows)
        if (told_in_the_note(r) && r.on == on && r.send == send)
            states += (states.empty() ? "" : ", ") + std::string{name_of(r.from)};
    if (states.empty()) return {};
    return edge_label({state::closed, on, state::closed, send}) + ": " + states + "\\l";
}

inline std::string note(std::span<row const> rows) {
    std::string text;
    for (event const on : {event::rcv_rst, event::abort, event::give_up})
        for (reply const send : {reply::none, reply::rst}) text += note_line(rows, on, send);
    return text;
}

}  // namespace detail

inline std::string diagram(std::span<row const> rows) {
    std::string text =
        "// Made from include/tenon/state/table.hpp; see docs/state-machine.md.\n"
        "digraph tcp {\n"
        "    graph [fontname=\"Helvetica\" fontsize=10 labeljust=l nodesep=0.7 ranksep=0.55]\n"
        "    node [shape=box style=rounded fontname=\"Helvetica\" fontsize=12]\n"
        "    edge [fontname=\"Helvetica\" fontsize=10]\n"
        "    label=\"Also to CLOSED, not drawn:\\l" + detail::note(rows) + "\"\n"
        "    end [label=\"CLOSED\"]\n"
        "    { rank=same; \"SYN-RECEIVED\"; \"SYN-SENT\" }\n"
        "    { rank=same; \"FIN-WAIT-1\"; \"CLOSE-WAIT\" }\n"
        "    { rank=same; \"FIN-WAIT-2\"; \"CLOSING\"; \"LAST-ACK\" }\n";
    for (unsigned from = 0; from < state_count; ++from)
        for (unsigned to = 0; to < state_count; ++to) text += detail::edge(rows, static_cast<state>(from), static_cast<state>(to));
    return text + "}\n";
}

}  // namespace tenon
