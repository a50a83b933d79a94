# SPDX-License-Identifier: BSL-1.0
# Sourced by the interop scripts: a network namespace with TUN devices tun0 (10.77.0.1, fd77::1) and tun1 (10.77.1.1, fd77:1::1),
# our side being .2 and ::2. Namespace, processes and files of the script end with it.
build=$1 here=$(dirname "$0")

skip() {
    echo "SKIPPED: NOT RUN AGAINST THE KERNEL'S TCP: $*" >&2
    exit 77
}
[ "$(id -u)" = 0 ] || skip "not root"
[ -c /dev/net/tun ] || skip "no /dev/net/tun"
for tool in ip python3 curl sha256sum; do command -v $tool > /dev/null || skip "no $tool"; done
[ -x "$build/examples/tun_fetch" ] || skip "the examples are not built"

namespace=tenon-$$
work=$(mktemp -d)
pids=
clean_up() {
    for pid in $pids; do kill "$pid" 2> /dev/null || true; done
    for pid in $pids; do wait "$pid" 2> /dev/null || true; done
    ip netns del $namespace 2> /dev/null || true
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

ip netns add $namespace 2> /dev/null || skip "cannot make a network namespace"
N="ip netns exec $namespace"
$N ip link set lo up
for i in 0 1; do
    $N ip tuntap add dev tun$i mode tun 2> /dev/null || skip "cannot make a TUN device"
    $N ip address add 10.77.$i.1/24 dev tun$i
    $N ip -6 address add fd77:$i::1/64 dev tun$i nodad 2> /dev/null || skip "no IPv6 here"
    $N ip link set tun$i up
done

fail() {
    echo "FAILED: $*" >&2
    exit 1
}
same() { cmp "$1" "$2" > /dev/null || fail "$3: $2 differs from $1"; }
octets() { head -c "$2" /dev/urandom > "$work/$1"; }

# start <what it prints its output to> <program> <arguments>: in the background; waits for nothing.
start() {
    log=$work/$1
    shift
    $N "$@" > "$log" 2>&1 &
    pids="$pids $!"
    last=$!
}
# Until a port of the kernel's side listens.
wait_for_port() {
    for _ in $(seq 100); do
        [ -n "$($N ss -Hltn "sport = :$1")" ] && return
        sleep 0.1
    done
    fail "nothing listens at port $1"
}
peer() { timeout 100 $N python3 "$here/lib/peer.py" "$@" || fail "peer $*"; }
# Ends a server with SIGTERM: it has to leave in order.
stop() {
    kill -TERM "$1"
    wait "$1" || fail "a server ended with $?"
    pids=$(echo "$pids" | sed "s/ $1\$//; s/ $1 / /")
}

# What tshark thinks of our side's view, if it is here: nothing malformed, no wrong checksum. Random payloads are not to be
# taken for some protocol above. The kernel writes a TCP checksum of 0 as 0xffff, the other zero of one's complement, which
# tshark takes amiss (RFC 1624, 3); ours has to be 0.
check_capture() {
    command -v tshark > /dev/null || return 0
    bad=$(tshark -r "$1" -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE -d tcp.port==1-65535,data \
        -Y '(tcp.checksum.status == 0 && !(tcp.checksum == 0xffff && frame.packet_flags_direction == 1)) ||
            ip.checksum.status == 0 || _ws.malformed' 2> /dev/null | wc -l)
    [ "$bad" = 0 ] || fail "$1: tshark finds $bad bad packets"
    [ "$(tshark -r "$1" -Y tcp -c 50 2> /dev/null | wc -l)" -gt 2 ] || fail "$1 holds no packets"
}
