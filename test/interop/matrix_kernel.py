# SPDX-License-Identifier: BSL-1.0
"""The kernel's end of one cell of the matrix. `matrix_kernel.py PROGRAM WORK CELL`, CELL being JSON of matrix.py: makes a network
namespace of its own with a TUN device, sets the kernel's options, starts the library's end (PROGRAM, matrix_peer), plays the
scripts of matrix_script.hpp on sockets, compares every octet, and waits until neither end has anything left to say.
Everything vanishes with this process. Exit code: 0 all went well; 1 not, and why on standard output; 77 no privilege."""
import ctypes
import json
import os
import queue
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

CLONE_NEWNET = 0x40000000
PERIOD = 65521
ABORT_AFTER = 20000
PORT = 7000
OURS = {4: "10.77.0.1", 6: "fd77::1"}
THEIRS = {4: "10.77.0.2", 6: "fd77::2"}


def skip(why):
    print(f"SKIPPED: {why}")
    sys.exit(77)


def make_network():
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        skip("cannot make a network namespace")
    lines = ["link set lo up", "tuntap add dev tun0 mode tun", "address add 10.77.0.1/24 dev tun0",
             "address add fd77::1/64 dev tun0 nodad", "link set tun0 txqueuelen 5000", "link set tun0 up"]
    if subprocess.run(["ip", "-batch", "-"], input="\n".join(lines).encode(), capture_output=True).returncode != 0:
        skip("cannot make a TUN device")


def set_option(name, value):
    with open(f"/proc/sys/net/ipv4/{name}", "w") as f:
        f.write(str(value))


def period():
    x, octets = 1, bytearray()
    for _ in range(PERIOD):
        x = (x * 1103515245 + 12345) & 0xFFFFFFFF
        octets.append(x >> 16 & 255)
    return bytes(octets)


TABLE = period() * 3


def stream(start, position, count):
    at = (start + position) % PERIOD
    return TABLE[at:at + count]  # count is at most two periods


class Talk:
    """One connection, from our side: up to `send` octets go, up to `receive` come."""

    def __init__(self, cell, s, client, number):
        self.s, self.client, self.cell = s, client, cell
        port = (s.getsockname() if client else s.getpeername())[1]
        self.out, self.into = ((2 * port + (0 if ours else 1)) * 7919 % PERIOD for ours in (client, not client))
        self.number, self.port, self.received, self.sent = number, port, 0, 0
        size, what = cell["size"], cell["workload"]
        self.send = 0 if what == "up" else size
        self.receive = 0 if what == "down" else size
        if what == "short":
            self.send, self.receive = (size, 3 * size) if client else (3 * size, size)
        self.piece = 65536
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def push(self, count):
        while count:
            piece = stream(self.out, self.sent, min(count, 65536))
            self.s.sendall(piece)
            self.sent += len(piece)
            count -= len(piece)

    def pull(self, most):
        """One piece, compared; False at the end of the stream."""
        got = self.s.recv(most)
        if got != stream(self.into, self.received, len(got)):
            raise AssertionError(f"octets differ after {self.received}")
        self.received += len(got)
        return bool(got)

    def pull_exactly(self, count):
        while count:
            before = self.received
            if not self.pull(min(count, 65536)):
                raise AssertionError(f"the stream ends after {self.received}")
            count -= self.received - before

    def pull_to_end(self, pause=0):
        while self.pull(self.piece):
            time.sleep(pause)
        if self.received != self.receive:
            raise AssertionError(f"{self.received} octets came, not {self.receive}")

    def shut(self):
        self.s.shutdown(socket.SHUT_WR)

    def push_all_and_shut(self):
        self.push(self.send)
        self.shut()

    def run(self):
        play = getattr(self, self.cell["workload"], self.both)
        play()
        self.s.close()

    def both(self, first_pause=0, pause=0):
        failures = []
        sender = threading.Thread(target=lambda: self.caught(self.push_all_and_shut, failures))
        sender.start()
        time.sleep(first_pause)
        self.pull_to_end(pause)
        sender.join()
        if failures:
            raise failures[0]

    @staticmethod
    def caught(call, failures):
        try:
            call()
        except Exception as e:
            failures.append(e)

    def ping_pong(self):
        for _ in range(self.send):
            if self.client:
                self.push(1)
            self.pull_exactly(1)
            if not self.client:
                self.push(1)
        self.end(self.client)

    def short(self):
        if self.client:
            self.push(self.send)
        self.pull_exactly(self.receive)
        if not self.client:
            self.push(self.send)
        self.end(self.client == (self.port % 2 == 0))

    def end(self, first):
        if first:
            self.shut()
        self.pull_to_end()
        if not first:
            self.shut()

    def half_close(self):
        if self.client:
            self.both()
        else:
            self.pull_to_end()
            self.push_all_and_shut()

    def slow_reader(self):
        self.piece = 16384
        self.both(0.6, 0.01)

    def abort(self):
        """Three connections: the library resets the first, we the second, the third shows that all goes on."""
        if self.number == 2:
            return self.both()
        stop, met = threading.Event(), []
        self.s.settimeout(None)
        sender = threading.Thread(target=lambda: self.push_until_reset(stop, met))
        sender.start()
        try:
            while not (self.number == 1 and self.received >= ABORT_AFTER):
                if not self.pull(65536):  # the other thread may have been told of the RST
                    break
        except (ConnectionResetError, BrokenPipeError) as e:
            met.append(e)
        if self.number == 1:
            if met or self.received < ABORT_AFTER:
                raise AssertionError(f"reset or ended by the library: {met}")
            self.s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            stop.set()
        sender.join()
        if self.number == 0 and not met:
            raise AssertionError("no RST came")

    def push_until_reset(self, stop, met):
        while not stop.is_set() and not met:
            try:
                self.sent += self.s.send(stream(self.out, self.sent, 4096), socket.MSG_DONTWAIT)
            except BlockingIOError:
                stop.wait(0.005)
            except (ConnectionResetError, BrokenPipeError) as e:
                met.append(e)


