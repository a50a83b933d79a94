# SPDX-License-Identifier: BSL-1.0
# What run.sh is made of. `work`, `shim`, `here` are its variables.

# make_stubs DIR: programs that scripts start on the machine, which must stay as it is.
make_stubs() {
    mkdir -p "$1"
    for name in sysctl ip tc ethtool nstat ss netstat sockstat ifconfig iptables kldload kldunload modprobe python3; do ln -s "$here/stubs/stub" "$1/$name"; done
}

build_shim() {
    # Separately, so that a compiler cache can help.
    objects=
    for source in "$here"/*.cpp; do
        object=$work/$(basename "$source" .cpp).o
        case $source in */self_test.cpp) continue ;; esac
        ${CXX:-c++} -std=c++20 -O1 -fPIC -fvisibility=hidden -I"$here/../../include" -c "$source" -o "$object" || return 1
        objects="$objects $object"
    done
    ${CXX:-c++} -shared $objects -o "$1" -pthread
}

# suits SCRIPT VERSION: names that end with v4 or v6 are for that version only.
suits() {
    case $1 in
    *v6.pkt) [ "$2" = ipv6 ] ;;
    *v4.pkt) [ "$2" != ipv6 ] ;;
    *) true ;;
    esac
}

# once SCRIPT VERSION FLAGS: runs it; the output is in $work/out, notes in $work/notes, sysctls in $work/sysctls.
once() {
    : >"$work/notes"
    : >"$work/sysctls"
    : >"$work/sysctls.restore"
    mtu=$(sed -n 's/^--mtu=\([0-9]*\).*/\1/p' "$1" | head -n 1)
    case $2 in
    ipv6)
        set -- "$1" "$2" "$3" fd3d:a0b:17d6::1 "${mtu:-1520}" --ip_version=ipv6 --local_ip=fd3d:0a0b:17d6::1 \
            --remote_ip=fd3d:fa7b:d17d::1 --gateway_ip=fd3d:0a0b:17d6:8888::1 \
            -D CMSG_LEVEL_IP=SOL_IPV6 -D CMSG_TYPE_RECVERR=IPV6_RECVERR
        ;;
    *)
        set -- "$1" "$2" "$3" 192.168.0.1 "${mtu:-1500}" "--ip_version=$2" --local_ip=192.168.0.1 --remote_ip=192.0.2.1 \
            --gateway_ip=192.168.0.1 --netmask_ip=255.255.0.0 -D CMSG_LEVEL_IP=SOL_IP -D CMSG_TYPE_RECVERR=IP_RECVERR
        ;;
    esac
    target=$1 mtu=$5 flags=$3,local=$4,mtu=$5${EXTRA_FLAGS:+,$EXTRA_FLAGS}
    shift 5
    (
        cd "$place" || exit 2
        export TENON_NOTES="$work/notes" TENON_SYSCTLS="$work/sysctls" PATH="$work/bin:$PATH" LD_PRELOAD="$shim"
        exec timeout 30 "$PACKETDRILL" "--so_filename=$shim" "--so_flags=$flags" "--mtu=$mtu" --send_omit_free "--code_command=$python" \
            -D CODE=host_unreachable -D TFO_COOKIE=3021b9d889017eeb "$@" "$target"
    ) >"$work/out" 2>&1
    status=$?
    xargs -r rm -f <"$work/sysctls.restore"
    return $status
}
python=$(command -v python3)
export TENON_PYTHON="$python"

# Which line of the script the error is about, and what it says.
line_of_error() { sed -n 's/^[^ ]*\.pkt:\([0-9]*\): .*/\1/p' "$work/out" | head -n 1; }
first_difference() {
    awk '/^[^ ]*\.pkt:[0-9]+: /{ sub(/^[^ ]*\.pkt:/, "line "); text = $0; next }
         /^script packet:/ { sub(/^script packet: *[0-9.]* /, ""); script = $0 }
         /^actual packet:/ { sub(/^actual packet: *[0-9.]* /, ""); actual = $0 }
         /Error$|Error: / { assertion = $0 }
         END { if (script != "") { sub(/: error handling packet/, "", text); sub(/: expected.*/, "", text); text = text ": wants \"" script "\", gets \"" actual "\"" }
               if (assertion != "") text = text " " assertion
               if (text == "") text = "no message"
               gsub(/  +/, " ", text); print substr(text, 1, 230) }' "$work/out"
}

