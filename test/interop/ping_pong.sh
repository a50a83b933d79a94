#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# One octet there, one octet back, 3000 times: nothing waits for a timer, on neither side.
set -eu
. "$(dirname "$0")/lib/net.sh"
start echo "$build/examples/tun_echo" --tun tun0 --address 10.77.0.2 --pcap "$work/pcapng"
echo=$last
peer ping_pong 10.77.0.2 7 3000
stop $echo
check_capture "$work/pcapng"
