#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# 200 connections one after another, then 100 at once.
set -eu
. "$(dirname "$0")/lib/net.sh"
octets file 20000
start server "$build/examples/tun_http_server" --tun tun0 --address 10.77.0.2 --root "$work" --pcap "$work/pcapng"
server=$last
peer short_connections 10.77.0.2 80 /file "$work/file" 200
peer crowd 10.77.0.2 80 /file "$work/file" 100
stop $server
check_capture "$work/pcapng"
cat "$work/server"
