#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# The smallest receive buffer the kernel gives: a window of about one segment.
set -eu
. "$(dirname "$0")/lib/net.sh"
octets file 300000
start server "$build/examples/tun_http_server" --tun tun0 --address 10.77.0.2 --root "$work" --pcap "$work/pcapng"
server=$last
peer slow_reader 10.77.0.2 80 /file "$work/file" 1 1000 0
stop $server
check_capture "$work/pcapng"
cat "$work/server"
