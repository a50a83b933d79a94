#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Only basic_machine::apply changes a connection's state. The compiler sees to it as far as `private` reaches; here the rest:
nothing copies over a machine, or over an object that holds one, and nothing reaches into memory. `state_changes.py ROOT` checks;
`state_changes.py --self-test` proves each rule red. It reads text, not C++: a new way to write one is found by its words."""
import pathlib
import re
import sys
import tempfile

sys.dont_write_bytecode = True  # leaves no __pycache__ in the source tree
from tidy import without_comments_and_strings

HOME = "state/machine.hpp"
# Where a machine may be declared, by which name; and where an object that holds one may be, by which name.
MACHINES = {"engine/control_block.hpp": {"machine_"}}
HOLDERS = {"endpoint.hpp": {"connection_"}, "host/tables.hpp": {"connection"}}
# Types that hold a machine. A class of a transport or a simulation is never one.
HOLDING = r"(?:tenon::)?(?:engine::)?(?:connection|control_block|input_steps|endpoint|basic_host|host)\s*<[\w:<>, ]*>"
MACHINE = r"(?:tenon::)?(?:basic_machine\s*<[\w:<>, ]*>|\bmachine\b)"
NAMES = {name for names in MACHINES.values() for name in names}

# Casts that could write where the type system forbids; the octets of a system call are const there.
CASTS = re.compile(r"\b(const_cast|reinterpret_cast|(?:std::)?bit_cast|start_lifetime_as|construct_at|destroy_at)\b")
LEGAL_CASTS = {"transport/tun.hpp": r"const_cast<std::byte\*>\(piece\.data\(\)\)", "transport/udp.hpp": r"const_cast<std::byte\*>\(piece\.data\(\)\)"}
# The octets of an object as a target. A word of a checksum is one.
RAW = re.compile(r"\bmem(?:cpy|move|set)\s*\(\s*(?:static_cast\s*<\s*void\s*\*\s*>\s*\(\s*)?(?:&|this\b|(?:std::)?addressof)[^,]*")
LEGAL_RAW = {"wire/checksum.hpp": r"memcpy\(&(v|word)$"}
# An object that is made anew as a whole. Whoever assigns to *this holds no machine: the halves, their spaces, an episode of recovery,
# and the rooms that may not know the state (tidy.py).
WHOLE = re.compile(r"\*\s*this\s*=(?!=)")
LEGAL_WHOLE = ("engine/congestion_marks.hpp", "engine/episode.hpp", "engine/timestamps.hpp",
               "engine/receive_space.hpp", "engine/send_space.hpp", "engine/sender.hpp", "policy/", "wire/", "core/")
CHANGED = r"\b(?:swap|exchange)\s*\([^;]*\b{0}\b|(?<!\{{\.)(?<!, \.)\b{0}\s*=(?!=)"  # but no field of an initializer


def body_of(code, head):
    """The text of the first block after a match of `head`."""
    found = re.search(head, code)
    if not found:
        return ""
    at = start = code.index("{", found.end() - 1)
    depth = 0
    while True:
        depth += {"{": 1, "}": -1}.get(code[at], 0)
        at += 1
        if depth == 0:
            return code[start:at]


def check_home(code, say):
    """now_ is private, nobody's friend, handed out by value, and assigned once: in apply."""
    machine = body_of(code, r"class\s+basic_machine\s*\{")
    inside = machine.partition("private:")
    if not machine or "now_{}" not in inside[2] or re.search(r"\b(public|protected)\s*:", inside[2]):
        say("now_ is not private to basic_machine")
    assigned = r"\bnow_\s*(?:=(?!=)|[-+|&^]=)|(?:\+\+|--|&)\s*now_\b|\bnow_\s*(?:\+\+|--)"
    if len(re.findall(assigned, machine)) != 1 or len(re.findall(assigned, body_of(machine, r"\bapply\s*\(event e\)\s*noexcept\s*\{"))) != 1:
        say("now_ is assigned outside apply")
    if re.search(r"\bfriend\b(?![^;]*operator==[^;]*= default;)", machine):
        say("basic_machine has a friend")
    if re.search(r"[&*]\s*now\s*\(\)|\bmutable\b", machine):
        say("the state is handed out to be changed")
    functions = set(re.findall(r"\b(\w+)\s*\([^()]*\)\s*noexcept\s*\{", machine))
    if functions != {"apply"}:
        say(f"basic_machine changes by more than apply: {sorted(functions)}")
    if re.search(r"\bbasic_machine\s*\([^)]*\bstate\b", machine):
        say("a machine is made in a state")


