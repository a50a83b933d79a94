#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Holds the tree to the rules of docs/architecture.md: who may include whom, which standard headers reach firmware, how long a
file and a function may be, which words have no place, and that links between *.md files lead somewhere. `tidy.py ROOT` checks;
`tidy.py --self-test` proves each rule red."""
import pathlib
import re
import sys
import tempfile

FILE_LINES = 400
FUNCTION_LINES = 60

CORE_STD = set("cstdint cstddef cstring limits concepts compare bit type_traits array span optional algorithm utility new".split())
# Opt-in headers inside firmware rooms: they face the standard library, a printer or a person, and no core header includes them.
OPT_IN = re.compile(r"(^|/|_)(chrono|text|printer|diagram)\.hpp$")
FIRMWARE_ROOMS = {"core", "wire", "state", "policy", "engine"}
FIRMWARE_TOP = {"connection.hpp", "endpoint.hpp", "policies.hpp"}

# room -> rooms it may include besides itself, as in the table of docs/architecture.md.
BELOW = {"core", "wire", "state", "policy", "engine", "top"}
MAY_INCLUDE = {
    "core": set(),
    "wire": {"core"},
    "state": {"core"},
    "policy": {"core"},
    "engine": {"core", "wire", "state", "policy", "transport"},
    "host": BELOW | {"transport"},
    "transport": {"core", "wire"},
    "simulation": {"core", "wire", "trace", "transport"},
    "trace": {"core"},
}
# Decorators of a transport: the one other room that each may include.
DECORATORS = {"transport/capture.hpp": "trace", "transport/impairment.hpp": "simulation"}

FORBIDDEN_EVERYWHERE = [r"\bTODO\b", r"\bFIXME\b", r"\bXXX\b", r"(?i)\bplaceholder\b"]
FORBIDDEN_IN_FIRMWARE = [r"\bthrow\b", r"(?<!operator )\bnew\s+[\w:(]", r"\bdelete\s+[\w(\[]", r"\bdynamic_cast\b", r"\btypeid\b", r"\bfloat\b", r"\bdouble\b",
                         r"\btry\s*\{", r"\bmalloc\b", r"\bthread_local\b", r"\breinterpret_cast\b"]
# Placement new constructs in memory that is already there.
PLACEMENT_NEW = re.compile(r"(::)?\bnew\s*\(")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def room_of(header):
    return header.split("/")[0] if "/" in header else "top"


def is_firmware(header):
    return not OPT_IN.search(header) and (room_of(header) in FIRMWARE_ROOMS or header in FIRMWARE_TOP)


def edge_allowed(source, target):
    """May the header `source` include the header `target`? Both relative to include/tenon."""
    here, there = room_of(source), room_of(target)
    if here == "top":
        if source in FIRMWARE_TOP:
            return is_firmware(target) or target.startswith("transport/concept")
        return True
    if OPT_IN.search(target) and is_firmware(source):
        return False
    if here == "policy":  # axes do not know each other
        return there == "core" or (there == "policy" and target.split("/")[1] == source.split("/")[1])
    if here == there:
        return True
    if DECORATORS.get(source) == there:
        return True
    if there not in MAY_INCLUDE.get(here, set()):
        return False
    if there == "top":
        return target in FIRMWARE_TOP
    if there == "transport" or (here == "engine" and there == "policy"):  # contracts only
        return target.endswith("/concept.hpp")
    return True


def without_comments_and_strings(text):
    """Blanks comments, string and character literals; keeps every newline."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|R"([^(\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'(?![0-9a-fA-F])', re.S)
    text = re.sub(r"(?<=[0-9a-fA-F])'(?=[0-9a-fA-F])", "", text)  # digit separators
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def opens_function(head):
    """Does a brace after these words open a function's body? (Or a statement's within one: never longer than the function.)"""
    if ")" not in head or re.search(r"\bconcept\b", head):
        return False
    tail = head[head.rindex(")") + 1:]
    return not re.search(r"\b(namespace|struct|class|enum|union|requires)\b|^\s*>|[=(,]\s*$", tail)


def long_functions(code):
    """Yields (line, length) of function bodies longer than the limit."""
    stack = []
    line, start_of_statement = 1, 0
    for at, c in enumerate(code):
        if c == "\n":
            line += 1
        elif c == ";":
            start_of_statement = at + 1
        elif c == "{":
            stack.append((opens_function(code[start_of_statement:at]), line, start_of_statement))
            start_of_statement = at + 1
        elif c == "}" and stack:
            body, began, start_of_statement = stack.pop()
            if not re.match(r"\s*[,{]", code[at + 1:at + 80]):  # not within a constructor's initializers
                start_of_statement = at + 1
            if body and line - began + 1 > FUNCTION_LINES:
                yield began, line - began + 1


def check_includes(header, lines, say):
    for number, text in enumerate(lines, 1):
        found = INCLUDE.match(text)
        if not found:
            continue
        target = found.group(2)
        if target.startswith("tenon/"):
            if not edge_allowed(header, target[len("tenon/"):]):
                say(number, f"{room_of(header)} may not include {target}")
        elif found.group(1) == '"':
            say(number, f'include "{target}": write <tenon/...>')
        elif is_firmware(header) and target not in CORE_STD:
            say(number, f"firmware header includes <{target}>")


def check_header(header, text, code, say):
    lines = text.splitlines()
    if not any(l.strip() == "#pragma once" for l in lines):
        say(1, "no #pragma once")
    check_includes(header, lines, say)
    if is_firmware(header):
        for number, line in enumerate(code.splitlines(), 1):
            if line.lstrip().startswith("#"):
                continue
            line = PLACEMENT_NEW.sub("", line)
            for pattern in FORBIDDEN_IN_FIRMWARE:
                if re.search(pattern, line):
                    say(number, f"not in firmware: {line.strip()[:80]}")


def check_file(root, path, breaches):
    name = path.relative_to(root).as_posix()
    say = lambda line, what: breaches.append(f"{name}:{line}: {what}")
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    if not any("SPDX-License-Identifier: BSL-1.0" in l for l in lines[:2]):
        say(1, "no SPDX line")
    if len(lines) > FILE_LINES:
        say(len(lines), f"file of {len(lines)} lines, limit {FILE_LINES}")
    if path.name != "tidy.py":
        for number, line in enumerate(lines, 1):
            for pattern in FORBIDDEN_EVERYWHERE:
                if re.search(pattern, line):
                    say(number, f"forbidden word: {line.strip()[:80]}")
    if path.suffix in (".hpp", ".cpp"):
        code = without_comments_and_strings(text)
        for number, length in long_functions(code):
            say(number, f"function of {length} lines, limit {FUNCTION_LINES}")
        if name.startswith("include/tenon/"):
            check_header(name[len("include/tenon/"):], text, code, say)


def anchors(text):
    """The fragments by which headings of a page can be linked to."""
    headings = re.findall(r"^#+ +(.*?) *$", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M), re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def check_links(root, path, breaches):
    blank = lambda m: re.sub(r"[^\n]", " ", m.group())
    text = re.sub(r"^```.*?^```|`[^`\n]*`", blank, path.read_text(encoding="utf-8"), flags=re.S | re.M)
    for found in re.finditer(r"\]\(([^()\s]+)\)", text):
        link = found.group(1)
        if re.match(r"[a-z][a-z+.-]*:", link):
            continue  # elsewhere
        name, _, fragment = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        alive = target.is_relative_to(root) and target.exists()
        if alive and fragment:
            alive = target.suffix == ".md" and fragment in anchors(target.read_text(encoding="utf-8"))
        if not alive:
            line = text.count("\n", 0, found.start()) + 1
            breaches.append(f"{path.relative_to(root).as_posix()}:{line}: dead link {link}")


def check_tree(root):
    breaches, seen = [], 0
    pages = [*root.glob("*.md"), *(p for top in ("docs", "test", "examples", "benchmarks") for p in (root / top).rglob("*.md"))]
    for path in sorted(pages):
        check_links(root, path, breaches)
        seen += 1
    for top in ("include", "test", "examples", "benchmarks"):
        for path in sorted((root / top).rglob("*")):
            if path.is_file() and path.suffix in (".hpp", ".cpp", ".py", ".sh") and "corpus" not in path.parts:
                check_file(root, path, breaches)
                seen += 1
    for include in (root / "include").iterdir():
        if include.name != "tenon":
            breaches.append(f"include/{include.name}: only include/tenon belongs there")
    return breaches, seen


HEAD = "// SPDX-License-Identifier: BSL-1.0\n#pragma once\n"
LONG_BODY = "inline int f(int a) noexcept {\n" + "    a += 1;\n" * 60 + "    return a;\n}\n"
# file -> text that breaks exactly one rule, and the words that must appear
BREACHES = [
    ("include/tenon/core/a.hpp", HEAD + "#include <tenon/wire/segment.hpp>\n", "core may not include"),
    ("include/tenon/wire/a.hpp", HEAD + "#include <tenon/engine/path.hpp>\n", "wire may not include"),
    ("include/tenon/state/a.hpp", HEAD + "#include <tenon/wire/segment.hpp>\n", "state may not include"),
    ("include/tenon/policy/congestion/a.hpp", HEAD + "#include <tenon/policy/pacing/concept.hpp>\n", "policy may not include"),
    ("include/tenon/policy/congestion/b.hpp", HEAD + "#include <tenon/wire/segment.hpp>\n", "policy may not include"),
    ("include/tenon/engine/a.hpp", HEAD + "#include <tenon/policy/congestion/cubic.hpp>\n", "engine may not include"),
    ("include/tenon/engine/b.hpp", HEAD + "#include <tenon/connection.hpp>\n", "engine may not include"),
    ("include/tenon/transport/a.hpp", HEAD + "#include <tenon/simulation/link.hpp>\n", "transport may not include"),
    ("include/tenon/connection.hpp", HEAD + "#include <tenon/host/listener.hpp>\n", "top may not include"),
    ("include/tenon/state/b.hpp", HEAD + "#include <tenon/state/diagram.hpp>\n", "state may not include"),
    ("include/tenon/trace/a.hpp", HEAD + "#include <tenon/transport/tun.hpp>\n", "trace may not include"),
    ("include/tenon/core/b.hpp", HEAD + "#include <vector>\n", "firmware header includes <vector>"),
    ("include/tenon/engine/c.hpp", HEAD + "#include <range/v3/algorithm/copy.hpp>\n", "firmware header includes"),
    ("include/tenon/core/c.hpp", HEAD + '#include "units.hpp"\n', "write <tenon/...>"),
    ("include/tenon/core/d.hpp", HEAD + "inline void f() { throw 1; }\n", "not in firmware"),
    ("include/tenon/core/e.hpp", HEAD + "inline int* f() { return new int; }\n", "not in firmware"),
    ("include/tenon/core/f.hpp", HEAD + "inline double f() { return 1; }\n", "not in firmware"),
    ("include/tenon/core/g.hpp", "// SPDX-License-Identifier: BSL-1.0\n", "no #pragma once"),
    ("include/tenon/core/h.hpp", "#pragma once\n", "no SPDX line"),
    ("include/tenon/core/i.hpp", HEAD + "\n" * 400, "limit 400"),
    ("include/tenon/core/j.hpp", HEAD + LONG_BODY, "limit 60"),
    ("include/tenon/core/l.hpp", HEAD + "struct s {\n    int a, b;\n    s(int x) noexcept : a{x}, b{x} {\n" + "\n" * 60 + "    }\n};\n", "limit 60"),
    ("test/core/k.cpp", "// SPDX-License-Identifier: BSL-1.0\n// " + "TO" + "DO: later\n", "forbidden word"),
    ("include/tenon/transport/tun.hpp", HEAD + "#include <tenon/trace/pcapng.hpp>\n", "transport may not include"),
    ("include/tenon/host/a.hpp", HEAD + "#include <tenon/transport/tun.hpp>\n", "host may not include"),
    ("include/tenon/simulation/a.hpp", HEAD + "#include <tenon/endpoint.hpp>\n", "simulation may not include"),
    ("README.md", "See [this](docs/missing.md).\n", "dead link docs/missing.md"),
    ("docs/a.md", "# A\n\n[out](../../b.md)\n", "dead link ../../b.md"),
    ("docs/b.md", "# One thing\n\n[here](#one-thing) and [there](#another)\n", "dead link #another"),
    ("examples/m.cpp", "// SPDX-License-Identifier: BSL-1.0\nint main() {\n" + "\n" * 60 + "}\n", "limit 60"),
]
LEGAL = [
    ("include/tenon/wire/a.hpp", HEAD + "#include <array>\n#include <tenon/core/units.hpp>\n#include <tenon/wire/b.hpp>\n"),
    ("include/tenon/policy/congestion/a.hpp", HEAD + "// throw new double\n#include <tenon/policy/congestion/concept.hpp>\n"),
    ("include/tenon/engine/a.hpp", HEAD + "#include <tenon/policy/congestion/concept.hpp>\nstruct s {\n" + "    int f(int a) { return a; }\n" * 80 + "};\n"),
    ("include/tenon/core/b.hpp", HEAD + "template <class T> requires (sizeof(T) > 1)\nstruct s {\n" + "\n" * 70 + "};\nalignas(4) int t[] = {\n" + "1,\n" * 70 + "};\n"),
    ("include/tenon/core/a.hpp", HEAD + "#include <new>\ninline void f(void* p) { ::new (p) int; }\ninline int g() { return 1'000'000; }\n"),
    ("include/tenon/state/diagram.hpp", HEAD + "#include <string>\n#include <tenon/state/text.hpp>\n"),
    ("include/tenon/transport/a.hpp", HEAD + "#include <vector>\n#include <tenon/core/time.hpp>\n"),
    ("include/tenon/transport/capture.hpp", HEAD + "#include <tenon/trace/pcapng.hpp>\n"),
    ("include/tenon/tenon.hpp", HEAD + "#include <tenon/host.hpp>\n"),
    ("docs/a.md", "# `one` thing, two\n\n[a](a.md#one-thing-two) [b](https://example.org/x) `[](void)`\n```cpp\n[](int) {}\n```\n"),
]


def breaches_of(name, text):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "include/tenon").mkdir(parents=True)
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return check_tree(root)[0]


def self_test():
    wrong = []
    for name, text, words in BREACHES:
        found = breaches_of(name, text)
        if len(found) != 1 or words not in found[0]:
            wrong.append(f"{name}: expected one breach with '{words}', found {found}")
    for name, text in LEGAL:
        found = breaches_of(name, text)
        if found:
            wrong.append(f"{name} is legal, found {found}")
    print("\n".join(wrong) or f"{len(BREACHES)} breaches found, {len(LEGAL)} legal files passed")
    return 1 if wrong else 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    breaches, seen = check_tree(pathlib.Path(sys.argv[1]).resolve())
    print("\n".join(breaches) or f"{seen} files are tidy")
    return 1 if breaches or seen == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
