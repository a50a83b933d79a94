# SPDX-License-Identifier: BSL-1.0
"""The matrix: the library against the Linux kernel's TCP, over TUN devices in namespaces of their own. docs/interop.md explains it.

  matrix.py PROGRAM FOLDER [--strength N] [--parallel N] [--only WORDS] [--list] [--fresh]

Every combination of `strength` values of different dimensions comes up in some cell. Results are kept in FOLDER; a run goes on
where the last one with the same program ended. Exit code: 0 every cell passed; 1 not; 77 no privilege."""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zlib

import matrix_capture
from matrix_cover import cover

HERE = pathlib.Path(__file__).resolve().parent

# An option is on at both ends, off in the library's composition, or refused by the kernel.
HOW = ["on", "off", "refused"]
# name -> (bit of matrix_peer --options, the kernel's sysctl, the kinds of TCP option in a SYN and after it)
OPTIONS = {
    "window_scale": (1, "tcp_window_scaling", [3], []),
    "timestamps": (2, "tcp_timestamps", [8], [8]),
    "sack": (4, "tcp_sack", [4], [5]),
    "ecn": (8, "tcp_ecn", [], []),
}
IMPAIRMENTS = {
    "clean": {},
    "loss_1": {"loss": 0.01},
    "loss_5": {"loss": 0.05},
    "delay": {"delay": "100ms"},
    "reordering": {"delay": "2ms", "reorder": 0.25, "reorder-delay": "3ms"},
    "duplication": {"duplicate": 0.05},
    "corruption": {"corrupt": 0.01},
    "marks": {"mark": 0.02},  # Congestion Experienced; what is not ECN-capable is dropped
}
# Octets in a direction (of a short connection: of the request; the answer is three times that; of ping_pong: rounds), for a
# way that is clean, loses and delays: so that a cell takes seconds.
SIZES = {
    "up": (4_000_000, 500_000, 1_500_000),
    "down": (4_000_000, 500_000, 1_500_000),
    "both": (2_000_000, 300_000, 1_000_000),
    "ping_pong": (2_000, 150, 30),
    "short": (200, 200, 200),
    "half_close": (500_000, 200_000, 300_000),
    "abort": (200_000, 100_000, 100_000),
    "slow_reader": (400_000, 300_000, 300_000),
    "tiny_buffer": (20_000, 4_000, 2_000),
}
COST = {"delay": 8, "loss_5": 8, "loss_1": 4, "marks": 4, "corruption": 4, "reordering": 3}
SHORT_CONNECTIONS = 2000

DIMENSIONS = {"ip": [4, 6], "role": ["client", "server"], "workload": list(SIZES), "impairment": list(IMPAIRMENTS),
              **{name: HOW for name in OPTIONS}}


def name_of(values):
    options = " ".join(f"{o}={values[o]}" for o in OPTIONS)
    return f"IPv{values['ip']} {values['role']} {values['workload']} {values['impairment']} {options}"


def cell_of(values, patience):
    kind = {"loss_1": 1, "loss_5": 1, "corruption": 1, "delay": 2, "reordering": 1, "marks": 1}.get(values["impairment"], 0)
    short = values["workload"] == "short"
    return {
        "ip": values["ip"], "role": values["role"], "workload": values["workload"], "patience": patience,
        "size": SIZES[values["workload"]][kind], "count": SHORT_CONNECTIONS if short else 3 if values["workload"] == "abort" else 1,
        "width": 64 if short else 1, "faults": IMPAIRMENTS[values["impairment"]], "seed": zlib.crc32(name_of(values).encode()) >> 1,
        "set": sum(bit for o, (bit, *_) in OPTIONS.items() if values[o] != "off"),
        "kernel": {sysctl: 0 if values[o] == "refused" else 1 for o, (_, sysctl, *_) in OPTIONS.items()},
    }


def cost(values):
    return COST.get(values["impairment"], 1) * (4 if values["workload"] == "short" else 1)


