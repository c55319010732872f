"""The loops of GloVe, compiled: dealing pairs out in a random order, and going through them."""

import numpy as np

from engine.words.train.compiled import compiled, prefetch

LINE = 16
"""Numbers of float32 in a line of the cache."""
AHEAD = 2
"""So many pairs before its turn a pair's numbers are asked of memory: waiting for them took half the time."""
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))


@compiled(fastmath=True)
def descend(pairs, words, contexts, d, rate, bias_rate, clip, cost):  # type: ignore[no-untyped-def]
    """Take a step of AdaGrad for each pair in turn; return ``cost`` plus half of their weighted squared errors.

    ``pairs`` (n,) of PAIR; ``words`` and ``contexts`` (vocabulary, width), of ``engine.words.train.glove_weights``: a
    row is a vector of ``d`` numbers, as many sums of squared steps, the bias, and its sum.
    """
    bias, bias_sum = 2 * d, 2 * d + 1
    for p in range(len(pairs)):
        if p + AHEAD < len(pairs):
            row, column = pairs[p + AHEAD].row, pairs[p + AHEAD].column
            for k in range(0, bias_sum + 1, LINE):
                prefetch(words, (row, k))
                prefetch(contexts, (column, k))
        word, context = words[pairs[p].row], contexts[pairs[p].column]
        w, w_sums = word[:d], word[d:bias]
        c, c_sums = context[:d], context[d:bias]
        product = rate - rate  # zero, in the precision of the rows
        for k in range(d):
            product += w[k] * c[k]
        error = product + word[bias] + context[bias] - pairs[p].log
        weighted = pairs[p].weight * error
        cost += 0.5 * weighted * error
        for k in range(d):
            step_w = rate * min(max(weighted * c[k], -clip), clip)
            step_c = rate * min(max(weighted * w[k], -clip), clip)
            w[k] -= step_w / np.sqrt(w_sums[k])
            c[k] -= step_c / np.sqrt(c_sums[k])
            w_sums[k] += step_w * step_w
            c_sums[k] += step_c * step_c
        step = bias_rate * weighted
        word[bias] -= step / np.sqrt(word[bias_sum])
        context[bias] -= step / np.sqrt(context[bias_sum])
        word[bias_sum] += step * step
        context[bias_sum] += step * step
    return cost


@compiled(fastmath=True)
def cost(pairs, words, contexts, d):  # type: ignore[no-untyped-def]
    """Return half of the weighted squared errors of pairs, and change nothing; see ``descend``."""
    total = 0.0
    for p in range(len(pairs)):
        word, context = words[pairs[p].row], contexts[pairs[p].column]
        error = word[2 * d] + context[2 * d] - pairs[p].log
        for k in range(d):
            error += word[k] * context[k]
        total += 0.5 * pairs[p].weight * error * error
    return total


@compiled()
def _random(seed, n):  # type: ignore[no-untyped-def]
    """Return the n-th random number of 64 bits below a seed: SplitMix64 (Steele, Lea and Flood 2014)."""
    x = seed + (np.uint64(n) + np.uint64(1)) * _GOLDEN
    x = (x ^ (x >> _SHIFTS[0])) * _MIX[0]
    x = (x ^ (x >> _SHIFTS[1])) * _MIX[1]
    return x ^ (x >> _SHIFTS[2])


@compiled()
def fill_buckets(seed, first, last, sizes):  # type: ignore[no-untyped-def]
    """Count how many of the pairs from ``first`` up to ``last`` each bucket gets."""
    for p in range(first, last):
        sizes[_random(seed, p) % np.uint64(len(sizes))] += 1


@compiled()
def deal(seed, first, last, offsets, columns, values, x_max, alpha, ends, pairs):  # type: ignore[no-untyped-def]
    """Put those pairs behind what their buckets hold so far, up to ``ends``, which moves on."""
    row = np.searchsorted(offsets, first, side="right") - 1
    for p in range(first, last):
        while offsets[row + 1] <= p:
            row += 1
        bucket = _random(seed, p) % np.uint64(len(ends))
        pair = pairs[ends[bucket]]
        ends[bucket] += 1
        value = np.float64(values[p])
        pair.row = row
        pair.column = columns[p]
        pair.log = np.log(value)
        pair.weight = (value / x_max) ** alpha if value < x_max else 1.0


@compiled()
def shuffle(seed, halves):  # type: ignore[no-untyped-def]
    """Bring the rows of (n, 2) uint64 into a random order (Fisher and Yates)."""
    for n in range(len(halves) - 1, 0, -1):
        other = _random(seed, n) % np.uint64(n + 1)
        for half in range(2):
            kept = halves[n, half]
            halves[n, half] = halves[other, half]
            halves[other, half] = kept
