#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# Instructions per segment, counted by callgrind and held against benchmarks/instructions_baseline.txt.
#
# usage: benchmarks/instructions.sh [--record] [mode ...]
#
# benchmarks/instructions.cpp is built with g++ -O2 -DNDEBUG, without -march. `instructions list` names its modes, and
# `instructions <mode> <segments>` carries that many segments. Two runs of different length are subtracted, so that start and
# end of the program and of the connection do not count: the number is the same on each run on a machine.
# The baseline has lines `<mode> most=<gate> recorded=<number>`, either of them may be missing. A mode fails above its gate and
# at more than 2 % above the recorded number; --record writes the numbers anew and leaves the gates.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
build=${TENON_INSTRUCTIONS_BUILD:-$root/build/instructions_gate}
baseline=$here/instructions_baseline.txt
source=$here/instructions.cpp
few=2000
many=12000
command -v valgrind >/dev/null || { echo "SKIPPED: valgrind is not installed"; exit 77; }

record=no
[ "${1:-}" = --record ] && { record=yes; shift; }
[ -f "$source" ] || { echo "FAILED: no benchmarks/instructions.cpp"; exit 1; }
[ -f "$baseline" ] || { echo "FAILED: no benchmarks/instructions_baseline.txt"; exit 1; }
mkdir -p "$build" || exit 1
program=$build/instructions
g++ -std=c++20 -O2 -DNDEBUG -I"$root/include" "$source" -o "$program" ||
    { echo "FAILED: benchmarks/instructions.cpp does not compile"; exit 1; }
all=$("$program" list) || { echo "FAILED: instructions list"; exit 1; }
modes=${*:-$all}
[ -n "$modes" ] || { echo "FAILED: no mode to measure"; exit 1; }

count() { # mode segments
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$1" "$2" 2>"$build/log" >/dev/null || return 1
    awk '/Collected *:/ { print $NF; found = 1 } END { exit !found }' "$build/log"
}

results=$build/results.txt
: >"$results"
failed=0
for mode in $modes; do
    if short=$(count "$mode" $few) && long=$(count "$mode" $many); then
        per_segment=$(((long - short + (many - few) / 2) / (many - few)))
        echo "$mode instructions_per_segment=$per_segment"
        echo "$mode $per_segment" >>"$results"
    else
        cat "$build/log"
        echo "FAILED: $mode does not run"
        failed=1
    fi
done

awk -v "all=$*" '
    FNR == NR { count[$1] = $2; next }
    /^#/ || !NF { next }
    {
        listed[$1] = 1
        if (!($1 in count)) { if (all == "") { print "FAILED: " $1 ": has a gate and was not measured"; bad = 1 } next }
        for (i = 2; i <= NF; i++) {
            split($i, pair, "=")
            if (pair[1] == "most" && count[$1] > pair[2]) { print "FAILED: " $1 ": " count[$1] ", at most " pair[2]; bad = 1 }
            if (pair[1] == "recorded" && RECORD != "yes" && count[$1] * 100 > pair[2] * 102) {
                print "FAILED: " $1 ": " count[$1] ", recorded " pair[2] ", over 2 %"; bad = 1 }
        }
    }
    END {
        for (mode in count) if (!(mode in listed) && RECORD != "yes") { print "FAILED: " mode ": not in the baseline"; bad = 1 }
        exit bad
    }' RECORD=$record "$results" RECORD=$record "$baseline" || failed=1

if [ $record = yes ]; then
    [ $failed = 0 ] || { echo "The baseline stays as it was"; exit 1; }
    awk 'FNR == NR { count[$1] = $2; next }
        /^#/ || !NF { print; next }
        { line = $1; for (i = 2; i <= NF; i++) if ($i !~ /^recorded=/) line = line " " $i; done[$1] = 1
          if ($1 in count) print line " recorded=" count[$1]; else print }
        END { for (mode in count) if (!(mode in done)) print mode " recorded=" count[mode] }' "$results" "$baseline" >"$build/new" &&
        cp "$build/new" "$baseline"
fi
exit $failed
