#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# A reader that pauses: its window closes and opens again.
set -eu
. "$(dirname "$0")/lib/net.sh"
octets file 1500000
start server "$build/examples/tun_http_server" --tun tun0 --address 10.77.0.2 --root "$work" --pcap "$work/pcapng"
server=$last
peer slow_reader 10.77.0.2 80 /file "$work/file" 32768 65536 0.02
stop $server
check_capture "$work/pcapng"
cat "$work/server"
