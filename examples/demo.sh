#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# The demonstration: sh examples/demo.sh, as root on Debian 12. It installs the packages it needs, builds the examples, sends a file
# over a simulated lossy link, and then talks to the kernel's TCP through TUN devices in a network namespace of its own:
# clean, and with 2 % loss, 30 ms round trip, reordering and duplication. Hashes are compared, and tshark judges every packet.
# Without /dev/net/tun the transfers go between two processes over UDP. Exit code: 0 only if everything was equal.
set -eu
cd "$(dirname "$0")/.."
build=build/demo
captures=build/demo/captures
namespace=tenon-demo-$$
pids=
failures=0

say() { printf '\n== %s\n' "$*"; }

install_packages() {
    wanted="g++ cmake ninja-build ccache librange-v3-dev libboost-dev libfmt-dev libcli11-dev libssl-dev iproute2 curl tshark python3"
    missing=
    for package in $wanted; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    say "installing$missing"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing > /dev/null
}

clean_up() {
    for pid in $pids; do kill "$pid" 2> /dev/null || true; done
    for pid in $pids; do wait "$pid" 2> /dev/null || true; done
    ip netns del $namespace 2> /dev/null || true
    [ -z "${work-}" ] || rm -rf "$work"
}

build_examples() {
    say "building the examples"
    {
        cmake --preset release -B $build -DTENON_BUILD_BENCHMARKS=OFF -DTENON_BUILD_TESTS=OFF &&
            cmake --build $build --target file_over_lossy_link udp_tunnel tun_http_server tun_fetch
    } > "$work/build" 2>&1 || { cat "$work/build"; exit 1; }
}

table_head() { printf '%-46s %10s %9s  %-9s %s\n' transfer octets seconds SHA-256 tshark; }

# row <name> <what was sent> <what came, or its hash> <seconds> [<capture>]
row() {
    [ -f "$3" ] && came=$(sha256sum < "$3" | cut -d' ' -f1) || came=$3
    verdict=equal
    [ "$(sha256sum < "$2" | cut -d' ' -f1)" = "$came" ] || { verdict=DIFFERENT; failures=$((failures + 1)); }
    judged=-
    [ -z "${5-}" ] || judged=$(judge "$5")
    case $judged in *BAD) failures=$((failures + 1)) ;; esac
    printf '%-46s %10s %9s  %-9s %s\n' "$1" "$(wc -c < "$2")" "$4" $verdict "$judged"
}

# Our side's view holds complete checksums both ways. Random octets are not to be taken for a protocol above TCP. The kernel writes
# a checksum of 0 as 0xffff, one's complement's other zero, which tshark takes amiss (RFC 1624, 3): not so if it arrived (1).
judge() {
    tshark -r "$1" -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE -d tcp.port==1-65535,data -T fields -e tcp.checksum.status \
        -e ip.checksum.status -e _ws.malformed -e tcp.checksum -e frame.packet_flags_direction 2> /dev/null |
        awk -F '\t' '{ ++n; zero = $4 == "0xffff" && $5 ~ /1$/; if (($1 == "0" && !zero) || $2 == "0" || $3 != "") ++bad }
            END { printf (n > 2 && !bad) ? "%d packets, none bad" : "%d packets, %d BAD", n, bad }'
}

now() { date +%s.%N; }
since() { echo "$1 $(now)" | awk '{ printf "%.2f", $2 - $1 }'; }
# timed <file for the seconds> <command>: a failed command leaves "failed" there.
timed() {
    to=$1 start=$(now)
    shift
    if "$@"; then since "$start" > "$to"; else echo failed > "$to"; fi
}

# start <log> <command>: in the namespace and in the background.
start() {
    log=$work/$1
    shift
    ip netns exec $namespace "$@" > "$log" 2>&1 &
    pids="$pids $!"
}

open_namespace() {
    [ -c /dev/net/tun ] && ip netns add $namespace 2> /dev/null || return 1
    ip netns exec $namespace ip link set lo up
    for i in 0 1 2 3; do
        ip netns exec $namespace ip tuntap add dev tun$i mode tun 2> /dev/null || return 1
        ip netns exec $namespace ip address add 10.77.$i.1/24 dev tun$i
        ip netns exec $namespace ip link set tun$i up
    done
}

