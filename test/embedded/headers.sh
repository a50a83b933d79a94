#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# headers.sh <include directory> <compiler> [flags]: every firmware header compiles alone with neither exceptions nor RTTI, and
# reads no header of Boost, range-v3 or fmt. Exits 77 when the compiler is not installed.
set -u
include=$1
shift
command -v "$1" >/dev/null || { echo "SKIPPED: $1 is not installed"; exit 77; }
cd "$include" || exit 1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
seen=0
headers=$(find tenon/core tenon/wire tenon/state tenon/policy tenon/engine tenon/connection.hpp tenon/endpoint.hpp tenon/policies.hpp \
    -name '*.hpp' 2>/dev/null | grep -vE '(chrono|text|printer|diagram)\.hpp$' | sort)
for header in $headers; do
    seen=$((seen + 1))
    echo "#include <$header>" >"$scratch/one.cpp"
    if ! "$@" -std=c++20 -fno-exceptions -fno-rtti -Wall -Wextra -Wpedantic -Wconversion -Werror -I. -fsyntax-only \
        -MD -MF "$scratch/one.d" "$scratch/one.cpp"; then
        echo "FAILED: $header"
        failed=1
    elif foreign=$(grep -m1 -oE '[^ ]*/(boost|range/v3|fmt)/[^ ]*' "$scratch/one.d" | head -n 1 | grep .); then
        echo "FAILED: $header reads $foreign"
        failed=1
    fi
done
[ "$seen" -gt 0 ] || { echo "FAILED: no header under $include"; exit 1; }
echo "$seen headers with: $*"
exit $failed
