#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# run.sh <fuzzer> <seed corpus> <scratch directory> <seconds>: seeds are read, never written; TENON_FUZZ_SECONDS overrides.
set -eu
fuzzer=$1 seeds=$2 scratch=$3 seconds=${TENON_FUZZ_SECONDS:-$4}
mkdir -p "$scratch/corpus"
[ -d "$seeds" ] || seeds=
seed=$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')
echo "replay the whole run: $fuzzer -seed=$seed -max_total_time=$seconds $seeds"
exec "$fuzzer" -seed="$seed" -max_total_time="$seconds" -timeout=10 -print_final_stats=1 -verbosity=0 \
    -artifact_prefix="$scratch/" "$scratch/corpus" $seeds
