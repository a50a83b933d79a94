#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# run.sh <way> <source directory of tenon> <scratch directory> <compiler>: builds and runs a user's project that gets tenon by
# find_package (after an install to a scratch prefix), add_subdirectory, or FetchContent.
set -eu
way=$1 source=$2 scratch=$3 compiler=$4
here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$scratch"
mkdir -p "$scratch/project"
case $way in
find_package)
    cmake -G Ninja -S "$source" -B "$scratch/tenon" -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_INSTALL_PREFIX="$scratch/prefix" \
        -DTENON_BUILD_TESTS=OFF -DTENON_BUILD_EXAMPLES=OFF -DTENON_BUILD_BENCHMARKS=OFF
    cmake --install "$scratch/tenon"
    (cd "$source/include" && find tenon -name '*.hpp' | sort) >"$scratch/ours"
    (cd "$scratch/prefix/include" && find tenon -name '*.hpp' | sort) >"$scratch/installed"
    diff "$scratch/ours" "$scratch/installed"
    bring="find_package(tenon 0.1 REQUIRED)"
    ;;
add_subdirectory) bring="add_subdirectory(\"$source\" tenon)" ;;
fetch_content)
    bring="include(FetchContent)
FetchContent_Declare(tenon SOURCE_DIR \"$source\")
FetchContent_MakeAvailable(tenon)"
    ;;
*) echo "no such way: $way"; exit 2 ;;
esac
while IFS= read -r line; do
    if [ "$line" = "@bring_tenon@" ]; then printf '%s\n' "$bring"; else printf '%s\n' "$line"; fi
done <"$here/project.cmake.in" >"$scratch/project/CMakeLists.txt"
cp "$here/main.cpp" "$scratch/project/"
cmake -G Ninja -S "$scratch/project" -B "$scratch/build" -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$scratch/prefix"
cmake --build "$scratch/build"
"$scratch/build/consumer"
