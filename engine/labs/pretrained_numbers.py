"""The numbers of a pretrained model explained: those of its attention, and the probabilities of symbols."""

import numpy as np

from engine.errors import RunError
from engine.explanation import Cell, Explanation, number_in
from engine.labs.attending_numbers import PAGED, READINGS, explain_attending
from engine.readings import Arrays

CHOICE = {
    "told": ("how likely the model finds this symbol", "the softmax of its sums"),
    "drawn": (
        "with which probability this symbol is drawn",
        "behind temperature, top k and nucleus, shares of 1 again",
    ),
}
KNOCKED = "The head is knocked out, so in the place of that stands 0."


def explain(arrays: Arrays, cell: Cell) -> Explanation:
    """Return how a number of a frame came about; raises RunError where there is no such number."""
    value = number_in(arrays, cell)
    reading, _, name = cell.array.partition(".")
    if cell.array == "head.gathered" and arrays[PAGED].size and not np.nan_to_num(arrays["head.gathered"]).any():
        return Explanation(f"number {cell.index[0]} of what place {cell.index[1]} gathers", value, (KNOCKED,))
    if cell.array == "head.gathered" and (lost := _lost(arrays, cell)) is not None:
        told = explain_attending(reading, name, cell.index, lost, arrays)
        return Explanation(told.what, value, (*told.lines, KNOCKED))
    if reading in READINGS:
        return explain_attending(reading, name, cell.index, value, arrays)
    if reading == "choice" and name in CHOICE:
        what, line = CHOICE[name]
        return Explanation(what, value, (line,))
    raise RunError(f"There is no explanation of {cell.array[:60]!r}: expected a number that is drawn.")


def _lost(arrays: Arrays, cell: Cell) -> float | None:
    """Return what a place would have gathered if its head were not knocked out; None where it is not."""
    if np.nan_to_num(arrays["head.gathered"]).any():
        return None
    number, place = cell.index
    weights, values = arrays["head.pattern"][place], arrays["head.value"][number]
    return float(np.nansum(weights.astype(np.float64) * values))