def breaches(values):
    """Filters of tshark's: what no packet may match. Direction 2 is ours, 1 the kernel's."""
    ours, theirs = "frame.packet_flags_direction == 2", "frame.packet_flags_direction == 1"
    has = lambda kinds: "(" + " || ".join(f"tcp.option_kind == {k}" for k in kinds) + ")"
    opening, answer = "(tcp.flags.syn == 1 && tcp.flags.ack == 0)", "(tcp.flags.syn == 1 && tcp.flags.ack == 1)"
    # The kernel writes a checksum of 0 as 0xffff, the other zero of one's complement (RFC 1624, 3).
    corrupted = values["impairment"] == "corruption"
    direction = f"{ours} && " if corrupted else ""
    yield "checksum", f"{direction}(ip.checksum.status == 0 || (tcp.checksum.status == 0 && !(tcp.checksum == 0xffff && {theirs})))"
    yield "malformed", f"{direction}_ws.malformed"
    yield "an error of tshark's", f"{direction}_ws.expert.severity == 0x00800000 && !(tcp.checksum.status == 0)"
    yield "no MSS in a SYN", f"{ours} && tcp.flags.syn == 1 && !(tcp.option_kind == 2)"
    for o, (_, _, in_syn, later) in OPTIONS.items():
        if o == "ecn":
            yield from ecn_breaches(values)
            continue
        every = in_syn + [k for k in later if k not in in_syn]
        if values[o] == "off":
            yield f"{o}, which is off", f"{ours} && {has(every)}"
            continue
        yield f"{o} not offered", f"{ours} && {opening} && !{has(in_syn)}"
        if values[o] == "refused":
            yield f"{o}, which was refused", f"{ours} && !{opening} && {has(every)}"
            continue
        yield f"{o} not answered", f"{answer} && !{has(in_syn)}" + (f" && {ours}" if corrupted else "")
        if o == "timestamps":  # RFC 7323, 3.2: in every segment but a RST
            yield "no timestamp", f"{ours} && tcp.flags.reset == 0 && !{has(later)}"


def ecn_breaches(values):
    """RFC 3168: who may say ECE, CWR and ECT, and where."""
    ours = "frame.packet_flags_direction == 2"
    ect, flags = "(ip.dsfield.ecn != 0 || ipv6.tclass.ecn != 0)", "(tcp.flags.ece == 1 || tcp.flags.cwr == 1)"
    opening, how = "(tcp.flags.syn == 1 && tcp.flags.ack == 0)", values["ecn"]
    yield "ECT without data (RFC 3168, 6.1.1 and 6.1.4)", f"{ours} && {ect} && tcp.len == 0"
    yield "ECT in a retransmission (RFC 3168, 6.1.5)", f"{ours} && {ect} && tcp.analysis.retransmission"
    if how == "off":
        yield "ECN, which is off", f"{ours} && ({flags} || {ect})"
    elif how == "refused":
        yield "ECN, which was refused", f"{ours} && !{opening} && ({flags} || {ect})"
    if how != "off" and values["impairment"] == "clean":  # a SYN that is sent again may do without
        yield "ECN not asked for", f"{ours} && {opening} && !tcp.analysis.retransmission && !(tcp.flags.ece == 1 && tcp.flags.cwr == 1)"


def look(values, capture):
    """What tshark says against a capture: lines, empty if nothing."""
    if shutil.which("tshark") is None:
        return []
    base = ["tshark", "-n", "-r", capture, "-d", "tcp.port==1-65535,data"]
    base += ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]
    every = list(breaches(values))
    found = subprocess.run(base + ["-Y", " || ".join(f"({f})" for _, f in every)], capture_output=True, text=True)
    if found.returncode != 0:
        return [f"tshark: {found.stderr.strip()[-300:]}"]
    if not found.stdout.strip():
        return []
    lines = []
    for what, f in every:  # one by one only when something is wrong
        hits = subprocess.run(base + ["-Y", f], capture_output=True, text=True).stdout.splitlines()
        if hits:
            lines.append(f"{what}: {len(hits)} packets, the first:{hits[0]}")
    return lines


