"""The numbers of attention explained: scores, weights, what is gathered, and all else that is read of one sequence.

They are written out from what the frame holds itself; the labs of all nets that attend tell theirs by this.
"""

import numpy as np

from engine.explanation import Explanation, factor, products, word
from engine.readings import Arrays

CHOOSE = "Choose this head, by a click on it or under Watching, and it is written out with all its numbers."
NOT_KEPT = "That needs what is not kept of each step, so it cannot be written out with its numbers."
PAGED = "beyond.sums"
"""An array that is empty where all that is read is seen; see ``engine.probes.attending.Beyond``."""
READINGS = (
    *("patterns", "pattern_slopes", "rollout", "head", "stream", "inputs", "strongest"),
    *("given_stream", "given_inputs"),
)
STREAM = {
    "length": ("the length of the stream's vector", "√(Σ x²)"),
    "added": ("how far the stream's vector is from the one of the level below", "√(Σ (x − x below)²)"),
    "probability": ("how likely the symbol is that the output layer would tell here", "softmax(head(norm(x)))"),
    "restored": (
        "how far this vector, taken from the other sequence, brings its answer",
        "(d patched − d of this) / (d of the other − d of this), d: sum of the other's symbol − sum of this one's",
    ),
}
INPUTS = {
    "length": ("how much the chosen sum hangs on this symbol", "√(Σ (dz/dx)²) over the numbers of its vector x"),
    "product": ("what the chosen sum owes to this symbol", "Σ dz/dx · x over the numbers of its vector x"),
}


def explain_attending(reading: str, name: str, index: tuple[int, ...], value: float, arrays: Arrays) -> Explanation:
    """Return how a number of one of ``READINGS`` came about: ``value``, at ``index`` of the array ``name`` of it."""
    match reading:
        case "head":
            return _head(name, index, value, arrays)
        case "patterns" | "pattern_slopes":
            return _tile(reading, name, index, value, arrays)
        case "rollout":
            line = "the product over all blocks of (mean pattern of the heads + identity) / 2"
            return Explanation(f"how much of place {index[1]} is in place {index[0]}", value, (line,))
        case "stream" | "given_stream":
            what, line = STREAM[name]
            return Explanation(f"{what}, at place {index[1]}", value, (line,))
        case "inputs" | "given_inputs":
            what, line = INPUTS[name]
            return Explanation(f"{what}, at place {index[1]}", value, (line,))
        case _:
            return Explanation(f"what a neuron is at place {index[1]}", value, (NOT_KEPT,))


def _head(name: str, index: tuple[int, ...], value: float, arrays: Arrays) -> Explanation:
    """Return how a number of the chosen head came about."""
    one, other = index
    match name:
        case "scores":
            return Explanation(f"the score of place {one} for place {other}", value, _score(one, other, value, arrays))
        case "masked":
            score = float(arrays["head.scores"][one, other])
            lines = (*_score(one, other, score, arrays), _mask(score, value))
            return Explanation(f"the score of place {one} for place {other}, behind the mask", value, lines)
        case "pattern":
            lines = _weight(one, other, value, arrays)
            return Explanation(f"the attention that place {one} gives to place {other}", value, lines)
        case "gathered":
            weights, values = arrays["head.pattern"][other], arrays["head.value"][one]
            there = np.isfinite(weights) & np.isfinite(values)
            here, lines = value, ()
            if not arrays["head.gathered"].any() and weights[there].any():
                line = "0, for the head is knocked out: what it gathers is not let through"
                return Explanation(f"number {one} of what place {other} gathers", value, (line,))
            if _sums_of_all(arrays) is not None:
                here = float(weights[there].astype(np.float64) @ values[there].astype(np.float64))
                rest = f"{word(here)} of this page, {factor(value - here)} of the pages that are not seen"
                lines = (f"{rest} = {word(value)}",)
            line = f"{products(weights[there].tolist(), values[there].tolist())} = {word(here)}"
            what = f"number {one} of what place {other} gathers: weights times values of all places"
            return Explanation(what, value, (line, *lines))
        case "slope":
            what = f"how much the chosen sum changes with the attention that place {one} gives to place {other}"
            return Explanation(what, value, ("dz/dA, where this weight could change alone",))
        case _:
            return Explanation(f"number {one} of the {name} of place {other}", value, (NOT_KEPT,))


def _score(one: int, other: int, score: float, arrays: Arrays) -> tuple[str, ...]:
    query, key = arrays["head.query"][:, one], arrays["head.key"][:, other]
    with np.errstate(all="ignore"):  # of a net that has run away
        summed = float(query.astype(np.float64) @ key.astype(np.float64))
    return (
        f"query · key = {products(query.tolist(), key.tolist())} = {word(summed)}",
        f"/ √{len(query)} = {word(summed)} / {word(len(query) ** 0.5)} = {word(score)}",
    )


def _mask(score: float, masked: float) -> str:
    if masked == -np.inf:
        return f"{word(score)} becomes −∞, for nobody looks there"
    return f"{word(score)} + {factor(masked - score)} (for the distance) = {word(masked)}"


def _weight(one: int, other: int, value: float, arrays: Arrays) -> tuple[str, ...]:
    """Return the lines of an attention weight: its score, the mask, and the softmax over the row."""
    score, masked = float(arrays["head.scores"][one, other]), float(arrays["head.masked"][one, other])
    if masked == -np.inf:
        return (_mask(score, masked), "exp(−∞) = 0")
    if not np.isfinite(value):
        return (f"its score is {word(masked)}: the softmax of such a row is no number",)
    row = arrays["head.masked"][one].astype(np.float64)
    row = row[~np.isnan(row)]
    largest = float(row.max())
    total = float(np.exp(row - largest).sum())
    lines: tuple[str, ...] = ()
    if (sums := _sums_of_all(arrays)) is not None:
        whole = float(np.exp(float(sums[one]) - largest))
        lines = (f"of the sum {word(whole)}, {word(max(0.0, whole - total))} is of the pages that are not seen",)
        total = whole
    softmax = f"exp({word(masked)} − {factor(largest)}) / Σ exp(score − {factor(largest)})"
    return (
        *_score(one, other, score, arrays),
        *((_mask(score, masked),) if masked != score else ()),
        f"{softmax} = {word(float(np.exp(masked - largest)))} / {word(total)} = {word(value)}",
        *lines,
    )


def _sums_of_all(arrays: Arrays) -> np.ndarray | None:
    """Return the logarithms of what the softmax divides by, where only a page of a text is seen."""
    found = arrays.get(PAGED)
    return found if found is not None and found.size else None


def _tile(reading: str, name: str, index: tuple[int, ...], value: float, arrays: Arrays) -> Explanation:
    """Return how a number of one of all heads came about; in full where it is the chosen one."""
    block, head, one, other = index
    where = f"head {head} of block {block}, {name.replace('.', ', ')}"
    if np.array_equal(arrays[f"patterns.{name}"][block, head], arrays["head.pattern"], equal_nan=True):
        told = _head("pattern" if reading == "patterns" else "slope", (one, other), value, arrays)
        return Explanation(f"{told.what}: {where}", value, told.lines)
    what = f"the attention that place {one} gives to place {other}"
    if reading == "pattern_slopes":
        what = f"how much the chosen sum changes with {what}"
    return Explanation(f"{what}: {where}", value, (CHOOSE,))
