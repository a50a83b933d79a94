#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# Code size, control block and stack of compositions on Cortex-M, held against benchmarks/size/baseline.txt.
#
# usage: benchmarks/size.sh [--record] [name ...]      --record rewrites the baseline; the absolute gates hold all the same
#
# A composition is benchmarks/size/<name>.cpp, or examples/04_*.cpp under the name `minimal`: a whole program with main (an echo
# server on some packet I/O), compiled with TENON_FIRMWARE defined. It also defines, as the size of its control block,
#     extern "C" { char tenon_tcb_size[sizeof(connection) - octets - records]; }
# whose size is read from the object file (nothing refers to it, so that it is not in the image).
#
# text   .text + .rodata (+ unwind tables, if any) of the linked image: library, echo program and what they need of libc and
#        libgcc; without vector table and startup code
# data, bss   of the image, buffers included       tcb   octets of the control block
# stack  deepest call chain below `tenon_poll` (an extern "C", noinline function around one poll) if there is one, else below
#        main; own frames only, library functions such as memcpy not counted
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
build=${TENON_SIZE_BUILD:-$root/build/size}
baseline=$here/size/baseline.txt
cross=arm-none-eabi-
command -v ${cross}g++ >/dev/null || { echo "SKIPPED: ${cross}g++ is not installed"; exit 77; }

record=no
[ "${1:-}" = --record ] && { record=yes; shift; }
wanted=" $* "
failed=0
fail() { echo "FAILED: $*"; failed=1; }

mkdir -p "$build" || exit 1
results=$build/results.txt
: >"$results"

compile="${cross}g++ -std=c++20 -mthumb -Os -fno-exceptions -fno-rtti -fno-threadsafe-statics -ffunction-sections -fdata-sections
    -Wall -Wextra -Wpedantic -Wconversion -Werror -DNDEBUG -DTENON_FIRMWARE -I$root/include"
link="-nostartfiles --specs=nano.specs --specs=nosys.specs -Wl,--gc-sections -T $here/size/cortex.ld"

section() { echo "$sections" | awk -v "names=$1" 'BEGIN { n = split(names, list, " "); for (i = 1; i <= n; i++) want[list[i]] = 1 }
    $1 in want { sum += $2 } END { print sum + 0 }'; }

measure() { # name cpu source
    out=$build/$1-$2
    rm -f "$out.elf" "$out.o" "$out.ci"
    $compile -mcpu="$2" -fcallgraph-info=su -c "$3" -o "$out.o" || { fail "$1 $2: does not compile"; return; }
    $compile -mcpu="$2" -c "$here/size/startup.cpp" -o "$build/startup-$2.o" || { fail "startup $2: does not compile"; return; }
    $compile -mcpu="$2" "$out.o" "$build/startup-$2.o" $link -o "$out.elf" || { fail "$1 $2: does not link"; return; }

    sections=$(${cross}size -A "$out.elf")
    text=$(section ".text .rodata .ARM.exidx .ARM.extab")
    tcb=$(${cross}nm -S "$out.o" | awk '$4 == "tenon_tcb_size" { print $2 }')
    [ -n "$tcb" ] || { fail "$1 $2: no definition of tenon_tcb_size"; return; }
    tcb=$((0x$tcb))
    top=main
    ${cross}nm "$out.o" | grep -q ' T tenon_poll$' && top=tenon_poll
    stack=$(awk -v root=$top -f "$here/size/stack.awk" "$out.ci")
    case $stack in *[!0-9]*) fail "$1 $2: stack is $stack" ;; esac
    echo "$1 $2 text=$text data=$(section .data) bss=$(section .bss) tcb=$tcb stack=$stack"
    echo "$1 $2 $text $tcb" >>"$results"

    # Nothing of the heap, of exceptions, of stdio, or of the compiled part of libstdc++ (std:: templates are weak, and ours).
    forbidden=$(${cross}nm "$out.elf" | awk '$3 ~ /^_?(malloc|free|calloc|realloc)(_r)?$|printf|^__cxa_|^_Zn[wa]|^_Zd[la]/ ||
        ($3 ~ /^_ZN?K?St/ && $2 !~ /[Ww]/) { print $3 }')
    [ -z "$forbidden" ] || fail "$1 $2: the image holds $(echo $forbidden)"
}

measured=0
consider() { # name source
    case $wanted in "  " | *" $1 "*) ;; *) return ;; esac
    measured=$((measured + 1))
    for cpu in cortex-m4 cortex-m0plus; do measure "$1" $cpu "$2"; done
}
for source in "$here"/size/*.cpp; do
    name=$(basename "$source" .cpp)
    [ "$name" = startup ] || consider "$name" "$source"
done
for source in "$root"/examples/04*.cpp; do
    [ -f "$source" ] && consider minimal "$source"
done
[ $measured -gt 0 ] || { echo "FAILED: no composition to measure in benchmarks/size/ and examples/04*.cpp"; exit 1; }

# The absolute gates: name, processor, most text, most tcb.
awk '$1 == "minimal" && $2 == "cortex-m4" && ($3 > 6000 || $4 > 160) {
    print "FAILED: " $1 " " $2 ": text " $3 " (at most 6000), tcb " $4 " (at most 160)"; bad = 1 } END { exit bad }' "$results" || failed=1

if [ $record = yes ]; then
    [ "$wanted" = "  " ] || { echo "FAILED: --record measures all compositions"; exit 1; }
    [ $failed = 0 ] || { echo "The baseline stays as it was"; exit 1; }
    { echo "# composition, processor, text, tcb; written by benchmarks/size.sh --record"; cat "$results"; } >"$baseline"
    exit 0
fi
[ -f "$baseline" ] || { echo "FAILED: no benchmarks/size/baseline.txt; make it with --record"; exit 1; }
awk -v "wanted=$wanted" '
    FNR == NR { if ($1 != "#") { text[$1 " " $2] = $3; tcb[$1 " " $2] = $4 } next }
    { key = $1 " " $2; seen[key] = 1 }
    !(key in text) { print "FAILED: " key ": not in the baseline"; bad = 1; next }
    $3 * 100 > text[key] * 102 { print "FAILED: " key ": text " $3 ", baseline " text[key] ", over 2 %"; bad = 1 }
    $4 > tcb[key] { print "FAILED: " key ": tcb " $4 ", baseline " tcb[key]; bad = 1 }
    END { for (key in text) if (!(key in seen) && wanted == "  ") { print "FAILED: " key ": in the baseline, not measured"; bad = 1 }
          exit bad }' "$baseline" "$results" || failed=1
exit $failed
