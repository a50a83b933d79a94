#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# The README's first example is the marked part of examples/01_hello.cpp, to the letter. usage: readme_example.sh SOURCE_DIR
set -eu
root=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
awk '/^```/ { if (on) exit; on = 1; next } on' "$root/README.md" >"$work/readme"
awk '/\/\/ \[\/hello\]/ { on = 0 } on { sub(/^    /, ""); print } /\/\/ \[hello\]/ { on = 1 }' "$root/examples/01_hello.cpp" >"$work/example"
[ -s "$work/example" ] || { echo "FAILED: no marked part in examples/01_hello.cpp"; exit 1; }
diff "$work/readme" "$work/example" || { echo "FAILED: README.md and examples/01_hello.cpp differ"; exit 1; }
