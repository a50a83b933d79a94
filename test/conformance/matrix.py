#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The matrix of requirements and tests.

    matrix.py write SOURCE BUILD      makes docs/conformance.md from requirements.csv and the records of the last run of the unit tests
    matrix.py check SOURCE BUILD      the same without writing; tells what is missing, contradictory, failed or stale
    matrix.py row SOURCE ID           prints one requirement
    matrix.py self-test               proves each rule red

A record is what a test executable says about its run (test/support/record.hpp): "passed", "failed" or "empty" (it ran and checked
nothing), the name of the test, its labels. BUILD/test/records/list names all records that there must be, each with its executable."""
import collections
import csv
import io
import pathlib
import re
import sys

COLUMNS = ["id", "rfc", "section", "level", "requirement", "answer", "text"]
KINDS = ["tests", "not applicable", "deviation", "open"]
NAMES = {"tests": "answered by tests", "not applicable": "does not apply", "deviation": "deviation", "open": "open"}
LEVELS = collections.OrderedDict([
    ("MUST", ("MUST", "MUST NOT")), ("SHOULD", ("SHOULD", "SHOULD NOT", "RECOMMENDED")), ("MAY", ("MAY",)),
    ("step or advice", ("ALGORITHM", "ADVICE"))])
ID = re.compile(r"(MUST|SHLD|MAY|REC)-\d+$|\d{4}-u?\d+$")

HEAD = """# Conformance

Made by `test/conformance/matrix.py` from [requirements.csv](../test/conformance/requirements.csv) and from what the unit tests recorded
when they ran; CTest's `conformance.matrix` fails when a row has no answer, a label names no row, a test that is named here did not run
or did not pass, or this page is stale. `python3 test/conformance/matrix.py write . build/dev` makes it anew after a run of the tests.

`sh test/conformance/show.sh MUST-25` prints one requirement and runs its tests, and nothing else.

