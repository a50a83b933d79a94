#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# A FIN ends one direction: what was sent before it comes back after it, whole; and an answer follows a client's early FIN.
set -eu
. "$(dirname "$0")/lib/net.sh"
octets file 2000000
start echo "$build/examples/tun_echo" --tun tun0 --address 10.77.0.2
echo=$last
start server "$build/examples/tun_http_server" --tun tun1 --address fd77:1::2 --root "$work"
server=$last
for n in 0 1 1460 100000 3000000; do peer half_close 10.77.0.2 7 $n; done
peer half_close_first fd77:1::2 80 /file "$work/file"
stop $echo
stop $server