def prepare(cell, s):
    s.settimeout(cell["patience"])
    if cell["workload"] == "slow_reader":
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
    if cell["workload"] == "tiny_buffer":
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    return s


def play(cell, role):
    """All connections of the workload, up to `width` at once. What goes wrong is gathered."""
    v = cell["ip"]
    family = socket.AF_INET if v == 4 else socket.AF_INET6
    count, width = cell["count"], cell["width"]
    failures, numbers = [], queue.SimpleQueue()
    for i in range(count):
        numbers.put(i)
    listener = None
    if role == "server":
        listener = prepare(cell, socket.socket(family, socket.SOCK_STREAM))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((OURS[v], PORT))
        listener.listen(128)

    def work():
        while not failures:
            try:
                number = numbers.get_nowait()
            except queue.Empty:
                return
            try:
                if listener:
                    s, _ = listener.accept()
                    s.settimeout(cell["patience"])
                else:
                    s = prepare(cell, socket.socket(family, socket.SOCK_STREAM))
                    s.connect((THEIRS[v], PORT))
                Talk(cell, s, listener is None, number).run()
            except Exception as e:
                failures.append(f"connection {number}: {type(e).__name__}: {e}")

    threads = [threading.Thread(target=work, daemon=True) for _ in range(width)]
    return threads, failures


def open_sockets():
    """Lines of this namespace's connections that are neither listening nor in TIME-WAIT."""
    lines = []
    for name in ("tcp", "tcp6"):
        with open(f"/proc/thread-self/net/{name}") as f:
            lines += [l.strip() for l in f.readlines()[1:] if l.split()[3] not in ("06", "0A")]
    return lines


def library_arguments(cell, work):
    v = cell["ip"]
    faults = [f"--{name}={value}" for name, value in cell["faults"].items()]
    return ["--tun", "tun0", "--address", THEIRS[v], "--peer", OURS[v], "--role", cell["role"], "--workload", cell["workload"],
            "--size", str(cell["size"]), "--count", str(cell["count"]), "--options", str(cell["set"]), "--pcap", f"{work}/pcapng",
            "--patience", str(cell["patience"]), "--seed", str(cell["seed"])] + faults


def wait_for(condition, until):
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def says(path, word):
    with open(path) as f:
        return word in f.read().split()


def main():
    program, work, cell = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    make_network()
    for name, value in cell["kernel"].items():
        set_option(name, value)
    set_option("tcp_no_metrics_save", 1)
    until = time.monotonic() + cell["patience"]
    problems = []
    threads, failures = play(cell, "server" if cell["role"] == "client" else "client")
    log = f"{work}/library"
    with open(log, "w") as out:
        library = subprocess.Popen([program] + library_arguments(cell, work), stdout=out, stderr=subprocess.STDOUT)
    over = lambda: library.poll() is not None
    wait_for(lambda: over() or says(log, "ready"), until)
    for t in threads:
        t.start()
    if not wait_for(lambda: over() or failures or not any(t.is_alive() for t in threads), until):
        problems.append("the kernel's end is not done in time")
    problems += failures
    if not problems and not wait_for(lambda: over() or (says(log, "done") and not open_sockets()), until):
        problems.append(f"not closed cleanly: {open_sockets()}")
    if not over():
        library.send_signal(signal.SIGTERM)
    try:
        code = library.wait(5)
    except subprocess.TimeoutExpired:
        library.kill()
        code = library.wait()
    if code != 0:
        problems.append(f"the library's end: exit code {code}")
    for p in problems:
        print(p)
    if problems:
        print(open(log).read())
    sys.stdout.flush()
    os._exit(1 if problems else 0)


main()
