#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# Installs what is missing (Debian 12, as root), builds the four presets from nothing and runs all their tests as one CTest run:
# its summary is the last that is printed (after the fuzzers' figures, once more), its verdict the exit status. A target that
# does not build fails the test <lane>.build.
set -u
cd "$(dirname "$0")/.." || exit 1

packages="build-essential cmake ninja-build ccache clang-14 clang libclang-rt-14-dev librange-v3-dev libboost-dev libboost-test-dev
    libfmt-dev libcli11-dev libssl-dev nlohmann-json3-dev libbenchmark-dev liblwip-dev tshark iproute2 curl valgrind gcc-arm-none-eabi
    libstdc++-arm-none-eabi-newlib libnewlib-arm-none-eabi graphviz python3 procps openssl"
missing=""
for package in $packages; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing="$missing $package"
done
if [ -n "$missing" ]; then
    echo "Installing:$missing"
    export DEBIAN_FRONTEND=noninteractive
    echo "wireshark-common wireshark-common/install-setuid boolean false" | debconf-set-selections
    apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing || exit 1
fi

lanes="dev clang asan-ubsan release"
rm -rf build/all
mkdir -p build/all
for lane in $lanes; do
    echo "== $lane: configure and build"
    rm -f "build/$lane/CTestTestfile.cmake"
    if ! cmake --preset "$lane" >"build/$lane.log" 2>&1; then
        cat "build/$lane.log"
        # The summary still comes, with this failure in it.
        echo "add_test($lane.configure false)" >>build/all/CTestTestfile.cmake
        continue
    fi
    targets=all
    case $lane in dev | clang) targets="all all_verify_interface_header_sets" ;; esac
    cmake --build "build/$lane" --target $targets -- -k 0 || echo "== $lane: not everything was built"
    echo "subdirs(\"$PWD/build/$lane\")" >>build/all/CTestTestfile.cmake
done

# A pipe's status is that of its last part: the verdict goes round it.
{
    verdict=0
    ctest --test-dir build/all --parallel "$(nproc)" --output-on-failure --no-tests=error 2>&1 || verdict=$?
    echo "$verdict" >build/all/verdict
} | tee build/all/ctest.log

# What CTest keeps to itself about a test that passes, and then its summary once more.
echo
echo "== the fuzzers' inputs that led to ESTABLISHED"
awk '/ Testing: / { name = $3 } /^reached ESTABLISHED: / { print name ": " $0; n++ } END { if (!n) print "none was run to its end" }' \
    build/all/Testing/Temporary/LastTest.log
sed -n '/% tests passed, /,$p' build/all/ctest.log
exit "$(cat build/all/verdict)"
