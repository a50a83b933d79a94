# SPDX-License-Identifier: BSL-1.0
# Copies a script without what no RFC prescribes, so that it is not compared: PSH (RFC 9293, 3.9.1.2 wants it on the last segment of a write,
# stacks set it elsewhere too), the order of the options of our SYN and its scale (-v scale=8), our window. Lines that ask the machine's
# tools about sockets, or for the sizes of buffers, are dropped.
function ordered(list,    parts, n, i, mss, sack, stamps, shift_, other, out) {
    n = split(list, parts, /, */)
    for (i = 1; i <= n; ++i) {
        if (parts[i] ~ /^ *mss /) mss = parts[i]
        else if (parts[i] ~ /^ *sackOK/) sack = "sackOK"
        else if (parts[i] ~ /^ *TS /) stamps = parts[i]
        else if (parts[i] ~ /^ *wscale /) shift_ = "nop,wscale " scale
        else if (parts[i] !~ /^ *(nop|eol) *$/) other = 1
    }
    if (other || mss == "") return list
    out = mss
    if (stamps != "") out = out (sack != "" ? ",sackOK," : ",nop,nop,") stamps
    else if (sack != "") out = out ",nop,nop,sackOK"
    return shift_ != "" ? out "," shift_ : out
}

/`[^`]*(sockstat|netstat)|getsockopt.*SO_(RCV|SND)BUF/ { print "// " $0; next }

# An outbound packet: a time, ">", flags, numbers.
match($0, /^[ \t]*[-+0-9.~*]*[ \t]*>[ \t]*(\[[^]]*\][ \t]*)?[A-Z.\-]+[ \t]+[0-9]+:/) {
    head = substr($0, 1, RLENGTH)
    rest = substr($0, RLENGTH + 1)
    at = index(head, ">")
    flags = substr(head, at)
    # A segment with P alone needs some flag; all of ours have ACK.
    if (flags ~ /P.*\./) sub(/P/, "", flags)
    sub(/ win +[0-9]+/, "", rest)
    open_ = index(rest, "<")
    if (flags ~ /S/ && open_ != 0) {
        list = substr(rest, open_ + 1)
        close_ = index(list, ">")
        tail = substr(list, close_ + 1)
        list = substr(list, 1, close_ - 1)
        rest = substr(rest, 1, open_) ordered(list) ">" tail
    }
    print substr(head, 1, at - 1) flags rest
    next
}
{ print }
