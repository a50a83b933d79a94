#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# We are the client: 5 MB from the kernel's HTTP server over IPv4 and IPv6; what a server's refusal and reset look like.
set -eu
. "$(dirname "$0")/lib/net.sh"
octets file 5000000
start httpd python3 -m http.server --bind :: --directory "$work" 8000
wait_for_port 8000
fetch() { timeout 100 $N "$build/examples/tun_fetch" --tun tun0 "$@"; }

fetch --address 10.77.0.2 http://10.77.0.1:8000/file --output "$work/v4" --pcap "$work/v4.pcapng" || fail "IPv4: $?"
same "$work/file" "$work/v4" IPv4
check_capture "$work/v4.pcapng"
fetch --address fd77::2 'http://[fd77::1]:8000/file' --output "$work/v6" --pcap "$work/v6.pcapng" || fail "IPv6: $?"
same "$work/file" "$work/v6" IPv6
check_capture "$work/v6.pcapng"

result=0; fetch --address 10.77.0.2 http://10.77.0.1:8000/nothing --output "$work/none" || result=$?
[ $result = 5 ] || fail "404 gives $result"
result=0; fetch --address 10.77.0.2 http://10.77.0.1:8001/ --output "$work/none" || result=$?
[ $result = 3 ] || fail "a refused connection gives $result"
start resetting python3 "$here/lib/peer.py" resetting_server 10.77.0.1 8002 "$work/file"
wait_for_port 8002
result=0; fetch --address 10.77.0.2 http://10.77.0.1:8002/ --output "$work/none" || result=$?
[ $result = 3 ] || fail "a reset connection gives $result"
