#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# 2 % loss on each way, 20 ms round trip, reordering, duplication and corruption: slower, but every octet right; both ways at once.
set -eu
. "$(dirname "$0")/lib/net.sh"
octets file 1000000
bad='--loss 0.02 --delay 10ms --reorder 0.005 --duplicate 0.005 --corrupt 0.002 --seed 7'
start httpd python3 -m http.server --bind :: --directory "$work" 8000
start server "$build/examples/tun_http_server" --tun tun1 --address 10.77.1.2 --root "$work" --pcap "$work/server.pcapng" $bad
server=$last
wait_for_port 8000

$N curl -sS -m 100 -o "$work/served" http://10.77.1.2/file &
curl=$!
timeout 100 $N "$build/examples/tun_fetch" --tun tun0 --address fd77::2 'http://[fd77::1]:8000/file' --output "$work/fetched" $bad || fail "fetch: $?"
same "$work/file" "$work/fetched" fetch
wait $curl || fail "curl: $?"
same "$work/file" "$work/served" serve
$N curl -sS -m 100 --data-binary @"$work/file" http://10.77.1.2/upload | grep -q "$(sha256sum < "$work/file" | cut -d' ' -f1)" || fail upload
stop $server
cat "$work/server"
