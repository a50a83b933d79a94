#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# Prints one requirement and runs the tests that carry its id: sh test/conformance/show.sh MUST-25 [BUILD]
# BUILD (build/dev unless said) must have been built.
set -u
source=$(cd "$(dirname "$0")/../.." && pwd)
id=${1:?which requirement?}
build=${2:-$source/build/dev}
python3 "$source/test/conformance/matrix.py" row "$source" "$id" || exit 1
[ -f "$build/test/records/list" ] || { echo "$build: no build with unit tests" >&2; exit 1; }

verdict=0
while read -r _ executable; do
    [ -x "$executable" ] || continue
    "$executable" --list_labels 2>&1 | grep -qx "  $id" || continue
    if output=$("$executable" "--run_test=@$id" --log_level=test_suite --color_output=no 2>&1); then
        printf '%s\n' "$output" | sed -n 's/.*Leaving test case "\([^"]*\)".*/passed  \1/p'
    else
        printf '%s\n' "$output"
        verdict=1
    fi
done <"$build/test/records/list"
exit "$verdict"
