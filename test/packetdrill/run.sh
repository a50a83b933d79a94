#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# Runs packetdrill's scripts against the shim: PACKETDRILL=/path/to/packetdrill sh test/packetdrill/run.sh DIR|FILE...
# Prints a table: pass, fail (with the first difference), n/a (with the reason), and a summary of each directory.
#
#   PACKETDRILL     the program; without it the run is skipped (77)
#   TENON_SHIM      a shim that is built already; otherwise one is built with CXX
#   COMPOSITIONS    tried in turn until one passes (docs/packetdrill.md); default "linux rfc delayed"
#   VERSIONS        ipv4, ipv6, ipv4-mapped-ipv6; default ipv4
#   PACKETDRILL_SCRIPTS  what --of-environment runs
#   EXTRA_FLAGS     more --so_flags, as options=none or congestion=cubic
#
# Exit: 0 if nothing failed but what explained.txt accounts for, 1 if something did, 77 skipped.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

if [ -z "${PACKETDRILL-}" ]; then
    echo "SKIPPED: no packetdrill. Set PACKETDRILL to the program, and name directories of scripts (docs/packetdrill.md)."
    exit 77
fi
[ -x "$PACKETDRILL" ] || { echo "PACKETDRILL=$PACKETDRILL is no program" >&2; exit 2; }
PACKETDRILL=$(cd "$(dirname "$PACKETDRILL")" && pwd)/$(basename "$PACKETDRILL")
if [ "${1-}" = --of-environment ]; then
    # shellcheck disable=SC2086  # directories are separated by spaces
    set -- ${PACKETDRILL_SCRIPTS-}
fi
if [ $# -eq 0 ]; then
    echo "SKIPPED: no scripts. Name directories or files."
    exit 77
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
make_stubs "$work/bin"
shim=${TENON_SHIM-}
if [ -z "$shim" ]; then
    echo "building the shim"
    shim=$work/shim.so
    build_shim "$shim" || exit 2
fi

failed=0
for from; do
    root=$(cd "$(dirname "$from")" && pwd)/$(basename "$from")
    [ -e "$root" ] || { echo "$from: no such file" >&2; exit 2; }
    find "$root" -name '*.pkt' | LC_ALL=C sort >"$work/scripts"
    base=$root
    [ -d "$root" ] || base=$(dirname "$root")
    while read -r script; do
        for version in ${VERSIONS:-ipv4}; do
            suits "$script" "$version" || continue
            judge "$script" "$version" <&3
            name=${script#"$base"/}
            [ "$version" = ipv4 ] || name="$name ($version)"
            explain "$name"
            [ "$verdict" = fail ] && [ -z "$explanation" ] && failed=1
            printf '%-5s %-55s %s\n' "$verdict" "$name" "$reason${explanation:+ [$explanation]}"
            dir=$(dirname "${script#"$base"/}")
            echo "$dir $verdict" >>"$work/verdicts"
        done
    done 3<&0 <"$work/scripts"
done

echo
summary "$work/verdicts"
exit $failed
