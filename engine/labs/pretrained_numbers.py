"""The numbers of a model's attention explained: how a weight comes about, from queries and keys to the softmax."""

from collections.abc import Callable, Mapping

import numpy as np

from engine.errors import RunError
from engine.explanation import Cell, Explanation, element, factor, number_in, products, word
from engine.readings import Arrays

NOT_KEPT = "That needs what is not kept of a look, so it cannot be written out with its numbers."
CHOOSE = "Choose block {} and head {} under Watching, and click it there: then it is written out with all its numbers."
OTHERS = {
    "pattern_slopes": "by how much the sum of the likeliest symbol would change with this attention weight",
    "rollout": "by how much this place is made of that symbol, through all blocks",
    "stream.length": "how long the vector of the stream is at this place and level",
    "stream.added": "how long the step is from the level below",
    "stream.probability": "the probability of the symbol that the output layer would tell here",
    "stream.restored": "how far a patch here brings the other sentence's answer",
    "inputs.length": "how long the gradient by the vector of this symbol is",
    "inputs.product": "the gradient by the vector of this symbol, times that vector",
    "strongest": "what this neuron is at this place",
    "head.slope": "by how much the sum of the likeliest symbol would change with this attention weight",
    "choice.told": "how likely the model finds this symbol: the softmax of its sums",
    "choice.drawn": "how likely this symbol is drawn, behind temperature, top k and nucleus",
}
Written = Callable[[Arrays, int, int], tuple[str, ...]]


def explain(step: int, arrays: Arrays, cell: Cell) -> Explanation:
    """Return how a number of a frame came about; raises RunError where there is no such number."""
    value = number_in(arrays, cell)
    reading, _, _ = cell.array.partition(".")
    if reading == "patterns":
        return _of_all(arrays, cell, value)
    if cell.array in _WRITTEN:
        what, written, tensor = _WRITTEN[cell.array]
        at, to = cell.index
        block, head, _ = arrays["where.at"].tolist()
        name = element(f"blocks.{block}.attention.{tensor}", _own_index(cell.array, head, at, to))
        return Explanation(what.format(at, to), value, written(arrays, at, to) if np.isfinite(value) else (), name)
    for known, what in OTHERS.items():
        if known in (cell.array, reading):
            return Explanation(what, value, (NOT_KEPT,))
    raise RunError(f"There is no explanation of {cell.array[:60]!r}: expected a number that is drawn.")


def _of_all(arrays: Arrays, cell: Cell, value: float) -> Explanation:
    """Explain a weight in the grid of all heads: written out where it is of the head that is shown large."""
    block, head, at, to = cell.index
    name = element(f"blocks.{block}.attention.pattern", (head, at, to))
    what = f"how much place {at} looks at place {to}, in head {head} of block {block}"
    shown = tuple(arrays["where.at"][:2].tolist()) == (block, head)
    lines = _weight(arrays, at, to) if shown and np.isfinite(value) else (CHOOSE.format(block, head),)
    return Explanation(what, value, lines, name)


def _own_index(array: str, head: int, at: int, to: int) -> tuple[int, ...]:
    """Return where a number stands in the net's own tensor, whose vectors are rows."""
    is_vector = array.removeprefix("head.") in ("query", "key", "value", "gathered")
    return (head, to, at) if is_vector else (head, at, to)


def _score(arrays: Arrays, at: int, to: int) -> tuple[str, ...]:
    query, key = arrays["head.query"][:, at], arrays["head.key"][:, to]
    summed = products(query.tolist(), key.tolist())
    size, score = len(query), float(arrays["head.scores"][at, to])
    product = float(query.astype(np.float64) @ key.astype(np.float64))
    return (
        f"query of place {at} · key of place {to} = {summed} = {word(product)}",
        f"{factor(product)} / √{size} = {factor(product)} / {word(size**0.5)} = {word(score)}",
    )


def _masked(arrays: Arrays, at: int, to: int) -> tuple[str, ...]:
    masked = float(arrays["head.masked"][at, to])
    if np.isneginf(masked):
        return (*_score(arrays, at, to), f"Place {to} comes later than {at}: the mask makes the score −∞.")
    return (*_score(arrays, at, to), f"The mask leaves it as it is: {word(masked)}")


def _weight(arrays: Arrays, at: int, to: int) -> tuple[str, ...]:
    row = arrays["head.masked"][at].astype(np.float64)
    seen = row[np.isfinite(row)]
    largest = float(seen.max())
    total = float(np.exp(seen - largest).sum())
    masked, weight = float(row[to]), float(arrays["head.pattern"][at, to])
    if np.isneginf(masked):
        return (*_masked(arrays, at, to), "exp(−∞) = 0, so nothing is gathered from there.")
    return (
        *_score(arrays, at, to),
        f"softmax over the {len(seen)} places that place {at} sees, the largest score {word(largest)} taken off each:",
        f"exp({word(masked)} − {factor(largest)}) / {word(total)} = {word(weight)}",
    )


def _gathered(arrays: Arrays, number: int, at: int) -> tuple[str, ...]:
    weights = arrays["head.pattern"][at]
    seen = np.isfinite(weights)
    summed = products(weights[seen].tolist(), arrays["head.value"][number][seen].tolist())
    total = float(weights[seen].astype(np.float64) @ arrays["head.value"][number][seen].astype(np.float64))
    line = f"Σ weight · value = {summed} = {word(total)}"
    gathered = float(arrays["head.gathered"][number, at])
    return (line,) if np.isclose(gathered, total, atol=1e-5) else (line, "The head is knocked out, so it is 0.")


def _by_itself(_arrays: Arrays, _number: int, _at: int) -> tuple[str, ...]:
    return (NOT_KEPT,)


_WRITTEN: Mapping[str, tuple[str, Written, str]] = {
    "head.pattern": ("how much place {0} looks at place {1}", _weight, "pattern"),
    "head.scores": ("how well the query of place {0} fits the key of place {1}", _score, "scores"),
    "head.masked": ("the score of place {1} for place {0}, behind the mask", _masked, "masked"),
    "head.gathered": ("number {0} of what place {1} has gathered", _gathered, "gathered"),
    "head.query": ("number {0} of the query of place {1}", _by_itself, "query"),
    "head.key": ("number {0} of the key of place {1}", _by_itself, "key"),
    "head.value": ("number {0} of the value of place {1}", _by_itself, "value"),
}
