# SPDX-License-Identifier: BSL-1.0
"""Covering sets: few rows in which every combination of t values of t different dimensions comes up. Greedy, with a seed of its
own, so that the same dimensions always give the same rows. `matrix_cover.py` alone proves it on some small cases."""
import itertools
import random


def cover(dimensions, strength, tries=12):
    """Rows, as dictionaries, of {dimension: values}."""
    names, chance = list(dimensions), random.Random(strength)
    if strength == len(names):  # all there is
        return [dict(zip(names, row)) for row in itertools.product(*dimensions.values())]
    groups = list(itertools.combinations(range(len(names)), strength))
    left = {g: set(itertools.product(*(dimensions[names[i]] for i in g))) for g in groups}
    rows = []
    while any(left.values()):
        group = max(groups, key=lambda g: len(left[g]))
        first = dict(zip(group, min(left[group], key=str)))
        best = max((fill(first, names, dimensions, left, chance) for _ in range(tries)), key=lambda r: gain(r, left))
        for g in groups:
            left[g].discard(tuple(best[i] for i in g))
        rows.append({names[i]: best[i] for i in range(len(names))})
    return rows


def gain(row, left):
    return sum(tuple(row[i] for i in g) in wanted for g, wanted in left.items())


def fill(first, names, dimensions, left, chance):
    """The other dimensions in any order, each with the value that covers most together with what is chosen already."""
    row, order = dict(first), [i for i in range(len(names)) if i not in first]
    chance.shuffle(order)
    for i in order:
        values = list(dimensions[names[i]])
        chance.shuffle(values)
        concerned = [(g, wanted) for g, wanted in left.items() if i in g and all(k in row or k == i for k in g)]
        near = [(g, wanted) for g, wanted in left.items() if i in g]

        def worth(value):
            trial = {**row, i: value}
            whole = sum(tuple(trial[k] for k in g) in wanted for g, wanted in concerned)
            # Nothing complete yet: what is still wanted of this value.
            return whole, sum(t[g.index(i)] == value for g, wanted in near for t in wanted) if not concerned else 0

        row[i] = max(values, key=worth)
    return row


def covers(rows, dimensions, strength):
    names = list(dimensions)
    for group in itertools.combinations(names, strength):
        wanted = set(itertools.product(*(dimensions[n] for n in group)))
        if wanted - {tuple(r[n] for n in group) for r in rows}:
            return False
    return True


def self_test():
    small = {"a": [0, 1], "b": [0, 1], "c": [0, 1]}
    assert covers(cover(small, 2), small, 2) and len(cover(small, 2)) <= 5
    assert not covers(cover(small, 2)[1:], small, 2)
    uneven = {"a": list(range(5)), "b": ["x"], "c": list(range(4)), "d": [0, 1, 2]}
    for strength in (1, 2, 3):
        rows = cover(uneven, strength)
        assert covers(rows, uneven, strength) and rows == cover(uneven, strength)


if __name__ == "__main__":
    self_test()
    print("covering sets cover")
