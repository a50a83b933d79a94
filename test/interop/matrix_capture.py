# SPDX-License-Identifier: BSL-1.0
"""Reads a capture of matrix_peer's (pcapng, raw IP) and holds our side to what the RFCs say about every segment, where tshark has
no opinion or a wrong one: it does not count the octet of a zero-window probe, nor a FIN that is added to a retransmission, and
then says "ACKed unseen segment".
`matrix_capture.py` alone proves each rule red."""
import array
import struct
import sys

INBOUND, OUTBOUND = 1, 2
FIN, SYN, RST, ACK, ECE, CWR = 1, 2, 4, 16, 64, 128
CONGESTION_EXPERIENCED = 3
NO, MAY, MUST = "ECE without a mark", None, "no ECE after a mark"


def packets(data):
    """(direction, octets) of each enhanced packet block of a little-endian section."""
    at = 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if kind == 6:
            captured = struct.unpack_from("<I", data, at + 20)[0]
            options, end, direction = at + 28 + (captured + 3 & ~3), at + length - 4, 0
            while options + 4 <= end:
                code, size = struct.unpack_from("<HH", data, options)
                if code == 2:
                    direction = struct.unpack_from("<I", data, options + 4)[0] & 3
                if code == 0:
                    break
                options += 4 + (size + 3 & ~3)
            yield direction, data[at + 28:at + 28 + captured]
        at += length


def sums_up(octets, start=0):
    """Is the Internet checksum over these octets right? The order of octets does not matter to it, and `start` is a sum of the same."""
    words = array.array("H", octets + b"\0" if len(octets) % 2 else octets)
    return (sum(words) + start) % 0xFFFF == 0


class Segment:
    def __init__(self, ip):
        self.tcp = False  # whole, and right by its checksums
        if len(ip) < 40 or ip[0] >> 4 not in (4, 6):
            return
        v6 = ip[0] >> 4 == 6
        self.mark = (ip[1] >> 4 if v6 else ip[1]) & 3
        header = 40 if v6 else (ip[0] & 15) * 4
        total = 40 + struct.unpack_from(">H", ip, 4)[0] if v6 else struct.unpack_from(">H", ip, 2)[0]
        if (ip[6] if v6 else ip[9]) != 6 or len(ip) < total or total < header + 20 or not (v6 or sums_up(ip[:header])):
            return
        pseudo = (ip[8:40] if v6 else ip[12:20]) + struct.pack(">IHH", total - header, 0, 6)
        self.tcp = sums_up(ip[header:total], sum(array.array("H", pseudo)))
        if not self.tcp:
            return
        self.source, self.target, self.seq, self.ack, offset, self.flags, self.window = struct.unpack_from(">HHIIBBH", ip, header)
        data = header + (offset >> 4) * 4
        self.octets = max(total - data, 0)
        self.length = self.octets + bool(self.flags & SYN) + bool(self.flags & FIN)
        self.options = dict(self.read_options(ip[header + 20:data]))

    @staticmethod
    def read_options(o):
        at = 0
        while at < len(o) and o[at] != 0:
            if o[at] == 1:
                at += 1
                continue
            if at + 1 >= len(o) or o[at + 1] < 2:
                return
            yield o[at], o[at + 2:at + o[at + 1]]
            at += o[at + 1]


def beyond(a, b):
    """Is a after b, modulo 2^32?"""
    return a != b and (a - b) & 0xFFFFFFFF < 1 << 31


class Way:
    """What one end has sent on one connection."""

    def __init__(self):
        self.first = self.end = self.acked = self.edge = self.stamp = None
        self.scale, self.scaled, self.stamps = 0, False, set()
        self.ecn, self.asks, self.plain = set(), False, False  # flags of the SYN; one of its SYNs asked; one did not
        self.echo = NO  # what we have to say to its marks
        self.pieces = []  # what was sent: disjoint, in order, relative to `first`, whose octet is the SYN

    def add(self, seq, length):
        """Runs of octets, merged. A stream is shorter than 2^32."""
        left = seq - self.first & 0xFFFFFFFF
        right = left + length
        apart = [p for p in self.pieces if p[1] < left or p[0] > right]
        for a, b in self.pieces:
            if b >= left and a <= right:
                left, right = min(a, left), max(b, right)
        self.pieces = sorted(apart + [(left, right)])

    def has(self, left, right):
        left, right = left - self.first & 0xFFFFFFFF, right - self.first & 0xFFFFFFFF
        return left < right and any(a <= left and right <= b for a, b in self.pieces)