A test belongs to a requirement when it carries its id as a label: in the citation of a `CONVERSATION`, or by the decorator `requirement`
([requirement.hpp](../test/support/requirement.hpp)). MUST-n, SHLD-n, MAY-n and REC-1 are the labels of RFC 9293 itself; the other ids are
the number of the RFC and a running number, with a `u` where RFC 9293 has no label.
"""


def read_rows(text, problems):
    rows = list(csv.DictReader(io.StringIO(text)))
    seen = set()
    for row in rows:
        name = row.get("id") or "?"
        if list(row) != COLUMNS or None in row.values():
            problems.append(f"{name}: not the columns {','.join(COLUMNS)}")
            continue
        if not ID.match(name):
            problems.append(f"{name}: no id")
        if name in seen:
            problems.append(f"{name}: twice")
        seen.add(name)
        if row["answer"] not in KINDS:
            problems.append(f"{name}: no answer")
        elif row["answer"] != "tests" and len(row["text"].split()) < 2:
            problems.append(f"{name}: {row['answer']}, and no reason")
        if not any(row["level"] in words for words in LEVELS.values()):
            problems.append(f"{name}: level {row['level']}")
        if not row["requirement"] or not row["rfc"] or not row["section"]:
            problems.append(f"{name}: a column is empty")
    return rows


def read_record(text, problems, name):
    """label -> set of tests; what is wrong goes to problems, if it concerns a requirement."""
    lines = text.splitlines()
    if not lines or lines[-1] != "end":
        problems.append(f"{name}: its run broke off")
    carried = collections.defaultdict(set)
    for line in lines[:-1]:
        verdict, test, labels = line.split("\t")
        test = re.sub(r"<.*", "", test)  # one name for all the types that a template is tried with
        for label in labels.split():
            carried[label].add(test)
            if verdict != "passed":
                problems.append(f"{label}: {test} " + ("failed or was skipped" if verdict == "failed" else "checks nothing"))
    return carried


def read_records(build, problems):
    folder = build / "test" / "records"
    carried = collections.defaultdict(set)
    for line in (folder / "list").read_text().splitlines():
        record, executable = map(pathlib.Path, line.split(" "))
        if not record.exists():
            problems.append(f"{record.name}: did not run")
        elif executable.exists() and record.stat().st_mtime < executable.stat().st_mtime:
            problems.append(f"{record.name}: did not run since it was built")
        else:
            for label, tests in read_record(record.read_text(), problems, record.name).items():
                carried[label] |= tests
    return carried


def compare(rows, carried, problems):
    known = {row["id"]: row for row in rows}
    for label in sorted(set(carried) - set(known)):
        problems.append(f"{label}: no such requirement, says a label of {', '.join(sorted(carried[label]))}")
    for name, row in known.items():
        if row["answer"] == "tests" and not carried.get(name):
            problems.append(f"{name}: answered by tests, and none carries its id")
        if row["answer"] == "open" and carried.get(name):
            problems.append(f"{name}: open, though {', '.join(sorted(carried[name]))} names it")


def totals(rows):
    lines = ["| | all | " + " | ".join(LEVELS) + " |", "|---|--:|" + "--:|" * len(LEVELS)]
    for kind in KINDS + [None]:
        of_kind = [row for row in rows if kind in (None, row["answer"])]
        cells = [sum(row["level"] in words for row in of_kind) for words in LEVELS.values()]
        lines.append(f"| {NAMES.get(kind, 'rows')} | {len(of_kind)} | " + " | ".join(map(str, cells)) + " |")
    return lines


def answer(row, carried):
    tests = [f"`{test}`" for test in sorted(carried.get(row["id"], ()))]
    text = [] if row["answer"] == "tests" and not row["text"] else [("" if row["answer"] == "tests" else f"**{NAMES[row['answer']]}**: ") + row["text"]]
    return "<br>".join(text + tests).replace("|", "\\|")


def in_short(names):
    """MUST-1, MUST-2, MUST-3, MUST-7 as "MUST-1 to MUST-3, MUST-7"."""
    runs = []
    for name in names:
        stem, number = re.match(r"(.*?)(\d+)$", name).groups()
        if runs and runs[-1][0] == stem and runs[-1][2] == int(number) - 1:
            runs[-1][2] += 1
        else:
            runs.append([stem, int(number), int(number)])
    return ", ".join(f"{s}{a}" if a == b else f"{s}{a} to {s}{b}" for s, a, b in runs)


def page(rows, carried):
    out = [HEAD] + totals(rows)
    for kind, title in (("deviation", "Deviations"), ("open", "Open")):
        of_kind = [row for row in rows if row["answer"] == kind]
        if not of_kind:
            continue
        out += ["", f"## {title}", ""]
        by_text = collections.OrderedDict()
        for row in of_kind:
            by_text.setdefault(row["text"], []).append(row["id"])
        for text, names in by_text.items():
            out.append(f"- {len(names)}: {text} ({in_short(names)})")
    for rfc in dict.fromkeys(row["rfc"] for row in rows):
        out += ["", f"## RFC {rfc}", "", "| id | level | section | requirement | answer |", "|---|---|---|---|---|"]
        for row in rows:
            if row["rfc"] == rfc:
                words = row["requirement"].replace("|", "\\|")
                out.append(f"| {row['id']} | {row['level']} | {row['section']} | {words} | {answer(row, carried)} |")
    return "\n".join(out) + "\n"


def survey(source, build):
    problems = []
    rows = read_rows((source / "test/conformance/requirements.csv").read_text(encoding="utf-8"), problems)
    carried = read_records(build, problems)
    compare(rows, carried, problems)
    return rows, page(rows, carried), problems


def check(source, build):
    rows, text, problems = survey(source, build)
    target = source / "docs/conformance.md"
    if not target.exists() or target.read_text(encoding="utf-8") != text:
        problems.append("docs/conformance.md: stale; make it by matrix.py write")
    print("\n".join(totals(rows) + problems))
    return 1 if problems else 0


def write(source, build):
    rows, text, problems = survey(source, build)
    (source / "docs/conformance.md").write_text(text, encoding="utf-8")
    print("\n".join(totals(rows) + problems))
    return 1 if problems else 0


def print_row(source, name):
    for row in read_rows((source / "test/conformance/requirements.csv").read_text(encoding="utf-8"), []):
        if row["id"] == name:
            print(f"{name} ({row['level']}; RFC {row['rfc']}, {row['section']}): {row['requirement']}\n{NAMES[row['answer']]}" +
                  (f": {row['text']}" if row["text"] else ""))
            return 0
    print(f"{name}: no such requirement")
    return 1


def self_test():
    head = ",".join(COLUMNS) + "\n"
    good = head + 'MUST-1,9293,3.1,MUST,words,tests,\n9293-u2,9293,3.2,ALGORITHM,words,open,the next issue\n'

    def wrong(table=good, record="passed\ts/a<int>\tMUST-1 \nend\n"):
        problems = []
        rows = read_rows(table, problems)
        compare(rows, read_record(record, problems, "r"), problems)
        return problems

    assert wrong() == []
    for bad in (head + "MUST-1,9293,3.1,MUST,words,,\n", head + "MUST-1,9293,3.1,MUST,words,deviation,\n", good + good[len(head):],
                good.replace("ALGORITHM", "OUGHT"), good.replace("words,tests", ",tests"), good.replace("MUST-1", "MUST1"), good.replace(",open", "")):
        assert wrong(table=bad), bad
    for bad in ("end\n", "passed\ts/a\tMUST-1 \n", "failed\ts/a\tMUST-1 \nend\n", "empty\ts/a\tMUST-1 \nend\n",
                "passed\ts/a\tMUST-1 MUST-2 \nend\n", "passed\ts/a\tMUST-1 9293-u2 \nend\n", "passed\ts/b\tMUST-1 \nfailed\ts/a\tMUST-1 \nend\n"):
        assert wrong(record=bad), bad
    rows = read_rows(good, [])
    assert "`s/a`" in page(rows, {"MUST-1": {"s/a"}}) and page(rows, {"MUST-1": {"s/a"}}) != page(rows, {"MUST-1": {"s/b"}})
    assert in_short(["MUST-1", "MUST-2", "SHLD-3", "9293-u9", "9293-u10"]) == "MUST-1 to MUST-2, SHLD-3, 9293-u9 to 9293-u10"
    assert "| open | 1 | 0 | 0 | 0 | 1 |" in totals(rows)
    print("each rule is red when broken")
    return 0


def main(arguments):
    if arguments == ["self-test"]:
        return self_test()
    if len(arguments) == 3 and arguments[0] in ("check", "write"):
        return {"check": check, "write": write}[arguments[0]](pathlib.Path(arguments[1]), pathlib.Path(arguments[2]))
    if len(arguments) == 3 and arguments[0] == "row":
        return print_row(pathlib.Path(arguments[1]), arguments[2])
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
