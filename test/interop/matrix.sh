#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# The matrix against the kernel's TCP (docs/interop.md): matrix.sh [BUILD SOURCE] [options of matrix.py]. Without a build folder it
# builds what it needs in build/release. Pairs of values without --strength.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
skip() {
    echo "SKIPPED: NOT RUN AGAINST THE KERNEL'S TCP: $*" >&2
    exit 77
}
[ "$(id -u)" = 0 ] || skip "not root"
[ -c /dev/net/tun ] || skip "no /dev/net/tun"
for tool in ip python3; do command -v $tool > /dev/null || skip "no $tool"; done
command -v tshark > /dev/null || echo "no tshark here: captures are not looked at" >&2

case ${1:-} in
    '' | -*)
        build=$root/build/release
        [ -f "$build/build.ninja" ] || (cd "$root" && cmake --preset release > "$root/build/release.log")
        cmake --build "$build" --target matrix_peer
        ;;
    *)
        build=$1
        shift 2
        ;;
esac
exec python3 "$here/matrix.py" "$build/test/interop/matrix_peer" "$build/matrix" "$@"