def check_line(header, line, say):
    for name in re.findall(MACHINE + r"\s*[&*]?\s*(\w+)\s*[{;=,)(]", line):
        if name not in MACHINES.get(header, ()):
            say(f"a machine besides the connection's: {name}")
    if re.search(MACHINE, line) and header not in MACHINES and not re.search(MACHINE + r"\s*[&*]?\s*\w+\s*[{;=,)(]", line):
        say("names the machine's type")
    for name in NAMES:
        for used in re.finditer(rf"\b{name}\b", line):
            rest = line[used.end():]
            declared = header in MACHINES and re.match(r"\{\};", rest)
            brought = re.search(r"(\busing\b.*|^\s*)base::$", line[:used.start()])
            if not declared and not brought and not re.match(r"\.(apply\(|now\(\))", rest):
                say(f"{name} is touched by more than apply and now")
    for name in re.findall(HOLDING + r"\s+(\w+)\s*[{;]", line):
        if name not in HOLDERS.get(header, ()):
            say(f"a connection is held here, which is not listed: {name}")
    for name in {n for names in HOLDERS.values() for n in names}:
        if re.search(CHANGED.format(name), line) and not re.search(HOLDING.replace(r"\s*<", r"(?:_handle)?\s*<") + r"|using", line):
            say(f"{name} is replaced as a whole")
    if header in ("host.hpp", "host/core.hpp", "host/tables.hpp") and re.search(r"\bslots\s*(\[[^\]]*\])?\s*=(?!=)", line):
        say("slots with connections are replaced as a whole")
    if WHOLE.search(line) and not header.startswith(LEGAL_WHOLE):
        say("*this is replaced as a whole")
    for cast in CASTS.findall(re.sub(LEGAL_CASTS.get(header, r"(?!)"), "", line)):
        say(f"{cast} could change a state")
    for target in RAW.findall(line):
        if not re.search(LEGAL_RAW.get(header, r"(?!)"), target):
            say(f"writes octets into an object: {target.strip()}")


def check(root):
    breaches, applied = [], 0
    folder = root / "include/tenon"
    for path in sorted(folder.rglob("*.hpp")):
        header = path.relative_to(folder).as_posix()
        code = without_comments_and_strings(path.read_text(encoding="utf-8"))
        applied += len(re.findall(r"\bmachine_\.apply\(", code))
        if header == HOME:
            check_home(code, lambda what: breaches.append(f"{header}: {what}"))
            continue
        for number, line in enumerate(code.splitlines(), 1):
            if not line.lstrip().startswith("#"):
                check_line(header, line, lambda what: breaches.append(f"{header}:{number}: {what}"))
    return breaches, applied


