#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# no_friends.sh <compiler> <include folder> <source>: the source needs no other library, even where those lie in /usr/include.
set -eu
read_headers=$("$1" -std=c++20 -fno-exceptions -fno-rtti -I"$2" -M "$3")
if printf '%s\n' "$read_headers" | grep -E '/(boost|range/v3|fmt|CLI|nlohmann)/'; then
    echo "FAILED: $3 reads headers of another library"
    exit 1
fi