def run_cell(program, values, patience, keep):
    start = time.monotonic()
    work = tempfile.mkdtemp(prefix="tenon-matrix-")
    try:
        command = [sys.executable, str(HERE / "matrix_kernel.py"), program, work, json.dumps(cell_of(values, patience))]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=patience + 30)
            code, said = done.returncode, (done.stdout + done.stderr).splitlines()
        except subprocess.TimeoutExpired as e:
            code, said = 1, ["killed: it took too long", *(e.stdout or b"").decode().splitlines()]
        if code == 0:
            said = matrix_capture.check(pathlib.Path(work, "pcapng").read_bytes())[:5]
            said += look(values, f"{work}/pcapng")
            code = 1 if said else 0
        if code == 1:
            keep.mkdir(parents=True, exist_ok=True)
            if os.path.exists(f"{work}/pcapng"):
                shutil.copy(f"{work}/pcapng", keep / (name_of(values).replace(" ", "_") + ".pcapng"))
        return code, said, time.monotonic() - start
    finally:
        shutil.rmtree(work, ignore_errors=True)


class State:
    """Results so far, one line of JSON each, of this program and these scripts only."""

    def __init__(self, folder, strength, program, fresh):
        mark = hashlib.sha256()
        for f in [program, *sorted(HERE.glob("matrix*.py"))]:
            mark.update(pathlib.Path(f).read_bytes())
        self.mark, self.results, self.lock = mark.hexdigest()[:16], {}, threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"strength_{strength}.jsonl"
        if fresh:
            self.path.unlink(missing_ok=True)
        for line in self.path.read_text().splitlines() if self.path.exists() else []:
            one = json.loads(line)
            if one["mark"] == self.mark and one["code"] == 0:
                self.results[one["cell"]] = one

    def add(self, name, code, said, took):
        one = {"cell": name, "code": code, "said": said, "took": round(took, 1), "mark": self.mark}
        with self.lock:
            self.results[name] = one
            with open(self.path, "a") as f:
                f.write(json.dumps(one) + "\n")


def table(cells, results):
    """Workloads by impairments: passed of run."""
    print(f"\n{'':14}" + "".join(f"{i:>13}" for i in IMPAIRMENTS))
    for w in SIZES:
        row = ""
        for i in IMPAIRMENTS:
            here = [results[name_of(v)] for v in cells if v["workload"] == w and v["impairment"] == i and name_of(v) in results]
            row += f"{sum(r['code'] == 0 for r in here)}/{len(here)}".rjust(13)
        print(f"{w:14}{row}")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("program")
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--strength", type=int, default=2, choices=range(1, len(DIMENSIONS) + 1))
    arguments.add_argument("--parallel", type=int, default=20)
    arguments.add_argument("--patience", type=int, default=150, help="seconds for a cell")
    arguments.add_argument("--only", default="", help="cells whose names have all these words")
    arguments.add_argument("--list", action="store_true")
    arguments.add_argument("--fresh", action="store_true", help="forget earlier results")
    a = arguments.parse_args()
    cells = sorted(cover(DIMENSIONS, a.strength), key=cost, reverse=True)
    cells = [v for v in cells if all(w in name_of(v).split() for w in a.only.split())]
    if a.list:
        print("\n".join(map(name_of, cells)))
        return 0
    state = State(a.folder, a.strength, a.program, a.fresh)
    left = [v for v in cells if name_of(v) not in state.results]
    print(f"strength {a.strength}: {len(cells)} cells, {len(cells) - len(left)} passed before; {a.parallel} at once", flush=True)
    start, skipped = time.monotonic(), False
    with concurrent.futures.ThreadPoolExecutor(a.parallel) as pool:
        runs = {pool.submit(run_cell, a.program, v, a.patience, a.folder / "failed"): v for v in left}
        for done, run in enumerate(concurrent.futures.as_completed(runs), 1):
            name, (code, said, took) = name_of(runs[run]), run.result()
            if code == 77:
                print("\n".join(said))
                skipped = True
                for r in runs:
                    r.cancel()
                break
            state.add(name, code, said, took)
            print(f"{done}/{len(left)} {'ok    ' if code == 0 else 'FAILED'} {took:5.1f} s  {name}", flush=True)
            for line in said:
                print(f"      {line}", flush=True)
    if skipped:
        return 77
    table(cells, state.results)
    bad = [n for v in cells if state.results[n := name_of(v)]["code"] != 0]
    print(f"\n{len(cells) - len(bad)} of {len(cells)} cells passed; this run took {time.monotonic() - start:.0f} s")
    for n in bad:
        print(f"FAILED {n}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
