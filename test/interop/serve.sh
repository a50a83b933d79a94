#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# We are the server: the kernel's curl gets and uploads 5 MB over IPv4 and IPv6, and meets the rules of HTTP.
set -eu
. "$(dirname "$0")/lib/net.sh"
mkdir "$work/root"
octets root/file 5000000
echo secret > "$work/secret"
ln -s ../secret "$work/root/link"
get() { timeout 100 $N curl -sS -g --path-as-is "$@"; }

for address in 10.77.0.2 fd77::2; do
    case $address in *:*) url="http://[$address]" ;; *) url=http://$address ;; esac
    start server "$build/examples/tun_http_server" --tun tun0 --address $address --root "$work/root" --pcap "$work/$address.pcapng"
    server=$last
    get -o "$work/got" "$url/file" || fail "GET: $?"
    same "$work/root/file" "$work/got" "GET $url"
    get --data-binary @"$work/root/file" "$url/upload" | grep -q "$(sha256sum < "$work/root/file" | cut -d' ' -f1)" || fail "POST $url"
    get -T "$work/root/file" "$url/upload" | grep -q '"length": 5000000' || fail "PUT $url"
    get -r 1000-1999 -o "$work/part" "$url/file"
    tail -c +1001 "$work/root/file" | head -c 1000 > "$work/expected"
    same "$work/expected" "$work/part" "Range"
    # Two requests over one connection.
    [ "$(get -o /dev/null -o /dev/null -w '%{num_connects} ' "$url/file" "$url/file")" = '1 0 ' ] || fail "the connection is not kept"
    code() { get -o /dev/null -w '%{http_code}' "$@"; }
    [ "$(code -I "$url/file")" = 200 ] || fail HEAD
    for path in /nothing /../secret /%2e%2e/secret /link /..%2fsecret; do [ "$(code "$url$path")" = 404 ] || fail "$path is served"; done
    [ "$(code "$url/%zz")" = 400 ] || fail "a broken escape"
    [ "$(code -X DELETE "$url/file")" = 405 ] || fail DELETE
    [ "$(code -d x "$url/file")" = 405 ] || fail "POST to a file"
    [ "$(code -r 9999999- "$url/file")" = 416 ] || fail "a range outside"
    [ "$(code -H 'Content-Length: 99999999999' -d x "$url/upload")" = 413 ] || fail "a huge upload"
    # RFC 9112, 2.3, and RFC 9110, 15.6.6: a version that we do not speak is one thing, what is no version another.
    for version in HTTP/2.0 HTTP/3.1 HTTP/0.9; do peer request_line $address 80 "GET /file $version" 505; done
    for version in HTTP/1.x HTTP/1 HTTP/11 HTTP/1.10 HTTP/1.1x http/1.1 FTP/1.1 HTTP-1.1 HTTP/2.0x 'x HTTP/2.0'; do
        peer request_line $address 80 "GET /file $version" 400
    done
    peer request_line $address 80 'GET /nothing HTTP/1.1' 404
    stop $server
    check_capture "$work/$address.pcapng"
done