GOOD = """class basic_machine {
public:
    constexpr state now() const noexcept { return now_; }
    constexpr transition apply(event e) noexcept {
        transition const t = Table::next(now_, e);
        now_ = t.to();
        return t;
    }
    friend constexpr bool operator==(basic_machine, basic_machine) noexcept = default;
private:
    state now_{};
};
"""
BREACHES = [
    (HOME, GOOD.replace("private:", ""), "not private"),
    (HOME, GOOD.replace("private:", "    constexpr void force(state s) noexcept { now_ = s; }\nprivate:"), "outside apply"),
    (HOME, GOOD.replace("private:", "    friend struct tester;\nprivate:"), "friend"),
    (HOME, GOOD.replace("state now() const", "state const& now() const"), "handed out"),
    (HOME, GOOD.replace("private:", "    constexpr void turn() noexcept { *this = {}; }\nprivate:"), "by more than apply"),
    ("engine/control_block.hpp", "basic_machine<typename P::state_table> other_{};", "besides the connection's"),
    ("host/a.hpp", "machine m;", "besides the connection's"),
    ("host/a.hpp", "using mine = basic_machine<other_table>;", "names the machine's type"),
    ("engine/input_steps.hpp", "machine_ = {};", "more than apply and now"),
    ("engine/input_steps.hpp", "auto* m = &machine_;", "more than apply and now"),
    ("engine/input_steps.hpp", "std::swap(machine_, other.machine_);", "more than apply and now"),
    ("connection.hpp", "*this = {};", "*this is replaced"),
    ("endpoint.hpp", "connection_ = {};", "replaced as a whole"),
    ("endpoint.hpp", "auto old = std::exchange(connection_, {});", "replaced as a whole"),
    ("host/core.hpp", "slots[i].connection = {};", "replaced as a whole"),
    ("host/core.hpp", "slots[i] = {};", "replaced as a whole"),
    ("host/core.hpp", "tenon::connection<P> spare_{};", "not listed"),
    ("engine/a.hpp", "auto& s = const_cast<state&>(s0);", "const_cast"),
    ("transport/tun.hpp", "auto& s = const_cast<state&>(s0);", "const_cast"),
    ("host/a.hpp", "auto* s = reinterpret_cast<state*>(p);", "reinterpret_cast"),
    ("host/a.hpp", "auto m = std::bit_cast<thing>(octet);", "bit_cast"),
    ("host/a.hpp", "std::construct_at(&c);", "construct_at"),
    ("host/a.hpp", "std::memcpy(&c, &d, sizeof c);", "octets into an object"),
    ("connection.hpp", "std::memset(this, 0, sizeof *this);", "octets into an object"),
]
LEGAL = [
    (HOME, GOOD),
    ("engine/control_block.hpp", "    basic_machine<typename P::state_table> machine_{};\n    auto t = machine_.apply(event::abort);\n"),
    ("engine/input_steps.hpp", "using base::checks_, base::machine_, base::send_;\nif (machine_.apply(event::close).taken()) f(machine_.now());\n"),
    ("endpoint.hpp", "tenon::connection<P> connection_{};\nbool b = connection_ == other.connection_;  // connection_ = {}\n"),
    ("host/tables.hpp", "tenon::connection<P> connection{};\n"),
    ("host.hpp", "return event{.connection = handle(e->id), .bits = e->bits};\n"),
    ("policy/a/b.hpp", "*this = {};\n"),
    ("engine/send_space.hpp", "*this = {.una = iss};\n"),
    ("transport/udp.hpp", "parts[n] = {const_cast<std::byte*>(piece.data()), piece.size()};\n"),
    ("wire/checksum.hpp", "std::memcpy(&v, from, sizeof v);\nstd::memcpy(to, &v, n);\n"),
]


def found_in(header, text):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "include/tenon" / header
        path.parent.mkdir(parents=True)
        path.write_text(text)
        return check(pathlib.Path(folder))[0]


def self_test():
    wrong = []
    for header, text, words in BREACHES:
        found = found_in(header, text)
        if not any(words in one for one in found):
            wrong.append(f"{header}: expected '{words}' of: {text.strip()[:120]}; found {found}")
    for header, text in LEGAL:
        if found := found_in(header, text):
            wrong.append(f"{header} is legal, found {found}")
    print("\n".join(wrong) or f"{len(BREACHES)} breaches found, {len(LEGAL)} legal texts passed")
    return 1 if wrong else 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    root = pathlib.Path(sys.argv[1]).resolve()
    breaches, applied = check(root)
    if not (root / "include/tenon" / HOME).is_file() or applied == 0:
        breaches.append("no machine was found: the names in this script are out of date")
    print("\n".join(breaches) or f"the state changes at {applied} places, all by apply")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
