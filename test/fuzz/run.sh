#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# run.sh <fuzzer> <seed corpus> <scratch directory> <seconds>: seeds are read, never written; TENON_FUZZ_SECONDS overrides.
# A run of fewer than TENON_FUZZ_LEAST inputs (20,000) has shown nothing and fails.
set -eu
fuzzer=$1 seeds=$2 scratch=$3 seconds=${TENON_FUZZ_SECONDS:-$4} least=${TENON_FUZZ_LEAST:-20000}
mkdir -p "$scratch/corpus"
[ -d "$seeds" ] || seeds=
seed=$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')
echo "replay the whole run: $fuzzer -seed=$seed -max_total_time=$seconds $seeds"
{
    verdict=0
    "$fuzzer" -seed="$seed" -max_total_time="$seconds" -timeout=10 -print_final_stats=1 -verbosity=0 \
        -artifact_prefix="$scratch/" "$scratch/corpus" $seeds 2>&1 || verdict=$?
    echo "$verdict" >"$scratch/verdict"
} | tee "$scratch/log"
verdict=$(cat "$scratch/verdict")
[ "$verdict" = 0 ] || exit "$verdict"
inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$scratch/log")
if [ "${inputs:-0}" -lt "$least" ]; then
    echo "too few inputs: ${inputs:-0} in $seconds s, at least $least are wanted"
    exit 1
fi