# judge SCRIPT VERSION: sets verdict and reason.
judge() {
    place=$(dirname "$1")
    verdict='' reason='' furthest=-1 inapplicable=''
    # What would change or read this machine is not run at all.
    if grep -q '> */\(sys\|proc\)/\|/bin/dd\|\bmodprobe\b\|`[^`]*/proc/net' "$1"; then
        verdict=n/a reason="works on the machine that it runs on"
        return
    fi
    for neutral in 0 1; do
        file=$1
        if [ $neutral = 1 ]; then
            file=$work/$(basename "$1")
            awk -v scale=8 -f "$here/neutral.awk" "$1" >"$file"
        fi
        first=yes
        for composition in ${COMPOSITIONS:-linux rfc delayed}; do
            once "$file" "$2" "timers=$composition,neutral=$neutral"
            result=$?
            if [ $result -eq 0 ]; then
                verdict=pass reason=$composition
                [ $neutral = 0 ] || verdict=pass*
                unread=$(sed -n 's/^unread //p' "$work/notes")
                [ -z "$unread" ] || reason="$reason, $unread unread at the end"
                return
            fi
            [ $first = no ] || keep_worst $result
            first=no
        done
    done
    verdict=fail
    [ -n "$inapplicable" ] || depends_on "$1"
    if [ -n "$inapplicable" ]; then verdict=n/a reason=$inapplicable; fi
}

# What the text of a script that fails says about its kind.
depends_on() {
    if grep -qi 'fastopen\|\bFO\b\|FOEXP' "$1" || [ "${1#*fastopen}" != "$1" ]; then
        inapplicable="TCP Fast Open (RFC 7413)"
        return
    fi
    if grep -q "option '[a-z_]*' unknown" "$work/out" || grep -q 'syntax error\|semantic error\|unrecognized option\|[Uu]nknown symbol\|unknown option\|parse error\|NameError' "$work/out"; then
        inapplicable="another dialect of packetdrill: $(grep -o "option '[a-z_]*' unknown\|syntax error.*\|semantic error.*\|unrecognized option.*\|parse error.*\|NameError.*" "$work/out" | head -n 1 | cut -c 1-60)"
        return
    fi
    # This packetdrill gives packets addresses once a socket listens or connects.
    if ! grep -q 'listen(\|connect(' "$1"; then
        inapplicable="another dialect of packetdrill: packets to a socket that neither listens nor connects"
        return
    fi
    case $reason in
    *assert* | *Assert* | *"Python code"*) ;;
    *) return ;;
    esac
    # Fields of TCP_INFO that options.cpp fills in.
    known=$(sed -n 's/.*i\.\(tcpi_[a-z_]*\) *=.*/\1/p' "$here/options.cpp" | tr '\n' ' ')
    for field in $(grep -o '\btcpi_[a-z_]*' "$1" | sort -u); do
        case " $known " in *" $field "*) ;; *) inapplicable="asserts $field, which the library does not have" ;; esac
    done
}

# What the shim follows, what the library does anyway, and what is about segmentation offload and queues below TCP.
sysctls_understood='^tcp_(timestamps|sack|window_scaling|ecn|congestion_control|min_tso_segs|tso_win_divisor|pacing_[a-z_]*|[rw]mem|recvspace|sendspace|rexmit_[a-z_]*|hostcache|icmp_may_rst|early_retrans|recovery|frto|fack)=|^tcp_slow_start_after_idle=1|^maxsockbuf=|^tcp_(insecure_[a-z]*=0|blackhole=0|dsack=1|reordering=3|syncookies=)'

# Of failures with PSH compared and without, the one that came further is told.
keep_worst() {
    at=$(line_of_error)
    if [ "${at:-0}" -gt "$furthest" ]; then
        furthest=${at:-0}
        reason=$(first_difference)
        [ "$1" -ne 124 ] || reason="no end within 30 s"
        [ "$1" -lt 128 ] || reason="died: exit status $1"
    fi
    missing=$(grep -v '^unread' "$work/notes" | sort -u | head -n 3 | tr '\n' ';')
    unknown=$(grep -Ev "$sysctls_understood" "$work/sysctls" | sort -u | head -n 2 | tr '\n' ' ')
    [ -z "$missing" ] || inapplicable="not offered: ${missing%;}"
    [ -n "$inapplicable" ] || [ -z "$unknown" ] || inapplicable="sysctl $unknown"
}

# explain NAME: what explained.txt says about a script that fails: a pattern of the shell, a tab, the reason.
explain() {
    explanation=
    [ "$verdict" = fail ] || return 0
    while IFS='	' read -r pattern why; do
        case $pattern in '' | '#'*) continue ;; esac
        case $1 in
        $pattern)
            explanation=$why
            return
            ;;
        esac
    done <"$here/explained.txt"
}

summary() {
    awk '{ seen[$1] = 1; n[$1, $2]++; all[$2]++ }
         END { printf "%-40s %5s %5s %5s %5s\n", "directory", "pass", "pass*", "fail", "n/a"
               for (d in seen) printf "%-40s %5d %5d %5d %5d\n", d, n[d, "pass"], n[d, "pass*"], n[d, "fail"], n[d, "n/a"] | "LC_ALL=C sort"
               close("LC_ALL=C sort")
               printf "%-40s %5d %5d %5d %5d\n", "all", all["pass"], all["pass*"], all["fail"], all["n/a"] }' "$1"
    echo "pass*: passes when what no RFC prescribes is left out: PSH within a write, the order of the SYN's options, our window and its scale"
}
