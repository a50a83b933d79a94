# SPDX-License-Identifier: BSL-1.0
# The deepest stack below `root`, summed over the frames of one call chain, from what -fcallgraph-info=su writes. Functions of
# libraries (memcpy) have no frame there and count nothing. Prints the sum, or "recursion" where there is no bound.
function quoted(text, key,    at) {
    at = index(text, key ": \"")
    if (!at) return ""
    text = substr(text, at + length(key) + 3)
    return substr(text, 1, index(text, "\"") - 1)
}
function depth(name,    i, below, deepest, n, list) {
    if (name in done) return done[name]
    if (name in open) { recursion = 1; return 0 }
    open[name] = 1
    n = split(calls[name], list, " ")
    for (i = 1; i <= n; i++) { below = depth(list[i]); if (below > deepest) deepest = below }
    delete open[name]
    return done[name] = frame[name] + deepest
}
/^node:/ {
    name = quoted($0, "title"); label = quoted($0, "label")
    if (match(label, /[0-9]+ bytes/)) { frame[name] = substr(label, RSTART) + 0; known[name] = 1 }
}
/^edge:/ { calls[quoted($0, "sourcename")] = calls[quoted($0, "sourcename")] " " quoted($0, "targetname") }
END {
    if (!(root in known)) { print "unknown"; exit }
    sum = depth(root)
    print recursion ? "recursion" : sum
}
