#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# Resets in the midst of an answer: each frees its slot, and the server goes on (more of them than it has slots).
set -eu
. "$(dirname "$0")/lib/net.sh"
octets file 2000000
start server "$build/examples/tun_http_server" --tun tun0 --address 10.77.0.2 --root "$work" --pcap "$work/pcapng"
server=$last
peer abort 10.77.0.2 80 /file 300
peer short_connections 10.77.0.2 80 /file "$work/file" 3
stop $server
check_capture "$work/pcapng"
cat "$work/server"