serve() { # <device number> <options>
    i=$1
    shift
    start server$i $build/examples/tun_http_server --tun tun$i --address 10.77.$i.2 --root "$work/www" --pcap $captures/server$i.pcapng "$@"
}
stop_servers() {
    for pid in $pids; do kill "$pid"; done
    for pid in $pids; do wait "$pid" || true; done
    pids=
}
get() { timed "$work/get.s" ip netns exec $namespace curl -sS -m 200 -o "$work/get" http://10.77.$1.2/$2; }
post() {
    timed "$work/post.s" ip netns exec $namespace curl -sS -m 200 -H Expect: -o "$work/post" --data-binary @"$work/www/$2" http://10.77.$1.2/upload
}
posted() { sed -n 's/.*"sha256": "\([0-9a-f]*\)".*/\1/p' "$work/post"; }
fetch() { # <device number> <file> <options>
    i=$1 file=$2
    shift 2
    timed "$work/fetch.s" ip netns exec $namespace $build/examples/tun_fetch --tun tun$i --address 10.77.$i.2 --output "$work/fetch" \
        --pcap $captures/fetch$i.pcapng "$@" http://10.77.$i.1:8000/$file 2> "$work/fetch.log"
}
serve_files() {
    start httpd python3 -m http.server --directory "$work/www" 8000
    for _ in $(seq 100); do
        [ -z "$(ip netns exec $namespace ss -Hltn 'sport = :8000')" ] || return 0
        sleep 0.1
    done
}

kernel_rows() { # <device of our server> <device of our client> <file that was got> <file that was posted>
    table_head
    row "the kernel's curl gets from our server" "$work/www/$3" "$work/get" "$(cat "$work/get.s")" $captures/server$1.pcapng
    row "the kernel's curl posts to our server" "$work/www/$4" "$(posted)" "$(cat "$work/post.s")"
    row "our client gets from the kernel's server" "$work/www/$3" "$work/fetch" "$(cat "$work/fetch.s")" $captures/fetch$2.pcapng
}

with_the_kernel() {
    say "the kernel's TCP on the other side of TUN devices, clean"
    serve 0
    serve_files
    get 0 50M
    post 0 10M
    fetch 1 50M
    stop_servers
    kernel_rows 0 1 50M 10M

    say "the same with 2 % loss, 30 ms round trip, reordering and duplication; all three at once"
    faults='--loss 0.02 --delay 15ms --reorder 0.005 --duplicate 0.005'
    serve 2 $faults --seed 2
    serve_files
    servers=$pids legs=
    get 2 5M & legs=$!
    post 2 1M & legs="$legs $!"
    fetch 3 5M $faults --seed 3 & legs="$legs $!"
    pids="$servers $legs"
    for leg in $legs; do wait "$leg" || true; done
    pids=$servers
    stop_servers
    kernel_rows 2 3 5M 1M
}

tunnel() { # <name> <there> <back> <options>
    there=$work/www/$2 back=$work/www/$3 name=$1
    shift 3
    $build/examples/udp_tunnel --listen 47077 --input "$back" --output "$work/there" 2> /dev/null &
    listener=$!
    pids=$listener
    sleep 0.2
    timed "$work/tunnel.s" $build/examples/udp_tunnel --peer 127.0.0.1:47077 --input "$there" --output "$work/back" \
        --pcap $captures/tunnel.pcapng "$@" 2> "$work/tunnel.log"
    wait $listener || true
    pids=
    row "$name, there" "$there" "$work/there" "$(cat "$work/tunnel.s")" $captures/tunnel.pcapng
    row "$name, back" "$back" "$work/back" "$(cat "$work/tunnel.s")"
}

between_processes() {
    say "NO TUN DEVICE OR NAMESPACE HERE: two processes over UDP on the loopback interface; the kernel's TCP takes no part"
    table_head
    tunnel "two processes, clean" 50M 10M
    tunnel "two processes, with faults" 5M 1M --loss 0.02 --delay 15ms --reorder 0.005 --duplicate 0.005
}

work=$(mktemp -d)
trap clean_up EXIT
trap 'exit 1' INT TERM HUP
if [ "$(id -u)" = 0 ]; then install_packages; fi
began=$(now)
build_examples
mkdir -p $captures "$work/www"
for size in 1M 5M 10M 50M; do head -c "${size%M}000000" /dev/urandom > "$work/www/$size"; done

say "a file over a simulated lossy link, one row for each composition (virtual time)"
$build/examples/file_over_lossy_link --bytes 20000000 || failures=$((failures + 1))

if [ "${1-}" != --without-tun ] && open_namespace; then with_the_kernel; else between_processes; fi

say "$failures failures, $(since "$began") seconds after the packages; captures are in $captures"
[ $failures = 0 ]
