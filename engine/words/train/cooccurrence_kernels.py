"""The loops of counting, compiled.

Weights are whole numbers, so that their sums are the same in any order: 1 / distance is ``shares[distance]`` of a
``unit``, see ``engine.words.train.cooccurrence``.

A table holds the pairs (a, b) whose product of ranks is small: ``table[starts[a] + b]`` for b < ``limits[a]``. Of a
pair that counts both ways only a <= b is held. All other pairs are seldom, and are noted one by one as a number that
sorts them: ``(a * words + b) * 64 + distance``.
"""

import numpy as np

from engine.words.train.compiled import compiled, prefetch

DISTANCE_BITS = 6
ROWS_AT_ONCE = 256
AT_ONCE = 32
"""Tokens whose places in the table are asked of memory before any is written to."""


@compiled()
def tally(ids, start, window, both_ways, shares, starts, limits, table, noted, filled):  # type: ignore[no-untyped-def]
    """Count the tokens from ``start`` on with those before them; behind ``filled`` notes others are noted.

    Returns how far it came and how many notes there are: it stops where there may be no room for those of a token.
    """
    words = np.int64(len(starts))
    places = np.empty(AT_ONCE * window, np.uint64)
    amounts = np.empty(AT_ONCE * window, np.int64)
    waiting = 0
    begin = max(0, start - window)
    for p in range(begin, start):
        if ids[p] < 0:
            begin = p + 1
    p = start
    while p < len(ids) and filled + window <= len(noted):
        word = ids[p]
        if word < 0:
            begin = p + 1
        else:
            for q in range(max(begin, p - window), p):
                other = ids[q]
                a = np.uint64(min(other, word) if both_ways else other)
                b = np.uint64(max(other, word) if both_ways else word)
                distance = np.uint64(p - q)
                if b < limits[a]:
                    place = starts[a] + b
                    prefetch(table, (place,))
                    places[np.uint64(waiting)] = place
                    amounts[np.uint64(waiting)] = shares[distance]
                    waiting += 1
                else:
                    pair = np.int64(a) * words + np.int64(b)
                    noted[filled] = (pair << DISTANCE_BITS) | np.int64(distance)
                    filled += 1
        p += 1
        if waiting > (AT_ONCE - 1) * window:
            _add(table, places, amounts, waiting)
            waiting = 0
    _add(table, places, amounts, waiting)
    return p, filled


@compiled()
def _add(table, places, amounts, waiting):  # type: ignore[no-untyped-def]
    for m in range(np.uint64(waiting)):
        table[places[m]] += amounts[m]


@compiled()
def summed(noted, shares, sums):  # type: ignore[no-untyped-def]
    """Replace sorted notes by their pairs, each once, and fill ``sums``; return how many there are."""
    n = 0
    distances = np.int64((1 << DISTANCE_BITS) - 1)
    for m in range(len(noted)):
        pair = noted[m] >> DISTANCE_BITS
        share = shares[noted[m] & distances]
        if n and noted[n - 1] == pair:
            sums[n - 1] += share
        else:
            noted[n] = pair
            sums[n] = share
            n += 1
    return n


@compiled()
def joined(pairs, some):  # type: ignore[no-untyped-def]
    """Add up the sums of equal pairs, sorted ones, in place; return how many there are."""
    n = 0
    for m in range(len(pairs)):
        if n and pairs[n - 1] == pairs[m]:
            some[n - 1] += some[m]
        else:
            pairs[n] = pairs[m]
            some[n] = some[m]
            n += 1
    return n


@compiled()
def degrees_of_table(starts, limits, both_ways, table, degrees):  # type: ignore[no-untyped-def]
    """Count the neighbours that each word has in the table."""
    for a in range(len(starts)):
        for b in range(a if both_ways else 0, np.int64(limits[a])):
            if table[np.int64(starts[a]) + b]:
                degrees[a] += 1
                if both_ways and a != b:
                    degrees[b] += 1


@compiled()
def degrees_of_pairs(pairs, both_ways, degrees):  # type: ignore[no-untyped-def]
    """Count the neighbours that each word has in a list of pairs."""
    words = len(degrees)
    for m in range(len(pairs)):
        a, b = pairs[m] // words, pairs[m] % words
        degrees[a] += 1
        if both_ways and a != b:
            degrees[b] += 1


@compiled()
def lay_table(starts, limits, both_ways, table, unit, ends, columns, values):  # type: ignore[no-untyped-def]
    """Write the table's pairs behind what each word has so far, up to ``ends``, which moves on.

    A few rows are written at a time, for where they end stays in the cache then: first the neighbours before each
    word, which stand in the rows of those, then the word's own row.
    """
    for low in range(0, len(starts), ROWS_AT_ONCE):
        high = min(low + ROWS_AT_ONCE, len(starts))
        if both_ways:
            for a in range(high):
                for b in range(max(low, a + 1), min(high, np.int64(limits[a]))):
                    amount = table[np.int64(starts[a]) + b]
                    if amount:
                        _lay(b, a, amount, unit, ends, columns, values)
        for a in range(low, high):
            for b in range(a if both_ways else 0, np.int64(limits[a])):
                amount = table[np.int64(starts[a]) + b]
                if amount:
                    # Of two that are the same word each is near the other.
                    _lay(a, b, 2 * amount if both_ways and a == b else amount, unit, ends, columns, values)


@compiled()
def lay_pairs(pairs, sums, both_ways, unit, ends, columns, values):  # type: ignore[no-untyped-def]
    """Write a list of pairs behind what each word has so far."""
    words = len(ends)
    for m in range(len(pairs)):
        a, b = pairs[m] // words, pairs[m] % words
        _lay(a, b, 2 * sums[m] if both_ways and a == b else sums[m], unit, ends, columns, values)
        if both_ways and a != b:
            _lay(b, a, sums[m], unit, ends, columns, values)


@compiled()
def _lay(a, b, amount, unit, ends, columns, values):  # type: ignore[no-untyped-def]
    columns[ends[a]] = b
    values[ends[a]] = np.float32(amount / unit)
    ends[a] += 1
