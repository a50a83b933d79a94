# SPDX-License-Identifier: BSL-1.0
# The kernel's side of the interop tests. peer.py <what> <address> <port> ...; exits 0 if all went as it must.
import hashlib, os, socket, struct, sys, threading, time


def connect(address, port, receive_buffer=None):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    s = socket.socket(family, socket.SOCK_STREAM)
    s.settimeout(60)
    if receive_buffer:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    s.connect((address, int(port)))
    return s


def receive_all(s, piece=65536, pause=0.0):
    got = bytearray()
    while part := s.recv(piece):
        got += part
        if pause:
            time.sleep(pause)
    return bytes(got)


def request(s, path):
    s.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())


def body(answer):
    head, _, rest = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 "), head
    return rest


# Sends, ends its direction, then reads what comes back: the echo must still arrive after the half-close.
def half_close(address, port, octets):
    sent = os.urandom(int(octets))
    s = connect(address, port)
    sender = threading.Thread(target=lambda: (s.sendall(sent), s.shutdown(socket.SHUT_WR)))
    sender.start()
    got = receive_all(s)
    sender.join()
    assert hashlib.sha256(got).digest() == hashlib.sha256(sent).digest(), f"{len(got)} octets came back of {len(sent)}"


# What a request-line is answered with, whole and in two parts.
def request_line(address, port, line, status):
    octets = f"{line}\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    for parts in ([octets], [octets[:9], octets[9:]]):
        s = connect(address, port)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for part in parts:
            s.sendall(part)
            time.sleep(0.02)
        head = receive_all(s).partition(b"\r\n")[0]
        assert head.startswith(f"HTTP/1.1 {status} ".encode()), f"{line}: {head}"
        s.close()


# The end of our direction comes long before the answer is through.
def half_close_first(address, port, path, file):
    s = connect(address, port)
    request(s, path)
    s.shutdown(socket.SHUT_WR)
    assert body(receive_all(s)) == open(file, "rb").read()


def slow_reader(address, port, path, file, buffer, piece, pause):
    s = connect(address, port, int(buffer))
    request(s, path)
    assert body(receive_all(s, int(piece), float(pause))) == open(file, "rb").read()


def short_connections(address, port, path, file, count):
    content = open(file, "rb").read()
    for i in range(int(count)):
        s = connect(address, port)
        request(s, path)
        assert body(receive_all(s)) == content, f"connection {i}"
        s.close()


# Many at once, all open before the first asks.
def crowd(address, port, path, file, count):
    content = open(file, "rb").read()
    crowd = [connect(address, port) for _ in range(int(count))]
    for s in crowd:
        request(s, path)
    for i, s in enumerate(crowd):
        assert body(receive_all(s)) == content, f"connection {i}"
        s.close()


# A reset in the midst of an answer.
def abort(address, port, path, count):
    for _ in range(int(count)):
        s = connect(address, port)
        request(s, path)
        s.recv(10000)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        s.close()


def ping_pong(address, port, count):
    s = connect(address, port)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    start = time.monotonic()
    for i in range(int(count)):
        octet = bytes([i % 251])
        s.sendall(octet)
        assert s.recv(1) == octet, f"octet {i}"
    took = time.monotonic() - start
    s.close()
    print(f"{count} octets there and back in {took:.3f} s")
    # A delayed acknowledgement in every round would take 40 ms.
    assert took < int(count) * 0.01, "every octet waits for something"


# Accepts one connection, answers one request with a file, and resets in the midst of it.
def resetting_server(address, port, file):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.create_server((address, int(port)), family=family)
    s, _ = listener.accept()
    s.recv(4096)
    content = open(file, "rb").read()
    s.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content[: len(content) // 2])
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


globals()[sys.argv[1]](*sys.argv[2:])