def check_ours(s, ours, peer):
    """Rules for a segment of ours, before it counts."""
    if s.flags & RST:
        return
    if s.flags & ACK and peer.first is not None and not peer.has(peer.first, s.ack):
        yield f"acknowledges {s.ack}, before which something has not come"
    for left, right in struct.iter_unpack(">II", s.options.get(5, b"")[:len(s.options.get(5, b"")) // 8 * 8]):
        if not peer.has(left, right):
            yield f"a SACK block of {left} to {right}, of which something has not come"
    if ours.acked is not None and s.flags & ACK and beyond(ours.acked, s.ack):
        yield f"acknowledges {s.ack} after {ours.acked}"
    # RFC 9293, 3.8.6: a receiver should not shrink the window.
    if s.flags & ACK and not s.flags & SYN and ours.edge is not None:
        edge = s.ack + (s.window << ours.scale if ours.scaled and peer.scaled else s.window) & 0xFFFFFFFF
        # RFC 7323, 2.4: scaling rounds down, by less than a unit.
        if beyond(ours.edge, edge) and (ours.edge - edge & 0xFFFFFFFF) >= 1 << ours.scale:
            yield f"the window shrinks from {ours.edge} to {edge}"
    if 8 in s.options:
        stamp, echo = struct.unpack(">II", s.options[8])
        if ours.stamp is not None and beyond(ours.stamp, stamp):
            yield f"TSval {stamp} after {ours.stamp}"
        # RFC 7323, 3.2: an echo of what the peer has sent, and nothing without ACK.
        if s.flags & ACK and echo not in peer.stamps:
            yield f"TSecr {echo} was never a TSval of the peer"


def check_ecn(s, ours, peer):
    """RFC 3168, 6.1.1: who may send ECT; 6.1.3: ECE answers marks until CWR comes."""
    if s.mark and (ours.plain or peer.plain):
        yield f"ECT, and a SYN of {'ours' if ours.plain else 'the peer'} was no ECN-setup"
    if s.flags & RST:
        return
    agreed = ours.asks and {ECE} == peer.ecn or peer.asks and {ECE} == ours.ecn
    if not agreed:
        if s.flags & (ECE | CWR):
            yield "ECE or CWR, and ECN was not agreed on"
        return
    if s.flags & ACK and peer.echo is not MAY and bool(s.flags & ECE) != (peer.echo is MUST):
        yield peer.echo


def note_marks(s, ours, peer):
    """A segment of the peer's, before it counts. One that does not lie in our window, or is not new, may be heard or not."""
    new = s.octets and peer.first is not None and not peer.has(s.seq, s.seq + s.octets & 0xFFFFFFFF)
    heard = new and ours.edge is not None and not beyond(s.seq + s.octets & 0xFFFFFFFF, ours.edge)
    if s.flags & CWR and not s.flags & SYN:
        peer.echo = NO if heard or peer.echo is NO else MAY
    if s.mark == CONGESTION_EXPERIENCED and s.octets:
        peer.echo = MUST if heard else peer.echo if peer.echo is MUST else MAY


def count(s, way, other):
    end = s.seq + s.length & 0xFFFFFFFF
    if s.flags & SYN and way.first != s.seq:  # not one that is sent again
        way.__init__()
        way.first = s.seq
    if s.flags & SYN:  # one that is sent again may do without
        way.ecn = {f for f in (ECE, CWR) if s.flags & f}
        way.asks |= way.ecn == {ECE, CWR}
        way.plain |= way.ecn != ({ECE} if s.flags & ACK else {ECE, CWR})
        way.scaled = 3 in s.options
        way.scale = s.options[3][0] if way.scaled and s.options[3] else 0
    if s.flags & FIN and way.echo is MUST:  # nothing follows that could be slowed down: TIME-WAIT need not say it again
        way.echo = MAY
    if way.end is None or beyond(end, way.end):
        way.end = end
    if way.first is not None and s.length:
        way.add(s.seq, s.length)
    if s.flags & ACK and not s.flags & RST:
        way.acked = s.ack
        scale = way.scale if way.scaled and other.scaled and not s.flags & SYN else 0
        way.edge = s.ack + (s.window << scale) & 0xFFFFFFFF
    if 8 in s.options and len(s.options[8]) == 8:
        way.stamp = struct.unpack(">I", s.options[8][:4])[0]
        way.stamps.add(way.stamp)


def check(data):
    """What is wrong, one line each. A segment with a wrong checksum is nobody's, unless it is ours."""
    flows, said = {}, []
    for number, (direction, ip) in enumerate(packets(data), 1):
        s = Segment(ip)
        if not s.tcp:
            if direction == OUTBOUND:
                said.append(f"packet {number}: no right TCP segment")
            continue
        ends = (s.source, s.target) if direction == OUTBOUND else (s.target, s.source)
        ours, peer = flows.setdefault(ends, (Way(), Way()))
        if direction == OUTBOUND:
            if not s.flags & SYN:
                said += [f"packet {number}: {w}" for w in (*check_ours(s, ours, peer), *check_ecn(s, ours, peer))]
            count(s, ours, peer)
        else:
            if s.flags & ACK and not s.flags & (RST | SYN) and ours.end is not None and beyond(s.ack, ours.end):
                said.append(f"packet {number}: the peer acknowledges {s.ack}, and we have sent up to {ours.end}")
            note_marks(s, ours, peer)
            count(s, peer, ours)
    return said


def checksum(octets):
    return struct.pack("=H", 0xFFFF - sum(array.array("H", octets + bytes(len(octets) % 2))) % 0xFFFF)


def made(direction, flags, seq, ack, window, options=b"", octets=0, mark=0):
    """A block with one IPv4 segment, for the proof."""
    options += b"\1" * (-len(options) % 4)
    ports = (1, 2) if direction == OUTBOUND else (2, 1)
    tcp = struct.pack(">HHIIBBHHH", *ports, seq, ack, 5 + len(options) // 4 << 4, flags, window, 0, 0) + options + bytes(octets)
    tcp = tcp[:16] + checksum(struct.pack(">IIIHH", 1, 2, len(tcp), 0, 6) + tcp) + tcp[18:]
    ip = struct.pack(">BBHHHBBHII", 0x45, mark, 20 + len(tcp), 0, 0, 64, 6, 0, 1, 2)
    ip = ip[:10] + checksum(ip) + ip[12:] + tcp
    padded = ip + bytes(-len(ip) % 4)
    size = 28 + len(padded) + 12 + 4
    return struct.pack("<IIIIIII", 6, size, 0, 0, 0, len(ip), len(ip)) + padded + struct.pack("<HHIII", 2, 4, direction, 0, size)


def self_test():
    stamps = lambda value, echo: struct.pack(">BBII", 8, 10, value, echo)
    start = made(OUTBOUND, SYN, 99, 0, 1000, stamps(5, 0)) + made(INBOUND, SYN | ACK, 499, 100, 1000, stamps(70, 5))
    first = made(OUTBOUND, ACK, 100, 500, 1000, stamps(6, 70)) + made(INBOUND, ACK, 500, 100, 1000, stamps(71, 6), 10)
    first += made(INBOUND, ACK, 520, 100, 1000, stamps(71, 6), 10)  # 510 to 519 are missing
    good = made(OUTBOUND, ACK, 100, 510, 990, stamps(7, 71) + struct.pack(">BBII", 5, 10, 520, 530))
    assert check(start + first + good) == [], check(start + first + good)
    for words, bad in (("acknowledges 511", made(OUTBOUND, ACK, 100, 511, 990, stamps(7, 71))),
                       ("SACK", made(OUTBOUND, ACK, 100, 510, 990, stamps(7, 71) + struct.pack(">BBII", 5, 10, 520, 531))),
                       ("acknowledges 530", made(OUTBOUND, ACK, 100, 530, 990, stamps(7, 71))),
                       ("acknowledges 499", made(OUTBOUND, ACK, 100, 499, 1001, stamps(7, 71))),
                       ("shrinks", made(OUTBOUND, ACK, 100, 510, 989, stamps(7, 71))),
                       ("TSval 5", made(OUTBOUND, ACK, 100, 510, 990, stamps(5, 71))),
                       ("TSecr 72", made(OUTBOUND, ACK, 100, 510, 990, stamps(7, 72))),
                       ("peer acknowledges 101", made(INBOUND, ACK, 510, 101, 1000, stamps(72, 6)))):
        said = check(start + first + bad)
        assert any(words in line for line in said), (words, said)
    start = made(OUTBOUND, SYN | ECE | CWR, 99, 0, 1000) + made(INBOUND, SYN | ACK | ECE, 499, 100, 1000)
    start += made(OUTBOUND, ACK, 100, 500, 1000) + made(INBOUND, ACK, 500, 100, 1000, b"", 10, CONGESTION_EXPERIENCED)
    told = made(OUTBOUND, ACK | ECE, 100, 510, 990) + made(INBOUND, ACK | ECE | CWR, 510, 100, 1000, b"", 10)
    assert check(start + told + made(OUTBOUND, ACK | CWR, 100, 520, 980, b"", 1)) == []
    for words, bad in (("no ECE", made(OUTBOUND, ACK, 100, 510, 990)),
                       ("ECE without", told + made(OUTBOUND, ACK | ECE, 100, 520, 980))):
        assert any(words in line for line in check(start + bad)), words
    plain = made(OUTBOUND, SYN, 99, 0, 1000) + made(INBOUND, SYN | ACK, 499, 100, 1000)
    assert any("not agreed" in line for line in check(plain + told))
    assert any("no ECN-setup" in line for line in check(plain + made(OUTBOUND, ACK, 100, 500, 1000, b"", 1, 2)))
    start = made(OUTBOUND, SYN, 99, 0, 1000, stamps(5, 0)) + made(INBOUND, SYN | ACK, 499, 100, 1000, stamps(70, 5))
    torn = bytearray(good)
    torn[28 + 25] ^= 1
    assert "no right" in check(start + first + bytes(torn))[0]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        for line in check(open(sys.argv[1], "rb").read()):
            print(line)
    else:
        self_test()
        print("every rule can be broken")
