#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# A second peer: lwIP, as Debian packages it, over a TAP device. Every workload in both roles, over both versions of IP, with the
# baseline options and with all; the captures are looked at as those of the matrix are.
set -eu
build=$1 here=$(cd "$(dirname "$0")" && pwd)
skip() {
    echo "SKIPPED: NOT RUN AGAINST LWIP: $*" >&2
    exit 77
}
[ "$(id -u)" = 0 ] || skip "not root"
[ -c /dev/net/tun ] || skip "no /dev/net/tun"
for tool in ip python3 unshare; do command -v $tool > /dev/null || skip "no $tool"; done
programs=$build/test/interop
[ -x "$programs/lwip_peer" ] || skip "lwip_peer was not built (Debian: liblwip-dev)"
unshare -n true 2> /dev/null || skip "cannot make a network namespace"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

# One conversation, in a namespace that ends with its processes.
cat > "$work/cell" <<'CELL'
set -eu
work=$1 programs=$2 here=$3 role=$4 v=$5 what=$6 size=$7 count=$8 options=$9
case $v in 4) ours=10.77.0.2 theirs=10.77.0.1 ;; 6) ours=fd77::2 theirs=fd77::1 ;; esac
case $role in client) other=server ;; *) other=client ;; esac
name="IPv$v $role $what $options"
c=$work/$role.$v.$what.$options
ip tuntap add dev tap0 mode tap
echo 1 > /proc/sys/net/ipv6/conf/tap0/disable_ipv6
ip link set tap0 up
all=; [ "$options" = baseline ] || all=--all-options
"$programs/lwip_library" --address $ours --peer $theirs --role $role --workload $what --size $size --count $count $all \
    --pcap "$c.pcapng" > "$c.library" 2>&1 &
library=$!
for _ in $(seq 100); do grep -qs ready "$c.library" && break; sleep 0.05; done
result=0
timeout 90 "$programs/lwip_peer" $other $what $size $count $theirs $ours > "$c.lwip" 2>&1 || result=1
for _ in $(seq 100); do grep -qs done "$c.library" && break; [ $result = 0 ] || break; sleep 0.05; done
kill -TERM $library 2> /dev/null || true
wait $library || result=1
python3 "$here/matrix_capture.py" "$c.pcapng" > "$c.capture" || result=1
[ ! -s "$c.capture" ] || result=1
if [ $result = 0 ]; then echo "ok     $name"; else
    echo "FAILED $name"
    cat "$c.library" "$c.lwip" "$c.capture"
    touch "$work/failed"
fi
rm -f "$c.pcapng"
CELL

# workload, octets, connections
cells='up 2000000 1
down 2000000 1
both 1000000 1
ping_pong 1000 1
short 200 100
half_close 500000 1
abort 200000 3
slow_reader 300000 1'
echo "$cells" | while read -r what size count; do
    for role in client server; do for v in 4 6; do for options in baseline all; do
        echo "$role $v $what $size $count $options"
    done; done; done
done | xargs -P 12 -L 1 unshare -n sh "$work/cell" "$work" "$programs" "$here"
[ ! -e "$work/failed" ] || exit 1
